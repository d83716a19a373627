/** What observers hear of withdrawals: begun on L2, proven and paid on L1. */
import { decodeEventLog, parseAbi } from 'viem'
import type { L1Head } from '../protocol/messages.ts'
import { bytesToHex, equalBytes } from '../rollup/bytes.ts'
import { type ExecutorNode, report } from './node.ts'
import { passedMessages } from './rollupRpc.ts'

const bridgeAbi = parseAbi([
  'event WithdrawalProven(bytes32 indexed withdrawalHash, address indexed game, address indexed prover)',
  'event WithdrawalFinalized(bytes32 indexed withdrawalHash, address indexed target, uint256 value)',
])

/** Withdrawals that an L2 block began. */
export function reportWithdrawals(node: ExecutorNode, blockNumber: bigint): void {
  for (const message of passedMessages(node, blockNumber)) {
    report(node, 'withdrawal.initiated', {
      hash: message.hash,
      from: message.sender,
      to: message.target,
      amountWei: message.value,
      transactionHash: message.transactionHash,
    })
  }
}

/** Withdrawals that an L1 block proved or paid; one whose call fails reverts and is not logged. */
export function reportBridge(node: ExecutorNode, head: L1Head): void {
  for (const log of head.logs) {
    if (!equalBytes(log.address, node.bridge)) continue
    const [first, ...rest] = log.topics.map(bytesToHex)
    if (first === undefined) continue
    const event = decodeBridge({ topics: [first, ...rest], data: bytesToHex(log.data) })
    if (!event) continue
    const hash = event.args.withdrawalHash
    const transactionHash = bytesToHex(log.transactionHash)
    if (event.eventName === 'WithdrawalProven') {
      report(node, 'withdrawal.proven', { hash, transactionHash })
    } else report(node, 'withdrawal.finalized', { hash, transactionHash, succeeded: true })
  }
}

type Wire = { readonly topics: [`0x${string}`, ...`0x${string}`[]]; readonly data: `0x${string}` }

/** Other events of the bridge are nothing here. */
function decodeBridge(wire: Wire) {
  try {
    return decodeEventLog({ abi: bridgeAbi, ...wire })
  } catch {
    return null
  }
}
