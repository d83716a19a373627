import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { test } from '@playwright/test'
import { createStaticServer } from '../tools/staticServer.ts'

/** Serves the built page, as any static host would, while the tests of a file run; gives its address from the first hook on. `extend` adds to its server. */
export function servePage(extend: (server: Server) => void = () => undefined): () => string {
  const server = createStaticServer(fileURLToPath(new URL('../dist', import.meta.url)))
  extend(server)
  test.beforeAll(() => new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve)))
  test.afterAll(() => {
    server.close()
  })
  return () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}
