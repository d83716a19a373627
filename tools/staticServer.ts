/** Serves a built folder on loopback. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { extname, join, normalize, sep } from 'node:path'
import { refusal } from './rpc/guard.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
}

/** `folder` is absolute. The page's routes live in the URL's fragment or path: an unknown path without a suffix is the page. */
export function createStaticServer(folder: string): Server {
  return createServer((request, response) => {
    void answer(folder, request, response)
  })
}

async function answer(
  folder: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const reason = refusal(request, { allowedOrigins: [] })
  if (reason !== null) return refuse(response, 403, reason)
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return refuse(response, 405, 'Only GET.')
  const path = pathOf(request.url ?? '/')
  if (path === null) return refuse(response, 400, 'The path is malformed.')
  const file = await findFile(folder, path)
  if (file === null) return refuse(response, 404, 'There is no such file.')
  response.setHeader('content-type', TYPES[extname(file)] ?? 'application/octet-stream')
  response.setHeader('cache-control', 'no-cache')
  // Tells the page that a bridge is here, so that it need not knock on hosts that have none.
  response.setHeader('server-timing', 'trex-bridge')
  if (request.method === 'HEAD') {
    response.end()
    return
  }
  createReadStream(file)
    .on('error', () => response.destroy())
    .pipe(response)
}

/** Null for what does not decode or climbs out of the folder. */
function pathOf(url: string): string | null {
  try {
    const path = normalize(decodeURIComponent(new URL(url, 'http://localhost').pathname))
    return path.split(sep).includes('..') || path.includes('\0') ? null : path
  } catch {
    return null
  }
}

async function findFile(folder: string, path: string): Promise<string | null> {
  const isPage = path.endsWith('/') || extname(path) === ''
  const file = join(folder, isPage ? 'index.html' : path)
  const found = await stat(file).catch(() => null)
  return found?.isFile() === true ? file : null
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status
  response.setHeader('content-type', 'text/plain; charset=utf-8')
  response.end(text)
}
