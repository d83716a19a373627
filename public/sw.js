/* Keeps the page usable offline. `vite.config.ts` writes version and files of the build into these two lines. */
const VERSION = 'development'
const FILES = []

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(VERSION)
      .then((cache) => cache.addAll(FILES))
      .then(() => self.skipWaiting()),
  )
})

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== VERSION).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  )
})

/* The page itself comes from the network as long as there is one; everything else has its content in its name. */
self.addEventListener('fetch', (event) => {
  const { request } = event
  if (request.method !== 'GET' || new URL(request.url).origin !== self.location.origin) return
  if (request.mode === 'navigate') {
    event.respondWith(fetch(request).catch(() => caches.match('./index.html')))
    return
  }
  if (!request.url.includes('/assets/')) return
  event.respondWith(caches.match(request).then((kept) => kept ?? fetchAndKeep(request)))
})

/* What loads on demand is not among the files; it stays once it was used. */
async function fetchAndKeep(request) {
  const response = await fetch(request)
  if (response.ok) {
    const cache = await caches.open(VERSION)
    // A full cache only costs the offline copy.
    cache.put(request, response.clone()).catch(() => undefined)
  }
  return response
}
