import { configDefaults, defineConfig } from 'vitest/config'

/** Collected only where their condition holds, so that no test is ever skipped. */
const left = [
  process.env['FIXTURES_DIR'] === undefined ? ['**/*.fixtures.test.ts'] : [],
  process.env['LONG_TESTS'] === undefined ? ['**/*.long.test.ts'] : [],
].flat()

/** Unit, contract and simulation tests, in Node; browser tests live in `e2e/` and run by Playwright. */
export default defineConfig({
  test: {
    include: ['workers/**/*.test.ts', 'sdk/**/*.test.ts', 'contracts/test/**/*.test.ts', 'app/**/*.test.{ts,tsx}', 'tools/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...left],
    setupFiles: ['tools/vitest/setup.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
  },
})
