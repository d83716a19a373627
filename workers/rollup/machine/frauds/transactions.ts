/** Lies about which transactions run, whether they are valid, and what they pay. */
import { equalBytes } from '../../bytes.ts'
import { keccak256 } from '../../keccak.ts'
import { TEST_PRIVATE_KEYS } from '../../keys.ts'
import { privateKeyToAddress } from '../../secp256k1.ts'
import { parseTransaction } from '../../transaction/decode.ts'
import { encodeDeposit, signTransaction } from '../../transaction/sign.ts'
import { DEPOSIT_TYPE } from '../../transaction/transaction.ts'
import { isEmptyHash } from '../byteString.ts'
import { NO_TX } from '../hash.ts'
import { type MachineState, PHASE, SOURCE } from '../types.ts'
import { wordToAddress } from '../words.ts'
import { accountOf, addBalance, LOOT, putAccount, type Tamper, withState } from './edit.ts'

/** A test account whose key leaked: the keys of the test mnemonic are known to everybody. */
const VICTIM_KEY = TEST_PRIVATE_KEYS[6] ?? new Uint8Array(32)
const VICTIM = privateKeyToAddress(VICTIM_KEY)
const TRANSFER_GAS = 21_000n

/** A transaction that somebody signed is charged to its recipient, as if that one had signed it. */
export const forgeSignature: Tamper = ({ before, after }) => {
  const { tx } = after
  if (before.phase !== PHASE.TX_START || after.phase === PHASE.TX_NEXT) return null
  if (tx.kind === DEPOSIT_TYPE || tx.isCreate || equalBytes(tx.to, tx.origin)) return null
  const victim = accountOf(before.world.state, tx.to)
  const cost = BigInt(tx.gasLimit) * tx.gasPrice
  if (!isEmptyHash(victim.codeHash) || victim.balance < cost + tx.value) return null
  const charged = { ...victim, nonce: victim.nonce + 1n, balance: victim.balance - cost }
  const world = putAccount(before.world.state, tx.to, charged)
  return { ...withState(after, world), tx: { ...tx, origin: tx.to } }
}

/** A transaction that its sender cannot pay is executed as if the money were there. */
export const executeInvalid: Tamper = ({ before, after }, { run }) => {
  const { raw } = before.tx
  if (before.phase !== PHASE.TX_START || after.phase !== PHASE.TX_NEXT || raw === null) return null
  const sender = senderOf(raw, before)
  if (sender === null) return null
  const rich = run(withState(before, addBalance(before.world.state, sender, LOOT)))
  return rich.phase === PHASE.TX_NEXT ? null : rich
}

/** Null if the bytes are no signed transaction at all. */
function senderOf(raw: Uint8Array, { block }: MachineState): Uint8Array | null {
  try {
    const parsed = parseTransaction(raw, { chainId: block.chainId })
    return parsed.kind === 'signed' ? parsed.from : null
  } catch {
    // What cannot be decoded has no sender to make rich.
    return null
  }
}

/** A valid transaction is passed over as if it were not. */
export const skipTransaction: Tamper = ({ before, after }) => {
  if (before.phase !== PHASE.TX_START || after.phase === PHASE.TX_NEXT) return null
  if (after.tx.kind === DEPOSIT_TYPE) return null
  return { phase: PHASE.TX_NEXT, block: before.block, tx: NO_TX, world: before.world, frame: null }
}

/** A transaction that the committee never ordered is executed before the next that it did. */
export const injectTransaction: Tamper = ({ before }, { thief }) => {
  const { block, world } = before
  if (before.phase !== PHASE.TX_NEXT) return null
  const victim = accountOf(world.state, VICTIM)
  if (victim.balance < 2n * LOOT) return null
  const { raw } = signTransaction(
    {
      kind: 'signed',
      type: 2,
      chainId: BigInt(block.chainId),
      nonce: victim.nonce,
      gasLimit: TRANSFER_GAS,
      maxFeePerGas: 2n * block.baseFee,
      maxPriorityFeePerGas: 0n,
      to: thief,
      value: LOOT,
      data: new Uint8Array(0),
      accessList: [],
      authorizations: [],
      maxFeePerBlobGas: 0n,
      blobVersionedHashes: [],
    },
    VICTIM_KEY,
  )
  const tx = { ...NO_TX, hash: keccak256(raw), source: SOURCE.PAYLOAD, raw }
  return { ...before, phase: PHASE.TX_START, tx }
}

/** The transaction after the next one is executed first. */
export const reorderTransactions: Tamper = (step, { run }) => {
  const second = afterLoading(step, run)
  if (second === null || second.phase !== PHASE.TX_START) return null
  return { ...second, block: step.before.block }
}

/** A transaction that the committee ordered is left out. */
export const censorTransaction: Tamper = (step, { run }) => afterLoading(step, run)

/** What comes after the transaction of the batch that the step loads; null if it loads none. */
function afterLoading(
  { before, after }: Parameters<Tamper>[0],
  run: (state: MachineState) => MachineState,
): MachineState | null {
  if (before.phase !== PHASE.TX_NEXT || after.tx.source !== SOURCE.PAYLOAD) return null
  return run({ ...after, phase: PHASE.TX_NEXT, tx: NO_TX })
}

/** A deposit is loaded that L1 never queued: it mints for the thief. */
export const forgeDeposit: Tamper = ({ before, after }, { thief }) => {
  const { raw } = after.tx
  if (before.phase !== PHASE.TX_NEXT || raw === null || raw[0] !== DEPOSIT_TYPE) return null
  if (after.tx.source !== SOURCE.INBOX) return null
  const honest = parseTransaction(raw, { chainId: before.block.chainId })
  if (honest.kind !== 'deposit') return null
  const forged = encodeDeposit({ ...honest, from: thief, to: thief, mint: honest.mint + LOOT })
  return { ...after, tx: { ...after.tx, raw: forged.raw, hash: forged.hash } }
}

/** A cheat, which a devnet allows, does more than it says: the thief is made rich by the way. */
export const stretchCheat: Tamper = ({ before, after }, { thief }) => {
  // A cheat that is skipped has no effect to stretch, and one that sends goes on as a deposit does.
  if (before.phase !== PHASE.CHEAT || after.phase !== PHASE.TX_END) return null
  return withState(after, addBalance(after.world.state, thief, LOOT))
}

/** The fee of a transaction goes to the thief instead of the fee vault. */
export const stealFee: Tamper = ({ before, after }, { thief }) => {
  if (before.phase !== PHASE.TX_END) return null
  return divert(before, after, before.block.coinbase, thief)
}

/** What a transaction did not use of its gas is paid back to the thief instead of its sender. */
export const stealRefund: Tamper = ({ before, after }, { thief }) => {
  if (before.phase !== PHASE.TX_END) return null
  return divert(before, after, before.tx.origin, thief)
}

/** The step's payment to `payee` goes to the thief. */
function divert(
  before: MachineState,
  after: MachineState,
  payee: Uint8Array,
  thief: Uint8Array,
): MachineState | null {
  const paid =
    accountOf(after.world.state, payee).balance - accountOf(before.world.state, payee).balance
  if (paid <= 0n || equalBytes(thief, payee)) return null
  return withState(after, addBalance(addBalance(after.world.state, payee, -paid), thief, paid))
}

/** A contract that destroyed itself stays, with the thief's money in it. */
export const keepDestroyed: Tamper = ({ before, after }) => {
  const item = before.world.destructs
  if (before.phase !== PHASE.DESTRUCT || item === null) return null
  const account = accountOf(before.world.state, wordToAddress(item.words[0] ?? 0n))
  if (before.world.state === after.world.state || account.nonce === 0n) return null
  return withState(after, before.world.state)
}
