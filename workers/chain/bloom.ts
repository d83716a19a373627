/** Questions to the 2,048-bit filter of logs (Yellow Paper, 4.3.1: M3:2048). */
import { keccak256 } from '../rollup/keccak.ts'
import { BLOOM_SIZE, bloomWithLog, type LoggedEvent, ZERO_BLOOM } from '../rollup/l2Header.ts'

/** Filter of the addresses and topics of `logs`; 256 bytes. */
export function logsBloom(logs: readonly LoggedEvent[]): Uint8Array {
  return logs.reduce(bloomWithLog, ZERO_BLOOM)
}

/** False: no log has this address or topic. True: one may. */
export function isInBloom(bloom: Uint8Array, item: Uint8Array): boolean {
  const hash = keccak256(item)
  return [0, 2, 4].every((at) => {
    const bit = (((hash[at] ?? 0) << 8) | (hash[at + 1] ?? 0)) & 2047
    return ((bloom[BLOOM_SIZE - 1 - (bit >> 3)] ?? 0) & (1 << (bit & 7))) !== 0
  })
}
