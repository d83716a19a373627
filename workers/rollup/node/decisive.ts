/** The step that decides a game, in full: what the inspector shows. */
import { bytesToHex, type Hex } from '../bytes.ts'
import type { GameClaim } from '../game/claims.ts'
import { MAX_DEPTH, splitTraceIndex, traceIndex } from '../game/position.ts'
import type { GameView } from '../l1/view.ts'
import { placeOf, type SlotDescription, type StepPlace, slotOf } from '../machine/describe.ts'
import { type Field, machineFields } from '../machine/fields.ts'
import { stateHash } from '../machine/hash.ts'
import { noParts, type Parts } from '../machine/parts.ts'
import { isBoundary, partsOf } from '../machine/step.ts'
import { type MachineState, PHASE, type Phase } from '../machine/types.ts'
import { type WitnessPart, witnessParts } from '../machine/witnessParts.ts'
import { type AccountAround, accountsAround } from './accountsAround.ts'
import { type L2Prover, machineSource, type TraceSource } from './traces.ts'

/** Structurally `DecisiveStepDetails` of the protocol. */
export interface DecisiveDetails {
  readonly step: StepPlace
  readonly before: readonly Field[]
  readonly beforeHash: Hex
  readonly honest: readonly Field[]
  readonly honestHash: Hex
  /** Empty if the loser never claimed a state there, but denied the right one. */
  readonly claimedHash: string
  readonly claimed: readonly Field[]
  readonly slot: SlotAround | null
  readonly accounts: readonly AccountAround[]
  readonly verifier: string
  readonly witnessBytes: number
  readonly witness: readonly WitnessPart[]
}

interface SlotAround extends Omit<SlotDescription, 'value'> {
  readonly before: Hex
  readonly honest: Hex
  readonly claimed: Hex | null
}

export interface DecisiveInput {
  readonly game: GameView
  readonly source: TraceSource
  readonly prover: L2Prover
  /** The step to show: the one that L1 accepted, or one that it executed and refused. */
  readonly step: { readonly claimIndex: number; readonly traceIndex: bigint }
  /** The liar's state after the step, if this node is the liar. */
  readonly claimed: MachineState | null
}

export async function decisiveDetails(input: DecisiveInput): Promise<DecisiveDetails> {
  const { prover, claimed } = input
  const index = input.step.traceIndex
  const before = prover.stateBefore(index)
  const honest = prover.stateAfter(index)
  const { length: witnessBytes } = await prover.witnessAt(index)
  const honestHash = bytesToHex(stateHash(honest))
  return {
    step: placeOf(before, index),
    before: machineFields(before),
    beforeHash: bytesToHex(stateHash(before)),
    honest: machineFields(honest),
    honestHash,
    claimedHash: claimedHash(input, honestHash),
    claimed: claimed === null ? [] : machineFields(claimed),
    slot: slotAround(before, honest, claimed),
    accounts: accountsAround({ before, honest, claimed, proposer: input.game.proposer }),
    verifier: verifierOf(before),
    witnessBytes,
    witness: witnessParts(before, takenParts(input, before, index), witnessBytes),
  }
}

function takenParts({ game, source }: DecisiveInput, before: MachineState, index: bigint): Parts {
  const isStutter = isBoundary(before.phase) && splitTraceIndex(index).step !== 0n
  if (isStutter) return noParts()
  const endEntry = game.entryIndex + 1n
  return partsOf(before, { source: machineSource(source), endEntry, rules: source.rules })
}

function slotAround(
  before: MachineState,
  honest: MachineState,
  claimed: MachineState | null,
): SlotAround | null {
  const slot = slotOf(before, before)
  if (!slot) return null
  const { value, ...place } = slot
  return {
    ...place,
    before: value,
    honest: slotOf(before, honest)?.value ?? value,
    claimed: claimed && (slotOf(before, claimed)?.value ?? value),
  }
}

/**
 * What was claimed to stand after the proven step: the leaf's value, or that of the nearest claim above it for the index.
 * Rationale: a defence may end at the winner's own claim, which the loser denied by the leaf before it; then only the liar knows what
 * it would have claimed.
 */
function claimedHash({ game, step, claimed }: DecisiveInput, honestHash: Hex): string {
  let claim: GameClaim | undefined = game.claims[step.claimIndex]
  while (claim && traceIndex(claim.position, MAX_DEPTH) !== step.traceIndex) {
    claim = claim.parentIndex === null ? undefined : game.claims[claim.parentIndex]
  }
  if (claim && claim.value !== honestHash) return claim.value
  return claimed === null ? '' : bytesToHex(stateHash(claimed))
}

/** Contracts by first and last opcode, as `OneStepVerifier.opcodeMember` chooses them; the first match counts. */
const OPCODE_VERIFIERS: readonly (readonly [number, number, string])[] = [
  [0x01, 0x0b, 'ArithmeticStep'],
  [0x10, 0x1e, 'ArithmeticStep'],
  [0x20, 0x20, 'MemoryStep'],
  [0x37, 0x37, 'MemoryStep'],
  [0x39, 0x39, 'MemoryStep'],
  [0x3c, 0x3c, 'MemoryStep'],
  [0x3e, 0x3e, 'MemoryStep'],
  [0x30, 0x4a, 'EnvironmentStep'],
  [0x50, 0x50, 'StackStep'],
  [0x51, 0x53, 'MemoryStep'],
  [0x54, 0x55, 'StorageStep'],
  [0x59, 0x5a, 'StackStep'],
  [0x5c, 0x5d, 'StorageStep'],
  [0x5e, 0x5e, 'MemoryStep'],
  [0x5f, 0x9f, 'StackStep'],
  [0xa0, 0xa4, 'LogStep'],
  [0xf0, 0xf0, 'CreateStep'],
  [0xf5, 0xf5, 'CreateStep'],
  [0xff, 0xff, 'CreateStep'],
  [0xf1, 0xf2, 'CallStep'],
  [0xf4, 0xf4, 'CallStep'],
  [0xfa, 0xfa, 'CallStep'],
]

function verifierOf({ phase, frame }: MachineState): string {
  if (phase !== PHASE.EXEC) return phaseVerifier(phase)
  const opcode = frame?.code.bytes[frame.pc] ?? 0
  const found = OPCODE_VERIFIERS.find(([first, last]) => opcode >= first && opcode <= last)
  return found?.[2] ?? 'FlowStep'
}

function phaseVerifier(phase: Phase): string {
  if (phase <= PHASE.SYSTEM) return 'BlockStep'
  if (phase <= PHASE.TX_CALL) return 'TransactionStep'
  if (phase === PHASE.PRECOMPILE) return 'PrecompileStep'
  if (phase <= PHASE.HALT) return 'FrameStep'
  return phase === PHASE.CHEAT ? 'CheatStep' : 'TransactionEndStep'
}
