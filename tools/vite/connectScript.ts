/** Vite plugin: `connect.js`, one classic script for pages of other origins, which cannot import modules from here without CORS. */
import { join } from 'node:path'
import { rolldown } from 'rolldown'
import type { Plugin } from 'vite'

export function connectScript(): Plugin {
  let root = ''
  return {
    name: 'trex-connect-script',
    apply: 'build',
    applyToEnvironment: ({ name }) => name === 'client',
    configResolved(config) {
      root = config.root
    },
    async generateBundle() {
      const bundle = await rolldown({ input: join(root, 'app/connect/script.ts') })
      const { output } = await bundle.generate({ format: 'iife', minify: true })
      await bundle.close()
      this.emitFile({ type: 'asset', fileName: 'connect.js', source: output[0].code })
    },
  }
}
