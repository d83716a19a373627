import { defineConfig } from 'vitest/config'

/** Unit, contract and simulation tests, in Node; browser tests live in `e2e/` and run by Playwright. */
export default defineConfig({
  test: {
    include: ['workers/**/*.test.ts', 'contracts/test/**/*.test.ts', 'app/**/*.test.{ts,tsx}', 'tools/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
  },
})
