/**
 * A dishonest executor under other names: accounts of its own that L1 cannot tell from strangers. As a freeloader it copies what the
 * challenger claims; as Sybils it floods the game. Aliases know no trace: all that they do is read from L1.
 */
import type { NodeId } from '../kernel/role.ts'
import type { L1Head } from '../protocol/messages.ts'
import { ALIAS_COUNT, aliasName, L1_NODE } from '../protocol/nodes.ts'
import { bytesToHex } from '../rollup/bytes.ts'
import type { GameClaim } from '../rollup/game/claims.ts'
import { challengeDeadline } from '../rollup/game/clock.ts'
import { copyingMoves, floodingMoves } from '../rollup/game/dishonest.ts'
import { type GameCall, moveCall } from '../rollup/game/player.ts'
import { accountAddress, accountKey } from '../rollup/keys.ts'
import { type GameView, latest } from '../rollup/l1/view.ts'
import { isLive, send, sendCalls } from '../rollup/node/core.ts'
import { type Courier, courierHead, dispatchCalls, openCourier } from '../rollup/node/courier.ts'
import type { Parameters } from '../rollup/parameters.ts'
import { change, type ExecutorNode, type Play, type StoredLie } from './node.ts'

/** How many names a play takes; none for those that are played under one's own. */
const ALIASES: Readonly<Record<Play, number>> = {
  'fraud-stall': 0,
  'fraud-several': 0,
  'fraud-freeload': 1,
  'fraud-sybils': ALIAS_COUNT,
}
/** Enough for a copy of every claim of a game. */
const FREELOADER_WEI = 60n * 10n ** 18n
const SYBIL_WEI = 2n * 10n ** 18n
/** Claims that one Sybil makes in one game: bounds the flood, which money bounds on Ethereum. */
const SYBIL_CLAIMS_MAX = 4
const TRANSFER_GAS = 21_000n

/** Funds the aliases of a play from the executor's own account. */
export function beginPlay(node: ExecutorNode, play: Play): void {
  const count = ALIASES[play]
  if (count > node.fields.aliases.length) {
    change(node, { aliases: couriersOf(node.id, node.parameters, count) })
  }
  const valueWei = play === 'fraud-freeload' ? FREELOADER_WEI : SYBIL_WEI
  const fundings = node.fields.aliases.slice(0, count).map(({ account: { address } }) => ({
    label: `fund:${bytesToHex(address)}:${node.core.fields.courier.sender.height}`,
    to: address,
    data: new Uint8Array(0),
    valueWei,
    gasLimit: TRANSFER_GAS,
  }))
  sendCalls(node.core, fundings)
}

/** Accounts of the lies from before a crash. */
export function openAliases(
  id: NodeId,
  parameters: Parameters,
  lies: readonly StoredLie[],
): readonly Courier[] {
  const counts = lies.map(({ play }) => (play === null ? 0 : ALIASES[play]))
  return couriersOf(id, parameters, Math.max(0, ...counts))
}

function couriersOf(id: NodeId, { l1ChainId }: Parameters, count: number): readonly Courier[] {
  return Array.from({ length: count }, (_, index) => {
    const name = aliasName(id, index)
    const privateKey = accountKey(name)
    return openCourier({ chainId: l1ChainId, privateKey, address: accountAddress(name) })
  })
}

/** Follows a head of L1 with every alias, and makes the moves that are due. */
export function playAliases(node: ExecutorNode, head: L1Head): void {
  if (node.fields.aliases.length === 0) return
  const aliases = node.fields.aliases.map((courier, index) => {
    const followed = courierHead(courier, head)
    const due = isLive(node.core) ? dueCalls(node, index) : []
    const { courier: next, raws } = dispatchCalls(followed.courier, due)
    for (const raw of [...followed.raws, ...raws]) {
      send(node.core, L1_NODE, 'l1.sendTransaction', { raw })
    }
    return next
  })
  change(node, { aliases })
}

function dueCalls(node: ExecutorNode, index: number): readonly GameCall[] {
  const { games } = latest(node.core.fields.view)
  return node.fields.lies.flatMap((lie) => {
    if (lie.play === null || index >= ALIASES[lie.play]) return []
    const game = [...games.values()].find(
      ({ rootClaim, startEntry, proposer, outcome }) =>
        rootClaim === lie.rootClaim &&
        startEntry === lie.startEntry &&
        proposer === node.player.account &&
        outcome === 'inProgress',
    )
    if (!game) return []
    const moves = movesOf(node, lie.play, game, index)
    return moves.flatMap((action) => {
      const claim = game.claims[action.claimIndex]
      return claim ? [moveCall(node.player, game, claim, action)] : []
    })
  })
}

function movesOf(node: ExecutorNode, play: Play, { claims }: GameView, index: number) {
  const { core, player, fields } = node
  const addresses = fields.aliases.map(({ account }) => bytesToHex(account.address))
  const account = addresses[index] ?? player.account
  const isOpen = (claim: GameClaim) =>
    challengeDeadline(claims, claim, player.rules) > core.fields.l1Seconds
  const seat = { claims, account, allies: new Set([player.account, ...addresses]), isOpen }
  return play === 'fraud-freeload' ? copyingMoves(seat) : floodingMoves(seat, SYBIL_CLAIMS_MAX)
}

/** Rationale: whoever plays under several names does not fight itself, nor what others answer to its other names. */
export function withoutAliases(
  node: ExecutorNode,
  calls: readonly GameCall[],
): readonly GameCall[] {
  if (node.fields.aliases.length === 0) return calls
  const { games } = latest(node.core.fields.view)
  const aliases = new Set(node.fields.aliases.map(({ account }) => bytesToHex(account.address)))
  return calls.filter(({ action, to }) => {
    const claims = games.get(bytesToHex(to))?.claims ?? []
    let claim = action === null ? undefined : claims[action.claimIndex]
    while (claim && !aliases.has(claim.claimant)) claim = claims[claim.parentIndex ?? -1]
    return claim === undefined
  })
}
