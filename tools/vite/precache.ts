/** Vite plugin: tells the service worker (`public/sw.js`) which files the build consists of. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import type { Plugin } from 'vite'

/** The Solidity compiler, 9 MB: only who compiles loads it, and the service worker keeps it from then on. */
const ON_DEMAND = /^assets\/soljson-[^/]+\.js$/

export function precache(): Plugin {
  let folder = ''
  return {
    name: 'trex-precache',
    apply: 'build',
    configResolved(config) {
      folder = join(config.root, config.build.outDir)
      if (config.build.outDir.startsWith(sep)) folder = config.build.outDir
    },
    // Not `closeBundle`, which also runs when the build failed, and would hide why behind its own failure.
    writeBundle() {
      const files = listFiles(folder).filter((file) => file !== 'sw.js' && !ON_DEMAND.test(file))
      const version = hashFiles(folder, files)
      const path = join(folder, 'sw.js')
      const text = readFileSync(path, 'utf8')
        .replace(/^const VERSION = .*$/m, `const VERSION = '${version}'`)
        .replace(
          /^const FILES = .*$/m,
          `const FILES = ${JSON.stringify(['./', ...files.map((file) => `./${file}`)])}`,
        )
      writeFileSync(path, text)
    },
  }
}

function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => relative('.', name).split(sep).join('/'))
    .sort()
}

/** Names of assets carry their content's hash; the others are read. */
function hashFiles(folder: string, files: readonly string[]): string {
  const hash = createHash('sha256')
  for (const file of files) {
    hash.update(`${file}\0`)
    if (!file.startsWith('assets/')) hash.update(readFileSync(join(folder, file)))
  }
  return hash.digest('hex').slice(0, 16)
}
