/** Where one world is kept between visits: the browser's storage, or a directory. */
import type { RecordedInput } from '../kernel/trace.ts'

export interface StoredWorld {
  /** A save file (`saveFile.ts`). */
  readonly file: Uint8Array
  /** What came in after it, in order. Some may be in the file already: their ids say so. */
  readonly inputs: readonly RecordedInput[]
  /** Virtual time that the world is known to have reached. */
  readonly timeMs: number
}

/** All promises reject when the storage refuses: it is full, forbidden, or gone. */
export interface WorldStore {
  /**
   * Makes this the one owner of what is kept; false if another tab or process is. `takeOver` takes it from that one, whose
   * `onLost` is called.
   */
  acquire(how: { readonly takeOver: boolean }, onLost: () => void): Promise<boolean>
  /** What is kept; null if nothing is. */
  load(): Promise<StoredWorld | null>
  /** Replaces everything kept, inputs too, by `file`, all or nothing. */
  put(file: Uint8Array): Promise<void>
  /** Durable when it resolves. */
  append(inputs: readonly RecordedInput[]): Promise<void>
  /** May be lost in a crash of the machine. */
  mark(timeMs: number): Promise<void>
  release(): Promise<void>
}
