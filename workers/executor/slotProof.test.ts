import { expect, it } from 'vitest'
import type { GameView } from '../rollup/l1/view.ts'
import type { ExecutorNode } from './node.ts'
import { openSlot } from './slotProof.ts'

/** Entry 1 ends with block 2; the node's head is block 20,000. */
function nodeThatKeeps(block: (height: bigint) => unknown): ExecutorNode {
  const blocks = [1n, 1n, 2n].map((entryIndex) => ({ derived: { entryIndex } }))
  const chain = { block, head: () => ({ header: { number: 20_000n } }) }
  return { core: { fields: { ledger: { blocks } } }, chain } as unknown as ExecutorNode
}

it('does not prove from another state where the root’s own is kept no more', () => {
  const asked: bigint[] = []
  const node = nodeThatKeeps((height) => {
    asked.push(height)
    return undefined
  })
  const open = () =>
    openSlot(node, { entryIndex: 1n } as GameView, new Uint8Array(20), new Uint8Array(32))
  expect(open).toThrow('of block 2, which this node keeps no more: its head is 20000.')
  expect(asked).toEqual([2n])
})
