/**
 * One dispute of each phase on anvil: the proposer's trace has one false state after a step of that phase, the challenger's solver counters it down
 * to that step, and the contracts decide it there.
 */
import { type Abi, encodeFunctionData, type Hex, parseEventLogs } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { GameClaim } from '../../workers/rollup/game/claims.ts'
import { ROOT_POSITION } from '../../workers/rollup/game/position.ts'
import { createProver, type GameProver } from '../../workers/rollup/game/prover.ts'
import { nextActions } from '../../workers/rollup/game/solver.ts'
import { initKeccak } from '../../workers/rollup/keccak.ts'
import { createMachine } from '../../workers/rollup/machine/machine.ts'
import { type MachineState, PHASE, type PhaseName } from '../../workers/rollup/machine/types.ts'
import { initSecp256k1 } from '../../workers/rollup/secp256k1.ts'
import * as DisputeGame from '../generated/DisputeGame.ts'
import * as DisputeGameFactory from '../generated/DisputeGameFactory.ts'
import {
  type Anvil,
  classroomGenesis,
  receiptOf,
  replayClassroom,
  startAnvil,
} from './anvilNode.ts'
import { type PostedTrace, postTrace } from './anvilTrace.ts'

const PROPOSER: Hex = '0x00000000000000000000000000000000000a11ce'
const CHALLENGER: Hex = '0x0000000000000000000000000000000000000b0b'
const LAST_INDEX = (1n << 46n) - 1n
const STEP_GAS = 16_777_216n
const MOVES_MAX = 60
const gameAbi = DisputeGame.abi as Abi

describe('a dispute on a real Ethereum node', () => {
  let anvil: Anvil
  let trace: PostedTrace
  let factory: Hex
  beforeAll(async () => {
    await Promise.all([initKeccak(), initSecp256k1()])
    anvil = await startAnvil()
    await replayClassroom(anvil.client)
    factory = classroomGenesis().addresses['disputeGameFactory'] as Hex
    trace = await postTrace(anvil.client)
    for (const address of [PROPOSER, CHALLENGER]) {
      await anvil.client.setBalance({ address, value: 10n ** 24n })
      await anvil.client.impersonateAccount({ address })
    }
  }, 120_000)
  afterAll(() => anvil.stop())

  async function send(from: Hex, to: Hex, data: Hex, value = 0n, gas = 2_000_000n) {
    const { client } = anvil
    const hash = await client.sendTransaction({
      account: from,
      to,
      data,
      value,
      gas,
      chain: null,
      maxFeePerGas: 10n ** 10n,
      maxPriorityFeePerGas: 1n,
    })
    const receipt = await receiptOf(client, hash)
    expect(receipt.status).toBe('success')
    return receipt
  }

  const read = <T>(address: Hex, functionName: string, args: readonly unknown[] = []) =>
    anvil.client.readContract({ address, abi: gameAbi, functionName, args }) as Promise<T>

  async function propose(value: Hex): Promise<Hex> {
    const abi = DisputeGameFactory.abi as Abi
    const bond = (await anvil.client.readContract({
      address: factory,
      abi,
      functionName: 'initBond',
    })) as bigint
    const none: Hex = `0x${'00'.repeat(20)}`
    const data = encodeFunctionData({ abi, functionName: 'create', args: [value, 1n, none] })
    const { logs } = await send(PROPOSER, factory, data, bond, 16_000_000n)
    const [created] = parseEventLogs({ abi, logs, eventName: 'GameCreated' })
    return (created as unknown as { args: { game: Hex } }).args.game
  }

  /** Both sides play by the solver until the leaf is countered; returns the claims and what the decisive step took. */
  async function play(game: Hex, sides: readonly (readonly [Hex, GameProver<MachineState>])[]) {
    const claims: GameClaim[] = [claimOf({ value: await read<Hex>(game, 'rootClaim') })]
    for (let turn = 0; turn < MOVES_MAX; turn++) {
      const [from, prover] = sides[turn % 2] as (typeof sides)[number]
      const [action] = await nextActions(claims, prover)
      if (action === undefined) throw new Error('The solver is at its end.')
      const { claimIndex, attack } = action
      const parent = claims[claimIndex] as GameClaim
      if (action.kind === 'step') {
        const proof = `0x${Buffer.from(await prover.witnessAt(action.traceIndex)).toString('hex')}`
        const args = [BigInt(claimIndex), attack, proof]
        const data = encodeFunctionData({ abi: gameAbi, functionName: 'step', args })
        const { gasUsed } = await send(from, game, data, 0n, STEP_GAS)
        return { claims, claimIndex, from, traceIndex: action.traceIndex, gasUsed }
      }
      const { position, value } = action
      const bond = await read<bigint>(game, 'requiredBond', [position])
      const args = [parent.value, BigInt(claimIndex), value, attack]
      await send(from, game, encodeFunctionData({ abi: gameAbi, functionName: 'move', args }), bond)
      claims.push(claimOf({ index: claims.length, parentIndex: claimIndex, position, value }))
    }
    throw new Error(`The game did not end within ${MOVES_MAX} moves.`)
  }

  it.each(Object.keys(PHASE) as PhaseName[])(
    'is decided at a step of phase %s',
    async (phase) => {
      const { start, context } = trace
      const machine = createMachine(context)
      const honest = remember(createProver({ machine, start }))
      const tampering = trace.tamperingAt(phase)
      const liar = remember(createProver({ machine, start, tampering }))
      const game = await propose(await liar.stateHashAt(LAST_INDEX))
      const played = await play(game, [
        [CHALLENGER, honest],
        [PROPOSER, liar],
      ])
      expect(played.from).toBe(CHALLENGER)
      expect(honest.stateBefore(played.traceIndex).phase).toBe(PHASE[phase])
      expect(played.gasUsed).toBeLessThan(STEP_GAS)
      const leaf = await read<{ counteredBy: Hex }>(game, 'claimAt', [BigInt(played.claimIndex)])
      expect(leaf.counteredBy.toLowerCase()).toBe(CHALLENGER)
      await resolve(game, played.claims.length)
    },
    120_000,
  )

  /** Waits until all clocks are over; the challenger wins. */
  async function resolve(game: Hex, claimCount: number): Promise<void> {
    await anvil.client.increaseTime({ seconds: 10_000 })
    for (let index = claimCount - 1; index >= 0; index--) {
      const args = [BigInt(index)]
      await send(
        CHALLENGER,
        game,
        encodeFunctionData({ abi: gameAbi, functionName: 'resolveClaim', args }),
      )
    }
    await send(CHALLENGER, game, encodeFunctionData({ abi: gameAbi, functionName: 'resolve' }))
    // ChallengerWins
    expect(await read<number>(game, 'status')).toBe(1)
  }
})

/** The solver asks for the hashes of all claims again at every turn. */
function remember(prover: GameProver<MachineState>): GameProver<MachineState> {
  const known = new Map<bigint, Promise<Hex>>()
  const stateHashAt = (index: bigint) => {
    const hash = known.get(index) ?? prover.stateHashAt(index)
    known.set(index, hash)
    return hash
  }
  return { ...prover, stateHashAt }
}

function claimOf(fields: Partial<GameClaim>): GameClaim {
  return {
    index: 0,
    parentIndex: null,
    position: ROOT_POSITION,
    value: '0x',
    claimant: PROPOSER,
    bondWei: 0n,
    clock: { durationSeconds: 0n, timestamp: 0n },
    counteredBy: null,
    resolved: false,
    ...fields,
  }
}
