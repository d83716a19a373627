/** Reads of an executor's committed state. */
import type { Patience } from '../kernel/patience.ts'
import type { Plain } from '../kernel/role.ts'
import type { RpcRead } from '../protocol/inputs.ts'
import { bytesToHex } from '../rollup/bytes.ts'
import { type GameView, latest } from '../rollup/l1/view.ts'
import { queryDispute } from '../rollup/node/disputeQueries.ts'
import { UnknownQueryError } from './errors.ts'
import { missingState } from './forked.ts'
import { headHeights } from './heads.ts'
import type { ExecutorNode } from './node.ts'
import { stanceOf } from './proposer.ts'

export async function queryExecutor(
  node: ExecutorNode,
  method: string,
  params: Plain,
  patience?: Patience,
): Promise<Plain> {
  const fields = params as { readonly [key: string]: Plain } | null
  switch (method) {
    case 'rpc': {
      const request = params as unknown as RpcRead
      const { nowMs = 0 } = request
      return (await node.rpc.read(request.method, request.params, { nowMs, patience })) as Plain
    }
    case 'rpcKind':
      return node.rpc.kind(String(fields?.method))
    case 'inspect':
      return inspect(node)
    case 'forkMissing':
      return (await missingState(node, params as never, patience)) as unknown as Plain
    default: {
      const dispute = { ...node, stanceOf: (game: GameView) => stanceOf(node, game) }
      const answer = await queryDispute(dispute, method, params)
      if (answer === undefined) throw new UnknownQueryError(method)
      return answer
    }
  }
}

function inspect(node: ExecutorNode): Plain {
  const { ledger, view, courier } = node.core.fields
  const heights = headHeights(node)
  const contents = latest(view)
  const running = [...contents.games.values()].filter((game) => game.outcome === 'inProgress')
  const rows: readonly (readonly [string, string])[] = [
    ['Unsafe head', `${heights.unsafe}`],
    ['Safe head', `${heights.safe}`],
    ['Settled head', `${heights.settled}`],
    ['Finalized head', `${heights.finalized}`],
    ['Head hash', bytesToHex(node.chain.head().hash)],
    ['L1 head', `${view.blocks.at(-1)?.number ?? 0n}`],
    ['Entries derived', `${ledger.verified.length - 1}`],
    ['Ordered view', `${node.fields.order.tipView}`],
    ['Games running', `${running.length}`],
    ['Transactions waiting', `${node.pool.capture().transactions.length}`],
    ['Next L1 nonce', `${courier.sender.nextNonce}`],
    ['Armed', node.fields.armed.join(', ') || 'nothing'],
  ]
  return rows.map(([label, value]) => ({ label, value }))
}
