import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { buildHash } from './tools/buildHash.ts'
import { connectScript } from './tools/vite/connectScript.ts'
import { precache } from './tools/vite/precache.ts'

/** Relative base: the built folder runs under any path of any static host, without special headers. */
// biome-ignore lint/style/noDefaultExport: Vite reads the default export.
export default defineConfig({
  base: './',
  plugins: [react(), connectScript(), precache()],
  worker: { format: 'es' },
  define: { __BUILD_HASH__: JSON.stringify(buildHash()) },
  build: {
    target: 'es2023',
    chunkSizeWarningLimit: 4_000,
    rolldownOptions: { input: ['index.html', 'connect.html'] },
  },
})
