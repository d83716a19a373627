/** Calls of the L1 contracts that the committee makes. A test compares the ABI with the compiled interfaces. */
import { encodeFunctionData, parseAbi } from 'viem'
import type { BatchHeader, Certificate } from '../protocol/messages.ts'
import { signatureToEvm } from '../rollup/bls/encoding.ts'
import { bytesToHex, type Hex, hexToBytes } from '../rollup/bytes.ts'

export const committeeAbi = parseAbi([
  'struct BatchHeader { uint64 index; bytes32 parent; bytes32 versionedHash; bytes32 cellsRoot; uint64 payloadLength; uint64 inboxCount; uint64 originNumber; uint64 firstView; uint64 lastView; }',
  'struct Certificate { uint256 signers; bytes signature; }',
  'struct Vote { uint8 kind; uint64 viewNumber; bytes32 blockHash; bytes signature; }',
  'function postBatch(BatchHeader header, bytes commitment, bytes originHeader, Certificate committee, Certificate data)',
  'function slash(uint256 culprit, Vote first, Vote second)',
])

export interface PostBatchCall {
  readonly header: BatchHeader
  readonly commitment: Uint8Array
  /** RLP of the header of L1 block `header.originNumber`. */
  readonly originHeader: Uint8Array
  readonly committee: Certificate
  readonly data: Certificate
}

export function encodePostBatch(call: PostBatchCall): Uint8Array {
  const { parent, versionedHash, cellsRoot, ...numbers } = call.header
  const header = {
    ...numbers,
    parent: bytesToHex(parent),
    versionedHash: bytesToHex(versionedHash),
    cellsRoot: bytesToHex(cellsRoot),
  }
  const args = [
    header,
    bytesToHex(call.commitment),
    bytesToHex(call.originHeader),
    toL1Certificate(call.committee),
    toL1Certificate(call.data),
  ] as const
  return hexToBytes(encodeFunctionData({ abi: committeeAbi, functionName: 'postBatch', args }))
}

export interface L1Vote {
  readonly kind: number
  readonly viewNumber: bigint
  readonly blockHash: Hex
  /** EIP-2537 form. */
  readonly signature: Hex
}

export function encodeSlash(culprit: number, first: L1Vote, second: L1Vote): Uint8Array {
  const args = [BigInt(culprit), first, second] as const
  return hexToBytes(encodeFunctionData({ abi: committeeAbi, functionName: 'slash', args }))
}

function toL1Certificate({ signers, signature }: Certificate) {
  return { signers: BigInt(signers), signature: bytesToHex(signatureToEvm(signature)) }
}
