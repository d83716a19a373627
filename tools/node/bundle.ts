/** Bundles the worker thread's entry into plain JavaScript, so that threads start in tenths of a second instead of compiling TypeScript each. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'vite'
import { buildHash } from '../buildHash.ts'

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url))
const ENTRY = 'workers/transport/role.node.ts'
const CACHE = join(REPOSITORY, '.cache', 'threads')
const FILE = 'role.node.js'
/** Bundles kept: those of other checkouts of the same folder may still run. */
const KEPT = 3

let bundled: Promise<URL> | undefined

/** URL of the bundle of the present sources; made when there is none. Takes seconds then, nothing otherwise. */
export function bundleRoleWorker(): Promise<URL> {
  // All threads of a process run the same code, also when a file changes meanwhile.
  bundled ??= findOrBundle()
  return bundled
}

async function findOrBundle(): Promise<URL> {
  const folder = join(CACHE, buildHash())
  if (!existsSync(join(folder, FILE))) await bundle(folder)
  return pathToFileURL(join(folder, FILE))
}

async function bundle(folder: string): Promise<void> {
  mkdirSync(CACHE, { recursive: true })
  // Built aside and renamed, so that nobody runs half a bundle.
  const aside = `${folder}.${process.pid}`
  await build({
    root: REPOSITORY,
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: ENTRY,
      outDir: aside,
      target: 'node20',
      minify: false,
      emptyOutDir: true,
      copyPublicDir: false,
      rollupOptions: { output: { entryFileNames: FILE } },
    },
  })
  try {
    renameSync(aside, folder)
  } catch (error) {
    rmSync(aside, { recursive: true, force: true })
    // Somebody else was faster: their bundle is the same.
    if (!existsSync(join(folder, FILE))) throw error
  }
  forgetOld(folder)
}

function forgetOld(current: string): void {
  const folders = readdirSync(CACHE, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && join(CACHE, entry.name) !== current)
    .map((entry) => join(CACHE, entry.name))
  for (const folder of folders.slice(0, Math.max(0, folders.length + 1 - KEPT))) {
    rmSync(folder, { recursive: true, force: true })
  }
}
