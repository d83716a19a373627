/** Roles in Web Workers. Called from the conductor's own worker, so that the page's thread stays free. */
import type { Hosting } from '../simulation/host.ts'
import { createWorkerHosting, type SpawnedWorker } from './workerHosting.ts'

export function createWebHosting(): Hosting {
  return createWorkerHosting((name) =>
    adaptWebWorker(
      new Worker(new URL('./role.worker.ts', import.meta.url), { type: 'module', name }),
    ),
  )
}

function adaptWebWorker(worker: Worker): SpawnedWorker {
  return {
    endpoint: worker,
    onLost: (listener) => {
      worker.addEventListener('error', (event) =>
        listener(event.message || 'It could not be loaded.'),
      )
      worker.addEventListener('messageerror', () => listener('A message could not be read.'))
    },
    terminate: () => worker.terminate(),
  }
}
