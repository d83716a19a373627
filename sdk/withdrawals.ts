/** Withdrawals as calls and logs, for who sends transactions by other means than the actions for viem. */
import { encodeFunctionData, type Hash, type Hex, type Log, parseEventLogs } from 'viem'
import { abi as l1BridgeAbi } from '../contracts/generated/IL1Bridge.ts'
import { abi as passerAbi } from '../contracts/generated/IL2ToL1MessagePasser.ts'
import { toWithdrawal, type WithdrawalProof } from '../workers/protocol/withdrawal.ts'

/** Hashes of the withdrawals that a transaction of L2 began. */
export function withdrawalHashes(
  logs: readonly Pick<Log, 'address' | 'topics' | 'data'>[],
): Hash[] {
  const events = parseEventLogs({ abi: passerAbi, eventName: 'MessagePassed', logs: logs as Log[] })
  return events.map(({ args }) => args.withdrawalHash)
}

/** Call of the L1 bridge that proves a withdrawal. */
export function proveCall(proven: WithdrawalProof): Hex {
  const args = [toWithdrawal(proven), proven.game, proven.proof] as const
  return encodeFunctionData({ abi: l1BridgeAbi, functionName: 'proveWithdrawal', args })
}

/** Call of the L1 bridge that pays a withdrawal which `prover` proved. */
export function finalizeCall(proven: WithdrawalProof, prover: Hex): Hex {
  const args = [toWithdrawal(proven), prover] as const
  return encodeFunctionData({ abi: l1BridgeAbi, functionName: 'finalizeWithdrawal', args })
}
