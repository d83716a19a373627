/** Blobs by what names them (`anvil_getBlobByHash`, `anvil_getBlobsByTransactionHash`). */
import type { MethodTable } from '../chain/rpc/backend.ts'
import { readHash } from '../chain/rpc/params.ts'
import { bytesToHex, equalBytes } from '../rollup/bytes.ts'
import { versionedHash } from '../rollup/data/versionedHash.ts'
import type { L1State } from './state.ts'

/** Null where no blob is kept: they go after some time, as on Ethereum. */
export function blobMethods(stateOf: () => L1State): MethodTable {
  return {
    anvil_getBlobByHash(_, params) {
      const wanted = readHash(params[0], 'hash')
      for (const { blobs, commitments } of stateOf().sidecars.values()) {
        const index = commitments.findIndex((one) => equalBytes(versionedHash(one), wanted))
        const blob = blobs[index]
        if (blob !== undefined) return bytesToHex(blob)
      }
      return null
    },
    anvil_getBlobsByTransactionHash(_, params) {
      const sidecar = stateOf().sidecars.get(bytesToHex(readHash(params[0], 'hash')))
      return sidecar === undefined ? null : sidecar.blobs.map((blob) => bytesToHex(blob))
    },
  }
}
