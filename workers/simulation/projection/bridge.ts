import type { BridgeView, DepositView, WithdrawalView } from '../../protocol/projection.ts'
import type { ReportEvent } from '../../protocol/trace.ts'

const windowMax = 32

export const emptyBridge: BridgeView = { deposits: [], withdrawals: [] }

/** Folds deposits and withdrawals, newest first. */
export function foldBridge(bridge: BridgeView, event: ReportEvent): BridgeView {
  switch (event.type) {
    case 'deposit.queued': {
      if (bridge.deposits.some((deposit) => deposit.index === event.payload.index)) return bridge
      const deposit: DepositView = { ...event.payload, queuedMs: event.timeMs }
      return { ...bridge, deposits: [deposit, ...bridge.deposits].slice(0, windowMax) }
    }
    case 'withdrawal.initiated': {
      if (bridge.withdrawals.some((withdrawal) => withdrawal.hash === event.payload.hash))
        return bridge
      const withdrawal: WithdrawalView = {
        ...event.payload,
        stage: 'initiated',
        stageMs: event.timeMs,
        provenBy: null,
        finalizedBy: null,
      }
      return { ...bridge, withdrawals: [withdrawal, ...bridge.withdrawals].slice(0, windowMax) }
    }
    case 'withdrawal.proven':
      return change(bridge, event.payload.hash, {
        stage: 'proven',
        stageMs: event.timeMs,
        provenBy: event.payload.transactionHash,
      })
    case 'withdrawal.finalized':
      return change(bridge, event.payload.hash, {
        stage: event.payload.succeeded ? 'finalized' : 'failed',
        stageMs: event.timeMs,
        finalizedBy: event.payload.transactionHash,
      })
    default:
      return bridge
  }
}

function change(bridge: BridgeView, hash: string, fields: Partial<WithdrawalView>): BridgeView {
  if (!bridge.withdrawals.some((withdrawal) => withdrawal.hash === hash)) return bridge
  const withdrawals = bridge.withdrawals.map((withdrawal) =>
    withdrawal.hash === hash ? { ...withdrawal, ...fields } : withdrawal,
  )
  return { ...bridge, withdrawals }
}
