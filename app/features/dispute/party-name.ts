import type { PartyView } from '../../../workers/protocol/projection.ts'
import { nodeTitle, shortHash } from '../../ui/format.ts'

/** The node behind an account, and under which of its names it plays; of strangers the address. */
export function partyName({ node, alias, address }: PartyView): string {
  if (node === null) return shortHash(address)
  return alias === 0 ? nodeTitle(node) : `${nodeTitle(node)}, alias ${alias}`
}
