/** A world kept in the browser's own storage (IndexedDB); a Web Lock says which tab owns it. */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import type { RecordedInput } from '../kernel/trace.ts'
import type { WorldStore } from '../simulation/store.ts'

interface Schema extends DBSchema {
  /** `file` and `timeMs` by name. */
  world: { key: string; value: Uint8Array | number }
  /** In the order in which they came. */
  inputs: { key: number; value: RecordedInput }
}

type Database = IDBPDatabase<Schema>

const NAME = 'trex-devnet'
const LOCK = 'trex-devnet-world'

export function createIndexedStore(): WorldStore {
  let opening: Promise<Database> | undefined
  const database = (): Promise<Database> => {
    opening ??= openDatabase()
    return opening
  }
  let release: () => void = () => undefined
  return {
    acquire: ({ takeOver }, onLost) =>
      new Promise((resolve, reject) => {
        const held = new Promise<void>((free) => {
          release = free
        })
        const options = takeOver ? { steal: true } : { ifAvailable: true }
        navigator.locks
          .request(LOCK, options, (lock) => {
            resolve(lock !== null)
            return lock === null ? undefined : held
          })
          .catch((error: unknown) => {
            // The promise of a lock that was held rejects when another tab steals it.
            if ((error as { name?: string }).name === 'AbortError') onLost()
            else reject(error)
          })
      }),
    load: async () => {
      const transaction = (await database()).transaction(['world', 'inputs'])
      const [file, timeMs, inputs] = await Promise.all([
        transaction.objectStore('world').get('file'),
        transaction.objectStore('world').get('timeMs'),
        transaction.objectStore('inputs').getAll(),
      ])
      if (!(file instanceof Uint8Array)) return null
      return { file, inputs, timeMs: typeof timeMs === 'number' ? timeMs : 0 }
    },
    put: async (file) => {
      const transaction = (await database()).transaction(['world', 'inputs'], 'readwrite')
      await Promise.all([
        transaction.objectStore('world').put(file, 'file'),
        transaction.objectStore('world').delete('timeMs'),
        transaction.objectStore('inputs').clear(),
        transaction.done,
      ])
    },
    append: async (inputs) => {
      const transaction = (await database()).transaction('inputs', 'readwrite', {
        durability: 'strict',
      })
      await Promise.all([...inputs.map((input) => transaction.store.add(input)), transaction.done])
    },
    mark: async (timeMs) => {
      await (await database()).put('world', timeMs, 'timeMs')
    },
    release: async () => {
      release()
      const opened = await opening
      opening = undefined
      opened?.close()
    },
  }
}

function openDatabase(): Promise<Database> {
  return openDB<Schema>(NAME, 1, {
    upgrade: (database) => {
      database.createObjectStore('world')
      database.createObjectStore('inputs', { autoIncrement: true })
    },
  })
}
