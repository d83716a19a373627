/**
 * `npm run package`, and before every `npm pack`: builds lib/, what an installed package needs to run without a compiler.
 * The Node side (createDevnet, the headless server, their threads) holds all it imports; the client for viem leaves viem outside, so
 * that a dApp has one viem.
 */
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { dts } from 'rolldown-plugin-dts'
import { build, type InlineConfig } from 'vite'
import { buildHash } from './buildHash.ts'

const REPOSITORY = fileURLToPath(new URL('..', import.meta.url))
const LIB = `${REPOSITORY}lib`
const SERVER = {
  devnet: 'tools/devnet.ts',
  headless: 'tools/headless.ts',
  'world.thread': 'tools/node/world.thread.ts',
  'role.node': 'workers/transport/role.node.ts',
}
const CLIENT = { viem: 'sdk/viem.ts', persona: 'sdk/persona/actions.ts' }

spawnSync('npx', ['tsx', 'tools/contracts.ts'], { cwd: REPOSITORY, stdio: 'inherit' })
rmSync(LIB, { recursive: true, force: true })
const started = performance.now()
await bundle(SERVER, { noExternal: true })
await bundle(CLIENT, { noExternal: true, external: ['viem'] })
await declare({ devnet: SERVER.devnet })
for (const [name, path] of Object.entries(CLIENT)) await declare({ [name]: path })
process.stdout.write(`lib/: built in ${Math.round(performance.now() - started)} ms\n`)

/** Entries and chunks lie in one folder: modules find the threads' entries beside them. */
async function bundle(
  input: Readonly<Record<string, string>>,
  ssr: NonNullable<InlineConfig['ssr']>,
): Promise<void> {
  await build({
    root: REPOSITORY,
    configFile: false,
    logLevel: 'warn',
    define: { __BUILD_HASH__: JSON.stringify(buildHash()) },
    ssr,
    build: {
      ssr: true,
      outDir: LIB,
      target: 'node20',
      emptyOutDir: false,
      copyPublicDir: false,
      chunkSizeWarningLimit: 8_000,
      rollupOptions: {
        input: { ...input },
        output: {
          entryFileNames: '[name].js',
          chunkFileNames: '[name]-[hash].js',
          banner: ({ name }) => (name === 'headless' ? '#!/usr/bin/env node' : ''),
        },
      },
    },
  })
}

/** One .d.ts for the one entry, with the types of everything but viem in it: two entries at once would share a third file. */
async function declare(input: Readonly<Record<string, string>>): Promise<void> {
  const bundled = await rolldown({
    cwd: REPOSITORY,
    input: { ...input },
    external: ['viem', /^viem\//],
    plugins: [dts({ emitDtsOnly: true, tsconfig: 'tsconfig.node.json' })],
  })
  await bundled.write({ dir: LIB, format: 'es' })
  await bundled.close()
}
