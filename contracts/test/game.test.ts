import fc from 'fast-check'
import { encodeAbiParameters, type Hex } from 'viem'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  applyMove,
  applyResolve,
  applyResolveClaim,
  applyStep,
  type GameModel,
  type GameRules,
  openGame,
} from '../../workers/rollup/game/model.ts'
import { movePosition, traceIndex } from '../../workers/rollup/game/position.ts'
import * as DisputeGame from '../generated/DisputeGame.ts'
import type { Contract, Outcome } from './harness.ts'
import {
  AIR_GAP,
  CLOCK,
  createRollup,
  DEPOSIT_ONLY,
  DISPUTE_WINDOW,
  EXTENSION,
  GAME_DEPTH,
  type Rollup,
  stateNumber,
} from './rollup.ts'

const LAST = 2n ** BigInt(GAME_DEPTH)
const ROOT = stateNumber(LAST)
const WRONG = stateNumber(999n)
const NO_GAME: Hex = `0x${'00'.repeat(20)}`
const witness = (number: bigint) => encodeAbiParameters([{ type: 'uint256' }], [number])
/** What an honest claim at a position says. */
const honest = (position: bigint) => stateNumber(traceIndex(position, GAME_DEPTH) + 1n)

let rollup: Rollup
let proposer: Hex
let rival: Hex
beforeEach(async () => {
  rollup = await createRollup()
  proposer = rollup.chain.account(2)
  rival = rollup.chain.account(3)
  await addEntry()
})

/** Appends an entry that is settled at once. */
async function addEntry(): Promise<void> {
  const { chain, inbox } = rollup
  await chain.mine(Number(DEPOSIT_ONLY), 1)
  await chain.send(inbox, 'forceInclude', [chain.headerOf(chain.blockNumber() - 1n).rlp])
}

async function propose(root: Hex, entryIndex = 1n, parent: Hex = NO_GAME): Promise<Contract> {
  const { chain, factory } = rollup
  const value = await chain.read<bigint>(factory, 'initBond')
  const { result } = await chain.send(factory, 'create', [root, entryIndex, parent], {
    from: proposer,
    value,
  })
  return { address: (result as string).toLowerCase() as Hex, abi: DisputeGame.abi }
}

interface Claim {
  readonly position: bigint
  readonly value: Hex
  readonly claimant: Hex
  readonly counteredBy: Hex
  readonly resolved: boolean
}

const claimAt = (game: Contract, index: number) =>
  rollup.chain.read<Claim>(game, 'claimAt', [BigInt(index)])

async function move(
  game: Contract,
  parent: number,
  isAttack: boolean,
  value: Hex,
  from: Hex,
): Promise<Outcome> {
  const { position, value: disputed } = await claimAt(game, parent)
  const bond = await rollup.chain.read<bigint>(game, 'requiredBond', [
    movePosition(position, isAttack),
  ])
  return rollup.chain.attempt(game, 'move', [disputed, BigInt(parent), value, isAttack], {
    from,
    value: bond,
  })
}

const step = (game: Contract, claim: number, isAttack: boolean, number: bigint, from = rival) =>
  rollup.chain.attempt(game, 'step', [BigInt(claim), isAttack, witness(number)], { from })
const errorOf = async (outcome: Promise<Outcome>) => (await outcome).error?.name ?? ''
const call = (game: Contract, name: string, args: readonly unknown[] = []) =>
  rollup.chain.attempt(game, name, args)
const wait = (seconds: bigint) => rollup.chain.mine(1, Number(seconds))

/** Attacks down the left edge, both sides lying as told, until the leaf at trace index 0. */
async function descend(
  game: Contract,
  valueAt: (position: bigint, depth: number) => Hex,
): Promise<number> {
  let position = 1n
  for (let depth = 1; depth <= GAME_DEPTH; depth++) {
    position = movePosition(position, true)
    const outcome = await move(
      game,
      depth - 1,
      true,
      valueAt(position, depth),
      depth % 2 === 1 ? rival : proposer,
    )
    expect(outcome.error).toBeUndefined()
  }
  return GAME_DEPTH
}

describe('a proposal', () => {
  it('needs the bond, a settled entry after its start, and a game that is not lost as parent', async () => {
    const { chain, factory } = rollup
    const value = await chain.read<bigint>(factory, 'initBond')
    const attempt = (args: readonly unknown[], wei = value) =>
      chain.errorOf(factory, 'create', args, { value: wei })
    expect(await attempt([ROOT, 1n, NO_GAME], value - 1n)).toBe('DisputeGameFactory_WrongBond')
    expect(await attempt([ROOT, 0n, NO_GAME])).toBe('DisputeGameFactory_EntryNotNew')
    expect(await attempt([ROOT, 2n, NO_GAME])).toBe('DisputeGameFactory_EntryNotSettled')
    expect(await attempt([ROOT, 1n, proposer])).toBe('DisputeGameFactory_UnknownParent')
    expect(await attempt([ROOT, 1n, NO_GAME])).toBe('')
    expect(await attempt([ROOT, 1n, NO_GAME])).toBe('DisputeGameFactory_GameExists')
    expect(await attempt([WRONG, 1n, NO_GAME])).toBe('')
  })

  it('that nobody disputes wins after the dispute window and is final after the air gap', async () => {
    const { chain, anchors } = rollup
    const game = await propose(ROOT)
    await wait(CLOCK)
    await chain.send(game, 'resolveClaim', [0n])
    expect(await errorOf(call(game, 'resolve'))).toBe('DisputeGame_DisputeWindowOpen')
    await wait(DISPUTE_WINDOW - CLOCK)
    await chain.send(game, 'resolve')
    expect(await chain.read(game, 'status')).toBe(2)
    expect(await chain.errorOf(anchors, 'finalize', [game.address])).toBe(
      'AnchorRegistry_AirGapOpen',
    )
    expect(await errorOf(call(game, 'claimCredit', [proposer]))).toBe('DisputeGame_AirGapOpen')
    await wait(AIR_GAP)
    const { logs } = await chain.send(anchors, 'finalize', [game.address])
    expect(logs[0]).toMatchObject({ name: 'RootFinalized', args: { root: ROOT, entryIndex: 1n } })
    expect(await chain.read(anchors, 'anchor')).toEqual([ROOT, 1n])
    expect(await chain.errorOf(anchors, 'finalize', [game.address])).toBe(
      'AnchorRegistry_AlreadyFinal',
    )
    const before = await chain.balanceOf(proposer)
    await chain.send(game, 'claimCredit', [proposer])
    expect((await chain.balanceOf(proposer)) - before).toBe(
      await chain.read(rollup.factory, 'initBond'),
    )
    expect(await errorOf(call(game, 'claimCredit', [proposer]))).toBe('DisputeGame_NoCredit')
    expect(await chain.balanceOf(game.address)).toBe(0n)
  })
})

describe('a move', () => {
  it('is refused for a wrong bond, disputed value, unknown claim, defence of the root, or twice', async () => {
    const { chain } = rollup
    const game = await propose(ROOT)
    const bond = await chain.read<bigint>(game, 'requiredBond', [2n])
    const attempt = (args: readonly unknown[], value = bond) =>
      chain.errorOf(game, 'move', args, { value })
    expect(await attempt([ROOT, 0n, WRONG, true], bond + 1n)).toBe('DisputeGame_WrongBond')
    expect(await attempt([WRONG, 0n, WRONG, true])).toBe('DisputeGame_WrongDisputedClaim')
    expect(await attempt([ROOT, 1n, WRONG, true])).toBe('DisputeGame_NoSuchClaim')
    expect(await attempt([ROOT, 0n, WRONG, false])).toBe('DisputeGame_CannotDefendRoot')
    expect(await attempt([ROOT, 0n, WRONG, true])).toBe('')
    expect(await attempt([ROOT, 0n, WRONG, true])).toBe('DisputeGame_ClaimExists')
    expect(await attempt([ROOT, 0n, stateNumber(7n), true])).toBe('')
  })

  it('tells observers everything in its event', async () => {
    const game = await propose(ROOT)
    await wait(7n)
    const { logs } = await move(game, 0, true, honest(2n), rival)
    expect(logs[0]).toMatchObject({
      name: 'Moved',
      args: {
        claimIndex: 1n,
        parentIndex: 0n,
        position: 2n,
        value: honest(2n),
        isAttack: true,
        clockDuration: 7n,
        clockTimestamp: rollup.chain.timestamp(),
      },
    })
  })

  it('costs 0.08 ETH at the root and 1.09493 times more at each depth', async () => {
    const game = await propose(ROOT)
    for (const depth of [0, 1, 20, 45]) {
      const bond =
        Number(await rollup.chain.read<bigint>(game, 'requiredBond', [2n ** BigInt(depth)])) / 1e18
      expect(bond).toBeCloseTo(0.08 * 1.09493 ** depth, 9)
    }
  })

  it("comes too late when the side's clock ran out", async () => {
    const game = await propose(ROOT)
    await wait(CLOCK - 1n)
    expect((await move(game, 0, true, WRONG, rival)).reverted).toBe(false)
    await wait(1n)
    expect(await errorOf(move(game, 0, true, stateNumber(7n), rival))).toBe(
      'DisputeGame_ClockExpired',
    )
  })

  it('at the last moment leaves its side the extension', async () => {
    const game = await propose(ROOT)
    await wait(CLOCK - 1n)
    await move(game, 0, true, WRONG, rival)
    const claim = await rollup.chain.read<{ clockDuration: bigint }>(game, 'claimAt', [1n])
    expect(claim.clockDuration).toBe(CLOCK - EXTENSION)
  })
})

describe('a step', () => {
  it('refutes a false leaf, and whoever finds the first difference takes the root bond', async () => {
    const { chain } = rollup
    // The proposer lies everywhere, the rival is honest; they meet at trace index 0.
    const game = await propose(WRONG)
    const leaf = await descend(game, (position, depth) =>
      depth % 2 === 1 ? honest(position) : WRONG,
    )
    const outcome = await step(game, leaf, true, 0n)
    expect(outcome.logs[0]).toMatchObject({
      name: 'Stepped',
      args: { traceIndex: 0n, preState: stateNumber(0n), postState: stateNumber(1n) },
    })
    expect(await errorOf(step(game, leaf, true, 0n))).toBe('DisputeGame_AlreadyCountered')
    await wait(CLOCK * 2n)
    for (let claim = leaf; claim >= 0; claim--)
      await chain.send(game, 'resolveClaim', [BigInt(claim)])
    await chain.send(game, 'resolve')
    expect(await chain.read(game, 'status')).toBe(1)
    expect((await chain.read<Hex>(game, 'rootWinner')).toLowerCase()).toBe(rival)
    await wait(AIR_GAP)
    await chain.send(game, 'claimCredit', [rival])
    expect(await errorOf(call(game, 'claimCredit', [proposer]))).toBe('DisputeGame_NoCredit')
    expect(await chain.balanceOf(game.address)).toBe(0n)
  })

  it('cannot refute a true leaf, and a false challenge loses its bonds', async () => {
    const { chain } = rollup
    const game = await propose(ROOT)
    const leaf = await descend(game, (position, depth) =>
      depth % 2 === 1 ? WRONG : honest(position),
    )
    expect(await errorOf(step(game, leaf, true, 0n))).toBe('DisputeGame_ValidStep')
    expect(await errorOf(step(game, leaf, true, 1n))).toBe('TestVerifier_WrongWitness')
    expect(await errorOf(step(game, leaf, false, 1n))).toBe('DisputeGame_ValidStep')
    await wait(CLOCK * 2n)
    for (let claim = leaf; claim >= 0; claim--)
      await chain.send(game, 'resolveClaim', [BigInt(claim)])
    await chain.send(game, 'resolve')
    await wait(AIR_GAP)
    const before = await chain.balanceOf(proposer)
    const pot = await chain.balanceOf(game.address)
    await chain.send(game, 'claimCredit', [proposer])
    expect((await chain.balanceOf(proposer)) - before).toBe(pot)
  })

  it('is for leaves that stand', async () => {
    const game = await propose(WRONG)
    expect(await errorOf(step(game, 0, true, 0n))).toBe('DisputeGame_NotALeaf')
    const leaf = await descend(game, (position, depth) =>
      depth % 2 === 1 ? honest(position) : WRONG,
    )
    await wait(CLOCK * 2n)
    await rollup.chain.send(game, 'resolveClaim', [BigInt(leaf)])
    expect(await errorOf(step(game, leaf, true, 0n))).toBe('DisputeGame_ClaimAlreadyResolved')
    expect(await errorOf(move(game, leaf, true, WRONG, rival))).toBe(
      'DisputeGame_ClaimAlreadyResolved',
    )
  })
})

describe('resolution', () => {
  it('waits for clocks and children', async () => {
    const game = await propose(ROOT)
    await wait(20n)
    await move(game, 0, true, WRONG, rival)
    expect(await errorOf(call(game, 'resolveClaim', [0n]))).toBe('DisputeGame_ClockNotExpired')
    await wait(CLOCK)
    expect(await errorOf(call(game, 'resolveClaim', [0n]))).toBe('DisputeGame_ChildrenUnresolved')
    expect(await errorOf(call(game, 'resolve'))).toBe('DisputeGame_ChildrenUnresolved')
    expect(await errorOf(call(game, 'resolveClaim', [1n]))).toBe('')
    expect(await errorOf(call(game, 'resolveClaim', [0n]))).toBe('')
    expect(await errorOf(call(game, 'resolveClaim', [0n]))).toBe('DisputeGame_ClaimAlreadyResolved')
    expect(await errorOf(call(game, 'resolve'))).toBe('')
    expect(await errorOf(call(game, 'resolve'))).toBe('DisputeGame_NotInProgress')
  })

  it('gives the bond to the leftmost counter, and among equals to the first, in whatever order they resolve', async () => {
    const { chain } = rollup
    for (const order of [
      [2, 3, 4],
      [4, 3, 2],
      [3, 4, 2],
    ]) {
      await (async () => {
        const game = await propose(stateNumber(BigInt(5_000 + (order[0] ?? 0))))
        await move(game, 0, true, WRONG, rival)
        await move(game, 1, false, stateNumber(1n), chain.account(20))
        await move(game, 1, true, stateNumber(2n), chain.account(21))
        await move(game, 1, true, stateNumber(3n), chain.account(22))
        await wait(CLOCK * 2n)
        for (const claim of [...order, 1, 0])
          await chain.send(game, 'resolveClaim', [BigInt(claim)])
        expect((await claimAt(game, 1)).counteredBy.toLowerCase()).toBe(chain.account(21))
      })()
    }
  })

  it("makes a game on a lost parent lost: bonds go back, the root's to whoever brought the parent down", async () => {
    const { chain } = rollup
    await addEntry()
    const parent = await propose(WRONG)
    const child = await propose(stateNumber(77n), 2n, parent.address)
    await move(child, 0, true, WRONG, chain.account(20))
    await move(parent, 0, true, honest(2n), rival)
    expect(await errorOf(call(child, 'resolve'))).toBe('DisputeGame_ParentInProgress')
    await wait(CLOCK * 2n)
    await chain.send(parent, 'resolveClaim', [1n])
    await chain.send(parent, 'resolveClaim', [0n])
    await chain.send(parent, 'resolve')
    await chain.send(child, 'resolve')
    expect(await chain.read(child, 'status')).toBe(1)
    expect(await chain.read(child, 'distribution')).toBe(3)
    expect((await chain.read<Hex>(child, 'rootWinner')).toLowerCase()).toBe(rival)
    await wait(AIR_GAP)
    const bond = await chain.read<bigint>(rollup.factory, 'initBond')
    expect(await chain.read(child, 'creditOf', [rival])).toBe(bond)
    expect(await chain.read(child, 'creditOf', [proposer])).toBe(0n)
    await chain.send(child, 'claimCredit', [rival])
    await chain.send(child, 'claimCredit', [chain.account(20)])
    expect(await chain.balanceOf(child.address)).toBe(0n)
    const value = bond
    expect(
      await chain.errorOf(rollup.factory, 'create', [ROOT, 2n, parent.address], { value }),
    ).toBe('DisputeGameFactory_ParentLost')
  })

  it('makes a child final only after its parent', async () => {
    const { chain, anchors } = rollup
    await addEntry()
    const parent = await propose(ROOT)
    const child = await propose(stateNumber(77n), 2n, parent.address)
    await wait(DISPUTE_WINDOW)
    for (const game of [parent, child]) {
      await chain.send(game, 'resolveClaim', [0n])
      await chain.send(game, 'resolve')
    }
    await wait(AIR_GAP)
    expect(await chain.errorOf(anchors, 'finalize', [child.address])).toBe(
      'AnchorRegistry_ParentNotFinal',
    )
    await chain.send(anchors, 'finalize', [parent.address])
    await chain.send(anchors, 'finalize', [child.address])
    expect(await chain.read(anchors, 'anchor')).toEqual([stateNumber(77n), 2n])
  })
})

describe('the guardian', () => {
  it('can refund a game and keep it from being final, but nobody else can', async () => {
    const { chain, anchors, guardian } = rollup
    const game = await propose(WRONG)
    await move(game, 0, true, honest(2n), rival)
    expect(await chain.errorOf(anchors, 'blacklist', [game.address])).toBe(
      'AnchorRegistry_NotGuardian',
    )
    expect(await chain.errorOf(anchors, 'blacklist', [rival], { from: guardian })).toBe(
      'AnchorRegistry_UnknownGame',
    )
    await chain.send(anchors, 'blacklist', [game.address], { from: guardian })
    await wait(CLOCK * 2n)
    await chain.send(game, 'resolveClaim', [1n])
    await chain.send(game, 'resolveClaim', [0n])
    await chain.send(game, 'resolve')
    await wait(AIR_GAP)
    expect(await chain.read(game, 'distribution')).toBe(2)
    const bonds = [
      await chain.read<bigint>(game, 'requiredBond', [1n]),
      await chain.read<bigint>(game, 'requiredBond', [2n]),
    ]
    expect(await chain.read(game, 'creditOf', [proposer])).toBe(bonds[0])
    expect(await chain.read(game, 'creditOf', [rival])).toBe(bonds[1])
    await chain.send(game, 'claimCredit', [proposer])
    await chain.send(game, 'claimCredit', [rival])
    expect(await chain.balanceOf(game.address)).toBe(0n)
    expect(await chain.errorOf(anchors, 'finalize', [game.address])).toBe(
      'AnchorRegistry_Blacklisted',
    )
  })

  it('hands its role over', async () => {
    const { chain, anchors, guardian } = rollup
    expect(await chain.errorOf(anchors, 'setGuardian', [rival])).toBe('AnchorRegistry_NotGuardian')
    await chain.send(anchors, 'setGuardian', [rival], { from: guardian })
    expect(await chain.errorOf(anchors, 'setGuardian', [rival], { from: guardian })).toBe(
      'AnchorRegistry_NotGuardian',
    )
  })
})

describe('games and strangers', () => {
  it('are initialized by the factory alone', async () => {
    const { chain, game } = rollup
    const args = [proposer, ROOT, 1n, NO_GAME, ROOT, 0n]
    expect(await chain.errorOf(game, 'initialize', args)).toBe('DisputeGame_NotFactory')
    const own = await propose(ROOT)
    expect(await chain.errorOf(own, 'initialize', args)).toBe('DisputeGame_NotFactory')
    expect(await chain.errorOf(own, 'initialize', args, { from: rollup.factory.address })).toBe(
      'DisputeGame_AlreadyInitialized',
    )
    expect(await errorOf(call(game, 'resolve'))).toBe('DisputeGame_NotInProgress')
  })
})

describe('random games', () => {
  type Action =
    | {
        readonly kind: 'move'
        readonly claim: number
        readonly attack: boolean
        readonly lie: boolean
        readonly by: number
      }
    | {
        readonly kind: 'step'
        readonly claim: number
        readonly attack: boolean
        readonly by: number
      }
    | { readonly kind: 'resolve'; readonly claim: number }
    | { readonly kind: 'wait'; readonly seconds: number }
  const action: fc.Arbitrary<Action> = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constant('move' as const),
        claim: fc.nat(12),
        attack: fc.boolean(),
        lie: fc.boolean(),
        by: fc.nat(2),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('step' as const),
        claim: fc.nat(12),
        attack: fc.boolean(),
        by: fc.nat(2),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant('resolve' as const), claim: fc.nat(12) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('wait' as const), seconds: fc.nat(60) }),
    },
  )

  it('go as the model in TypeScript says', async () => {
    const numbers = new Map<Hex, bigint>()
    for (let i = 0n; i <= LAST; i++) numbers.set(stateNumber(i), i)
    await fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        fc.array(action, { minLength: 10, maxLength: 60 }),
        async (isTrue, actions) => {
          rollup = await createRollup()
          await addEntry()
          const { chain } = rollup
          const rootValue = isTrue ? ROOT : WRONG
          const game = await propose(rootValue)
          const bonds: bigint[] = []
          for (let depth = 0; depth <= GAME_DEPTH; depth++) {
            bonds.push(await chain.read<bigint>(game, 'requiredBond', [2n ** BigInt(depth)]))
          }
          const rules: GameRules = {
            maxClockSeconds: CLOCK,
            extensionSeconds: EXTENSION,
            maxDepth: GAME_DEPTH,
            bondAt: (depth) => bonds[depth] ?? 0n,
            execute: (state) =>
              numbers.has(state) ? stateNumber((numbers.get(state) ?? 0n) + 1n) : null,
          }
          let model: GameModel = openGame({
            rules,
            absolutePrestate: stateNumber(0n),
            rootValue,
            proposer,
            nowSeconds: chain.timestamp(),
          })
          const perform = async (item: Action) => {
            const now = chain.timestamp()
            const tried = attemptOnModel(model, item, now, chain.account)
            model = tried.model
            if (item.kind === 'wait') return wait(BigInt(item.seconds))
            if (item.claim >= (await chain.read<bigint>(game, 'claimCount'))) return
            const outcome = await attemptOnChain(game, item, numbers)
            expect([item, outcome.error?.name, outcome.reverted]).toEqual([
              item,
              outcome.error?.name,
              tried.refused,
            ])
          }
          for (const item of actions) await perform(item)
          await wait(CLOCK * 3n)
          for (let claim = model.claims.length - 1; claim >= 0; claim--)
            await perform({ kind: 'resolve', claim })
          await chain.send(game, 'resolve')
          model = applyResolve(model)
          expect(await chain.read(game, 'status')).toBe(model.status === 'defenderWins' ? 2 : 1)
          for (const account of [proposer, ...[0, 1, 2].map((i) => chain.account(20 + i))]) {
            expect(await chain.read(game, 'creditOf', [account])).toBe(
              model.credits.get(account) ?? 0n,
            )
          }
        },
      ),
      { numRuns: 25 },
    )
  }, 120_000)

  function claimedBy(model: GameModel, item: Action & { kind: 'move' }): Hex {
    const claim = model.claims[item.claim]
    if (claim === undefined || item.lie) return WRONG
    return honest(movePosition(claim.position, item.attack))
  }

  function attemptOnModel(
    model: GameModel,
    item: Action,
    nowSeconds: bigint,
    account: (index: number) => Hex,
  ) {
    try {
      if (item.kind === 'wait') return { model, refused: false }
      if (item.kind === 'resolve')
        return { model: applyResolveClaim(model, item.claim, nowSeconds), refused: false }
      const claimant = account(20 + item.by)
      const { claim: claimIndex, attack } = item
      if (item.kind === 'step')
        return { model: applyStep(model, { claimIndex, attack, claimant }), refused: false }
      return {
        model: applyMove(model, {
          claimIndex,
          attack,
          claimant,
          nowSeconds,
          value: claimedBy(model, item),
        }),
        refused: false,
      }
    } catch {
      return { model, refused: true }
    }
  }

  async function attemptOnChain(
    game: Contract,
    item: Exclude<Action, { kind: 'wait' }>,
    numbers: ReadonlyMap<Hex, bigint>,
  ): Promise<Outcome> {
    const { chain } = rollup
    if (item.kind === 'resolve') return chain.attempt(game, 'resolveClaim', [BigInt(item.claim)])
    const from = chain.account(20 + item.by)
    const claim = await claimAt(game, item.claim)
    if (item.kind === 'move') {
      return move(
        game,
        item.claim,
        item.attack,
        item.lie ? WRONG : honest(movePosition(claim.position, item.attack)),
        from,
      )
    }
    // The witness is the number behind the state from which the step starts; nobody can prove a step from a false state.
    for (const number of numbers.values()) {
      const outcome = await step(game, item.claim, item.attack, number, from)
      if (outcome.error?.name !== 'TestVerifier_WrongWitness') return outcome
    }
    return step(game, item.claim, item.attack, 0n, from)
  }
})

it('no wei is left in a game whose credits are all paid', async () => {
  const { chain } = rollup
  const game = await propose(ROOT)
  await move(game, 0, true, WRONG, rival)
  await move(game, 1, true, honest(4n), proposer)
  await wait(CLOCK * 2n)
  for (const claim of [2n, 1n, 0n]) await chain.send(game, 'resolveClaim', [claim])
  await chain.send(game, 'resolve')
  await wait(AIR_GAP)
  await chain.send(game, 'claimCredit', [proposer])
  expect(await chain.balanceOf(game.address)).toBe(0n)
})
