import fc from 'fast-check'
import { encodeAbiParameters, type Hex, keccak256, sha256, toHex } from 'viem'
import { beforeEach, describe, expect, it } from 'vitest'
import { hashEntry } from '../../workers/rollup/batch/entry.ts'
import { hashBatchHeader } from '../../workers/rollup/batch/header.ts'
import { batchCommitteeDigest, batchDataDigest } from '../../workers/rollup/bls/digests.ts'
import { bytesToHex, hexToBytes } from '../../workers/rollup/bytes.ts'
import { encodeDeposit } from '../../workers/rollup/transaction/sign.ts'
import * as Actors from '../generated/test/Depositor.ts'
import {
  BOND,
  CHALLENGE_BOND,
  certificate,
  createRollup,
  DATA_WINDOW,
  DEPOSIT_ONLY,
  ETHER,
  FORCE,
  MUST_INCLUDE,
  nextHeader,
  postArguments,
  postBatch,
  type Rollup,
} from './rollup.ts'

const TARGET: Hex = '0x00000000000000000000000000000000000000f1'
const DEPOSIT_DOMAIN = keccak256(toHex('trex.inbox.deposit'))

let rollup: Rollup
beforeEach(async () => {
  rollup = await createRollup()
  await rollup.chain.mine(3)
})

const deposit = (options: { value?: bigint; data?: Hex; gas?: bigint } = {}) =>
  rollup.chain.send(
    rollup.inbox,
    'deposit',
    [TARGET, options.gas ?? 100_000n, options.data ?? '0x'],
    {
      from: rollup.chain.account(5),
      value: options.value ?? 0n,
    },
  )
const read = <T>(name: string, args: readonly unknown[] = []) =>
  rollup.chain.read<T>(rollup.inbox, name, args)
const postError = async (changes: object, options: object = {}, header?: object) => {
  const next = { ...(await nextHeader(rollup, changes)), ...header }
  return rollup.chain.errorOf(
    rollup.inbox,
    'postBatch',
    await postArguments(rollup, next as never, options),
  )
}

/** A struct as viem reads it, with bytes where TypeScript's rules have them. */
function bytesOf(struct: object): Record<string, unknown> {
  const fields = Object.entries(struct).map(([key, value]) => [
    key,
    typeof value === 'string' ? hexToBytes(value) : value,
  ])
  return Object.fromEntries(fields) as Record<string, unknown>
}

function expectedDeposit(
  index: bigint,
  from: Hex,
  value: bigint,
  gasLimit: bigint,
  data: Hex,
): Hex {
  const sourceHash = keccak256(
    encodeAbiParameters([{ type: 'bytes32' }, { type: 'uint256' }], [DEPOSIT_DOMAIN, index]),
  )
  const fields = {
    sourceHash: hexToBytes(sourceHash),
    from: hexToBytes(from),
    to: hexToBytes(TARGET),
    mint: value,
    value,
    gasLimit,
    data: hexToBytes(data),
  }
  return bytesToHex(encodeDeposit(fields as never).raw)
}

describe('messages', () => {
  it('of deposits are the type 0x7E encoding that L2 reads', async () => {
    const from = rollup.chain.account(5)
    await fc.assert(
      fc.asyncProperty(
        fc.bigInt(0n, 10n ** 18n),
        fc.uint8Array({ maxLength: 300 }),
        fc.bigInt(40_000n, 1n << 24n),
        async (value, bytes, gas) => {
          const index = await read<bigint>('messageCount')
          const data = bytesToHex(bytes)
          const { logs } = await rollup.chain.send(rollup.inbox, 'deposit', [TARGET, gas, data], {
            from,
            value,
          })
          const raw = expectedDeposit(index, from, value, gas, data)
          expect(logs.find(({ name }) => name === 'MessageQueued')?.args).toMatchObject({
            index,
            raw,
            messageHash: keccak256(raw),
          })
          expect(await read('messageHash', [index])).toBe(keccak256(raw))
          await rollup.chain.mine()
        },
      ),
      { numRuns: 15 },
    )
  })

  it('lock the ETH of a deposit in the bridge', async () => {
    await deposit({ value: 5n * ETHER })
    expect(await rollup.chain.balanceOf(rollup.bridge.address)).toBe(5n * ETHER)
    expect(await rollup.chain.balanceOf(rollup.inbox.address)).toBe(0n)
  })

  it('of contracts come from the aliased address', async () => {
    const { chain, inbox } = rollup
    const depositor = await chain.deploy(Actors)
    const { logs } = await chain.send(
      depositor,
      'deposit',
      [inbox.address, TARGET, 100_000n, '0x'],
      { value: 7n },
    )
    const alias =
      (BigInt(depositor.address) + 0x1111000000000000000000000000000000001111n) % (1n << 160n)
    const from: Hex = `0x${alias.toString(16).padStart(40, '0')}`
    const args = logs.find(({ name }) => name === 'MessageQueued')?.args
    expect(String(args?.sender).toLowerCase()).toBe(from)
    expect(args?.raw).toBe(expectedDeposit(0n, from, 7n, 100_000n, '0x'))
  })

  it('of equal deposits differ', async () => {
    await deposit()
    await deposit()
    expect(await read('messageHash', [0n])).not.toBe(await read('messageHash', [1n]))
  })

  it('are bounded in length and gas', async () => {
    const { chain, inbox } = rollup
    const attempt = (gas: bigint, data: Hex) => chain.errorOf(inbox, 'deposit', [TARGET, gas, data])
    expect(await attempt(20_999n, '0x')).toBe('Inbox_GasLimitOutOfRange')
    expect(await attempt(21_000n + 39n, '0x00')).toBe('Inbox_GasLimitOutOfRange')
    expect(await attempt(21_000n + 40n, '0x00')).toBe('')
    expect(await attempt((1n << 24n) + 1n, '0x')).toBe('Inbox_GasLimitOutOfRange')
    expect(await attempt(1n << 24n, `0x${'00'.repeat(65_537)}`)).toBe('Inbox_DataTooLong')
    expect(await attempt(1n << 24n, `0x${'11'.repeat(65_536)}`)).toBe('')
    expect(await attempt(1n << 24n, '0x')).toBe('Inbox_DepositGasExhausted')
    await chain.mine()
    expect(await attempt(1n << 24n, '0x')).toBe('')
  })

  it('of forced transactions are kept as they are, if of a type that L2 knows', async () => {
    const { chain, inbox } = rollup
    for (const raw of ['0x02aa', '0x01', '0x04bb', '0xf8aa', '0xc0'] as Hex[]) {
      const index = await read<bigint>('messageCount')
      await chain.send(inbox, 'enqueueTransaction', [raw])
      expect(await read('messageHash', [index])).toBe(keccak256(raw))
    }
    for (const raw of ['0x', '0x7eaa', '0x03aa', '0x00', '0x7d'] as Hex[]) {
      expect(await chain.errorOf(inbox, 'enqueueTransaction', [raw])).toBe(
        'Inbox_InvalidTransactionType',
      )
    }
  })
})

describe('a batch', () => {
  it('becomes the entry that TypeScript hashes alike, under 900k gas', async () => {
    const { chain, inbox } = rollup
    await deposit()
    const header = await nextHeader(rollup)
    const { logs, gasUsed } = await chain.send(
      inbox,
      'postBatch',
      await postArguments(rollup, header),
      { from: chain.account(9) },
    )
    const args = logs.find(({ name }) => name === 'EntryAppended')?.args as {
      entry: Record<string, never>
      index: bigint
      poster: string
    }
    const origin = chain.headerOf(header.originNumber)
    expect(args.entry).toMatchObject({
      kind: 0,
      cellsRoot: header.cellsRoot,
      payloadLength: 100n,
      inboxCount: 1n,
      originNumber: header.originNumber,
      originHash: origin.hash,
      originTimestamp: origin.block.header.timestamp,
      originBaseFee: origin.block.header.baseFeePerGas,
      originPrevrandao: bytesToHex(origin.block.header.mixHash),
      postedAt: chain.timestamp(),
    })
    expect(await read('entryHash', [1n])).toBe(bytesToHex(hashEntry(bytesOf(args.entry) as never)))
    expect(gasUsed).toBeLessThan(900_000n)
  })

  it('is signed over the digests that TypeScript computes', async () => {
    const header = await nextHeader(rollup)
    const hash = hashBatchHeader(bytesOf(header) as never)
    expect(await read('headerHash', [header])).toBe(bytesToHex(hash))
    expect(await read('committeeDigest', [bytesToHex(hash)])).toBe(
      bytesToHex(batchCommitteeDigest(hash)),
    )
    expect(await read('dataDigest', [bytesToHex(hash)])).toBe(bytesToHex(batchDataDigest(hash)))
  })

  it('is refused with a wrong index, parent, commitment or length', async () => {
    expect(await postError({ index: 2n })).toBe('Inbox_WrongIndex')
    expect(await postError({ parent: `0x${'01'.repeat(32)}` })).toBe('Inbox_WrongParent')
    expect(await postError({ versionedHash: sha256('0x01') })).toBe('Inbox_WrongVersionedHash')
    expect(await postError({}, { commitment: `0x${'c1'.repeat(48)}` })).toBe(
      'Inbox_WrongVersionedHash',
    )
    expect(await postError({}, { commitment: '0xc0' })).toBe('Inbox_InvalidCommitment')
    expect(await postError({ payloadLength: 126_977n })).toBe('Inbox_PayloadLengthOutOfRange')
    expect(await postError({ payloadLength: 126_976n })).toBe('')
  })

  it('is refused with an origin in the future, too old, of another block, or older than the last', async () => {
    const { chain } = rollup
    await chain.mine(12)
    const now = chain.blockNumber()
    const header = { originHeader: chain.headerOf(now - 1n).rlp }
    expect(await postError({ originNumber: now }, header)).toBe('Inbox_OriginOutOfRange')
    expect(await postError({ originNumber: now - FORCE - 1n })).toBe('Inbox_OriginOutOfRange')
    expect(await postError({ originNumber: now - 2n }, header)).toBe('Inbox_InvalidOriginHeader')
    const flipped = header.originHeader.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')) as Hex
    expect(await postError({}, { originHeader: flipped })).toBe('Inbox_InvalidOriginHeader')
    await postBatch(rollup, { originNumber: now - 2n })
    expect(await postError({ originNumber: now - 3n })).toBe('Inbox_OriginOutOfRange')
    expect(await postError({ originNumber: now - 2n })).toBe('')
  })

  it('is refused with views that go back', async () => {
    await postBatch(rollup, { firstView: 5n, lastView: 9n })
    expect(await postError({ firstView: 9n, lastView: 10n })).toBe('Inbox_ViewsOutOfRange')
    expect(await postError({ firstView: 11n, lastView: 10n })).toBe('Inbox_ViewsOutOfRange')
    expect(await postError({ firstView: 12n, lastView: 12n })).toBe('')
  })

  it('consumes neither fewer messages than before nor more than there are, and none that waited too long is left', async () => {
    const { chain } = rollup
    await deposit()
    await postBatch(rollup, { inboxCount: 1n })
    expect(await postError({ inboxCount: 0n })).toBe('Inbox_InboxCountOutOfRange')
    expect(await postError({ inboxCount: 2n })).toBe('Inbox_InboxCountOutOfRange')
    await chain.mine()
    await deposit()
    const queuedAt = chain.blockNumber()
    await chain.mine(Number(MUST_INCLUDE))
    expect(await postError({ inboxCount: 1n, originNumber: queuedAt + MUST_INCLUDE - 1n })).toBe('')
    await chain.mine()
    expect(await postError({ inboxCount: 1n, originNumber: queuedAt + MUST_INCLUDE })).toBe(
      'Inbox_MessagesOmitted',
    )
  })

  it('needs both certificates, over this very header', async () => {
    const header = await nextHeader(rollup)
    const hash = await read<Hex>('headerHash', [header])
    const committee = await read<Hex>('committeeDigest', [hash])
    const data = await read<Hex>('dataDigest', [hash])
    expect(await postError({}, { committee: certificate('sequencer', [0, 1], committee) })).toBe(
      'SequencerRegistry_QuorumMissing',
    )
    expect(await postError({}, { data: certificate('da', [0, 1], data) })).toBe(
      'DataRegistry_QuorumMissing',
    )
    expect(await postError({}, { committee: certificate('sequencer', [0, 1, 2], data) })).toBe(
      'SequencerRegistry_InvalidSignature',
    )
    expect(await postError({}, { data: certificate('da', [0, 1, 2], committee) })).toBe(
      'DataRegistry_InvalidSignature',
    )
    const valid = {
      committee: certificate('sequencer', [0, 1, 2], committee),
      data: certificate('da', [0, 1, 2], data),
    }
    expect(await postError({}, valid, { payloadLength: 101n })).toBe(
      'SequencerRegistry_InvalidSignature',
    )
    expect(await postError({}, valid)).toBe('')
  })
})

describe('the ladder of inclusion', () => {
  const force = () => {
    const { chain, inbox } = rollup
    return chain.attempt(inbox, 'forceInclude', [chain.headerOf(chain.blockNumber() - 1n).rlp])
  }

  it('lets anyone force a message that waited long enough, in an entry without committee', async () => {
    const { chain } = rollup
    await deposit()
    await chain.mine(Number(FORCE) - 1)
    expect((await force()).error?.name).toBe('Inbox_NotForceable')
    await chain.mine()
    await deposit()
    const { logs } = await force()
    const args = logs.find(({ name }) => name === 'EntryAppended')?.args as {
      entry: object
      commitment: Hex
    }
    expect(args.entry).toMatchObject({
      kind: 1,
      inboxCount: 1n,
      originNumber: chain.blockNumber() - 1n,
      cellsRoot: `0x${'00'.repeat(32)}`,
    })
    expect(await read('consumedMessages')).toBe(1n)
    expect((await force()).error?.name).toBe('Inbox_NotForceable')
    expect(await read('isSettled', [1n])).toBe(true)
  })

  it('appends deposit-only entries when no batch came for long', async () => {
    const { chain } = rollup
    await postBatch(rollup)
    await chain.mine(Number(DEPOSIT_ONLY) - 1)
    expect((await force()).error?.name).toBe('Inbox_NotForceable')
    await chain.mine()
    expect((await force()).reverted).toBe(false)
    expect((await force()).error?.name).toBe('Inbox_NotForceable')
  })

  it('takes at most 64 messages at once', async () => {
    const { chain } = rollup
    for (let i = 0; i < 70; i++) await deposit()
    await chain.mine(Number(FORCE))
    await force()
    expect(await read('consumedMessages')).toBe(64n)
    await force()
    expect(await read('consumedMessages')).toBe(70n)
  })

  it("refuses another header than the preceding block's", async () => {
    const { chain, inbox } = rollup
    await deposit()
    await chain.mine(Number(FORCE))
    const header = chain.headerOf(chain.blockNumber() - 2n).rlp
    expect(await chain.errorOf(inbox, 'forceInclude', [header])).toBe('Inbox_InvalidOriginHeader')
  })
})

describe('the data challenge', () => {
  const CELL = 5n
  const cells = Array.from({ length: 128 }, (_, i) => new Uint8Array(2_048).fill(i))
  const levels: Hex[][] = [cells.map((cell) => keccak256(cell))]
  while ((levels.at(-1)?.length ?? 0) > 1) {
    const below = levels.at(-1) ?? []
    levels.push(
      Array.from({ length: below.length / 2 }, (_, i) =>
        keccak256(`${below[2 * i]}${below[2 * i + 1]?.slice(2)}` as Hex),
      ),
    )
  }
  const cellsRoot = levels[7]?.[0] ?? '0x'
  const proof = (index: bigint) =>
    levels.slice(0, 7).map((level, height) => level[(Number(index) >> height) ^ 1])
  let entry: unknown

  beforeEach(async () => {
    const { chain, inbox } = rollup
    const header = await nextHeader(rollup, { cellsRoot })
    const { logs } = await chain.send(inbox, 'postBatch', await postArguments(rollup, header))
    entry = logs.find(({ name }) => name === 'EntryAppended')?.args.entry
  })
  const challenge = (cell = CELL, value = CHALLENGE_BOND) =>
    rollup.chain.attempt(rollup.inbox, 'challengeCell', [1n, cell], {
      from: rollup.chain.account(3),
      value,
    })
  const answer = (cell = CELL, bytes = cells[Number(cell)], path = proof(cell)) =>
    rollup.chain.attempt(
      rollup.inbox,
      'answerCell',
      [1n, cell, bytesToHex(bytes ?? new Uint8Array()), path, entry],
      { from: rollup.chain.account(4) },
    )
  const expire = (cell = CELL) => rollup.chain.attempt(rollup.inbox, 'expire', [1n, cell, entry])

  it('leaves a batch settled after its window if nobody asks', async () => {
    expect(await read('isSettled', [1n])).toBe(false)
    await rollup.chain.mine(1, Number(DATA_WINDOW) - 1)
    expect(await read('isSettled', [1n])).toBe(false)
    await rollup.chain.mine(1, 1)
    expect(await read('isSettled', [1n])).toBe(true)
    expect(await read('isSettled', [2n])).toBe(false)
  })

  it("is closed by the cell, which earns the challenger's bond", async () => {
    const { chain } = rollup
    expect((await challenge()).reverted).toBe(false)
    const before = await chain.balanceOf(chain.account(4))
    const outcome = await answer()
    expect(outcome.error).toBeUndefined()
    expect((await chain.balanceOf(chain.account(4))) - before).toBe(CHALLENGE_BOND)
    await chain.mine(1, Number(DATA_WINDOW))
    expect(await read('isSettled', [1n])).toBe(true)
    expect((await expire()).error?.name).toBe('Inbox_NoOpenChallenge')
  })

  it('refuses a cell with one bit flipped, of another place, or with a wrong path', async () => {
    await challenge()
    const corrupted = (cells[5] ?? new Uint8Array()).map((byte, i) => (i === 999 ? byte ^ 4 : byte))
    expect((await answer(CELL, corrupted)).error?.name).toBe('Inbox_InvalidCell')
    expect((await answer(CELL, cells[6])).error?.name).toBe('Inbox_InvalidCell')
    expect((await answer(CELL, cells[5], proof(4n))).error?.name).toBe('Inbox_InvalidCell')
    expect((await answer(CELL, cells[5], proof(5n).slice(1))).error?.name).toBe('Inbox_InvalidCell')
    expect((await answer(6n)).error?.name).toBe('Inbox_NoOpenChallenge')
  })

  it('empties an entry whose cell stays away, refunds the challenger and slashes the custodian that signed', async () => {
    const { chain, dataNodes } = rollup
    await challenge()
    expect((await expire()).error?.name).toBe('Inbox_ChallengeNotOver')
    await chain.mine(1, Number(DATA_WINDOW) + 1)
    expect((await answer()).error?.name).toBe('Inbox_ChallengeOver')
    const before = await chain.balanceOf(chain.account(3))
    const { logs } = await expire()
    const args = logs.find(({ name }) => name === 'EntryExpired')?.args as {
      entry: { kind: number }
    }
    expect(args.entry).toMatchObject({ ...(entry as object), kind: 2 })
    expect(await read('isSettled', [1n])).toBe(true)
    expect((await chain.balanceOf(chain.account(3))) - before).toBe(CHALLENGE_BOND + BOND / 2n)
    expect(await chain.read(dataNodes, 'activeNodes')).toBe(0b1110n)
    const header = await nextHeader(rollup)
    const digest = await read<Hex>('dataDigest', [await read<Hex>('headerHash', [header])])
    expect(header.parent).toBe(bytesToHex(hashEntry(bytesOf(args.entry) as never)))
    expect(await postError({}, { data: certificate('da', [1, 2, 3], digest) })).toBe('')
  })

  it('spares a custodian that did not sign', async () => {
    const { chain, dataNodes } = rollup
    await challenge(70n)
    await chain.mine(1, Number(DATA_WINDOW) + 1)
    expect((await expire(70n)).reverted).toBe(false)
    expect(await chain.read(dataNodes, 'activeNodes')).toBe(0b1111n)
  })

  it('holds up later entries while it is open', async () => {
    const { chain } = rollup
    await challenge()
    await chain.mine()
    await postBatch(rollup)
    await chain.mine(1, Number(DATA_WINDOW) + 1)
    expect(await read('isSettled', [2n])).toBe(false)
    await expire()
    expect(await read('isSettled', [2n])).toBe(true)
  })

  it('is refused late, twice, for a wrong bond, cell or entry', async () => {
    const { chain, inbox } = rollup
    expect((await challenge(128n)).error?.name).toBe('Inbox_NotChallengeable')
    expect((await challenge(CELL, CHALLENGE_BOND - 1n)).error?.name).toBe('Inbox_WrongBond')
    expect(await chain.errorOf(inbox, 'challengeCell', [0n, CELL], { value: CHALLENGE_BOND })).toBe(
      'Inbox_NotChallengeable',
    )
    await challenge()
    expect((await challenge()).error?.name).toBe('Inbox_AlreadyChallenged')
    await chain.mine(1, Number(DATA_WINDOW) / 2 + 1)
    expect((await challenge(6n)).error?.name).toBe('Inbox_NotChallengeable')
  })
})
