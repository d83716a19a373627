/** Every lie of an executor about one step: L1's verifier contradicts it, at the phase and opcode that the catalogue names. */
import { type Abi, encodeDeployData, encodeFunctionData } from 'viem'
import { beforeAll, describe, expect, it } from 'vitest'
import { deployFamily, type Family, verify } from '../../../tools/conformance/family.ts'
import {
  CHAIN_ID,
  contract,
  funded,
  sign,
  testAccounts,
} from '../../../workers/chain/testing/accounts.ts'
import { STATE_FRAUDS } from '../../../workers/protocol/stateFrauds.ts'
import { hashEntry } from '../../../workers/rollup/batch/entry.ts'
import { bytesToHex, type Hex, hexToBytes, word } from '../../../workers/rollup/bytes.ts'
import { initKeccak, keccak256 } from '../../../workers/rollup/keccak.ts'
import { TEST_PRIVATE_KEYS } from '../../../workers/rollup/keys.ts'
import { placeOf } from '../../../workers/rollup/machine/describe.ts'
import {
  STATE_FRAUD_NAMES,
  type StateFraudName,
  tamper,
} from '../../../workers/rollup/machine/frauds.ts'
import { stateHash } from '../../../workers/rollup/machine/hash.ts'
import { isFinished, step } from '../../../workers/rollup/machine/step.ts'
import {
  type ExecutedEntry,
  executeEntry,
  L1_BLOCK_STUB,
  runEntry,
} from '../../../workers/rollup/machine/testing/rollup.ts'
import type { MachineState } from '../../../workers/rollup/machine/types.ts'
import { initSecp256k1, privateKeyToAddress } from '../../../workers/rollup/secp256k1.ts'
import { createAddress } from '../../../workers/rollup/transaction/address.ts'
import { encodeCheat } from '../../../workers/rollup/transaction/cheat.ts'
import type { Unsigned } from '../../../workers/rollup/transaction/decode.ts'
import { encodeDeposit } from '../../../workers/rollup/transaction/sign.ts'
import { CHEAT } from '../../../workers/rollup/transaction/transaction.ts'
import { DemoToken } from '../../generated/DemoToken.ts'
import { Exerciser } from '../../generated/Exerciser.ts'
import { L2ToL1MessagePasser } from '../../generated/L2ToL1MessagePasser.ts'

/** Needs the Persona contracts; its scenario is the Persona's own. */
const PERSONA_FRAUDS: readonly StateFraudName[] = ['fraud-reward']
const T0 = 1_767_225_600n
const ETHER = 10n ** 18n
const PASSER = '0x4200000000000000000000000000000000000016'
const thief = new Uint8Array(20).fill(0x66)
const [alice, bob, carol] = testAccounts(3).map((account) => account) as [
  ReturnType<typeof testAccounts>[number],
  ReturnType<typeof testAccounts>[number],
  ReturnType<typeof testAccounts>[number],
]
const leakedKey = TEST_PRIVATE_KEYS[6] as Uint8Array
const leaked = { key: leakedKey, address: privateKeyToAddress(leakedKey) }
const token = createAddress(alice.address, 0n)
const exerciser = createAddress(alice.address, 1n)

let executed: ExecutedEntry
let family: Family
let honestEnd: Hex

function deploying(artifact: { abi: unknown; bytecode: Hex }, args: readonly unknown[]) {
  const { abi, bytecode } = artifact
  return { to: null, data: hexToBytes(encodeDeployData({ abi: abi as Abi, bytecode, args })) }
}

function calling(
  artifact: { abi: unknown },
  to: Uint8Array,
  functionName: string,
  args: readonly unknown[],
) {
  return {
    to,
    data: hexToBytes(encodeFunctionData({ abi: artifact.abi as Abi, functionName, args })),
  }
}

/** Something for every fraud to lie about. */
async function executeTraffic(): Promise<ExecutedEntry> {
  const raw = (account: typeof alice, nonce: bigint, change: Partial<Unsigned>) =>
    sign(account, { gasLimit: 3_000_000n, ...change, nonce }).raw
  const deposit = encodeDeposit({
    sourceHash: word(1),
    from: new Uint8Array(20).fill(0xdd),
    to: bob.address,
    mint: ETHER,
    value: ETHER,
    gasLimit: 100_000n,
    data: new Uint8Array(0),
  })
  const spend = { to: bob.address, value: 8n * ETHER, gasLimit: 21_000n }
  const cheat = encodeCheat({
    chainId: BigInt(CHAIN_ID),
    salt: 1n,
    action: CHEAT.SET_NONCE,
    from: thief,
    value: 7n,
  })
  const setup = [
    raw(alice, 0n, deploying(DemoToken, ['Demo', 'DEMO', 10n ** 24n])),
    raw(alice, 1n, deploying(Exerciser, [])),
  ]
  const traffic = [
    raw(alice, 2n, calling(DemoToken, token, 'transfer', [bytesToHex(bob.address), 5n])),
    raw(bob, 0n, { to: alice.address, value: 7n, gasLimit: 21_000n }),
    raw(alice, 3n, { ...calling(Exerciser, exerciser, 'visit', [bytesToHex(word(9))]), value: 3n }),
    raw(carol, 0n, spend),
    raw(carol, 1n, spend),
    raw(alice, 4n, {
      ...calling(L2ToL1MessagePasser, hexToBytes(PASSER), 'initiateWithdrawal', [
        bytesToHex(alice.address),
        0n,
        '0x',
      ]),
      value: 1n,
    }),
    cheat.raw,
  ]
  return executeEntry({
    accounts: [
      contract('0x4200000000000000000000000000000000000015', L1_BLOCK_STUB),
      contract(PASSER, L2ToL1MessagePasser.deployedBytecode),
      ...[alice, bob, leaked].map((account) => funded(account)),
      funded(carol, 10n * ETHER),
    ],
    messages: [deposit.raw],
    blocks: [
      { timestamp: T0 + 1n, inboxCount: 0n, transactions: setup },
      { timestamp: T0 + 2n, inboxCount: 1n, transactions: traffic },
    ],
  })
}

interface Lie {
  readonly before: MachineState
  readonly honest: MachineState
  readonly claimed: MachineState
}

/** The first step at which the fraud changes the end. */
function findLie(fraud: StateFraudName): Lie | null {
  const { start, context } = executed
  const run = (state: MachineState) => step(state, context)
  let state = start
  for (;;) {
    const honest = step(state, context)
    const claimed = tamper(fraud, { before: state, after: honest }, { thief, run })
    const isFraud = claimed !== null && endOf(claimed) !== honestEnd
    if (claimed !== null && isFraud) return { before: state, honest, claimed }
    // The last step is the one in which the machine stands still.
    if (isFinished(state, context)) return null
    state = honest
  }
}

function endOf(start: MachineState): Hex {
  return bytesToHex(stateHash(runEntry({ start, context: executed.context })))
}

beforeAll(async () => {
  await Promise.all([initKeccak(), initSecp256k1()])
  executed = await executeTraffic()
  honestEnd = endOf(executed.start)
  const entry = bytesToHex(hashEntry(executed.context.source.entry(1n)))
  const message = bytesToHex(keccak256(executed.context.source.message(0n)))
  family = await deployFamily([entry, entry], [message])
})

describe('the traffic', () => {
  it('is executed alike by machine and chain engine', () => {
    expect(honestEnd).toBe(bytesToHex(stateHash(executed.expectedEnd)))
    const receipts = executed.blocks.flatMap((block) => block.receipts)
    expect(receipts.map(({ succeeded }) => succeeded)).toEqual(Array(9).fill(true))
    expect(executed.blocks.at(-1)?.skipped).toHaveLength(1)
  })
})

describe('a lie about one step', () => {
  it('is in the catalogue, whichever an executor can be made to tell', () => {
    expect(STATE_FRAUDS.map(({ name }) => name).toSorted()).toEqual(STATE_FRAUD_NAMES.toSorted())
  })

  it.each(STATE_FRAUD_NAMES.filter((name) => !PERSONA_FRAUDS.includes(name)))(
    '%s is contradicted by L1 where the catalogue says',
    async (fraud) => {
      const lie = findLie(fraud)
      expect(lie).not.toBeNull()
      if (lie === null) return
      const { phase, opcode } = placeOf(lie.before, 0n)
      const decidedAt = STATE_FRAUDS.find(({ name }) => name === fraud)?.decidedAt
      expect(decidedAt?.phases).toContain(phase)
      if (decidedAt?.opcodes !== undefined) expect(decidedAt.opcodes).toContain(opcode)
      const { result, error } = await verify(family, lie.before, executed.context)
      expect(error).toBeUndefined()
      expect(result).toBe(bytesToHex(stateHash(lie.honest)))
      expect(result).not.toBe(bytesToHex(stateHash(lie.claimed)))
    },
  )
})
