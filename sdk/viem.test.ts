/** The way between the chains by the actions for viem, against a devnet: there, back, and past the sequencers. */
import { createPublicClient, createWalletClient, custom, type Hex, parseEther } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDevnet, type Devnet } from '../tools/devnet.ts'
import {
  queuedHash,
  queuedTransactions,
  trexL1,
  trexL1Actions,
  trexL2,
  trexL2Actions,
  withdrawalHashOf,
} from './viem.ts'

const AMOUNT = parseEther('2')
let devnet: Devnet
let clients: ReturnType<typeof connect>

function connect({ accounts, l1, l2 }: Devnet) {
  const account = privateKeyToAccount(accounts[0]?.privateKey as Hex)
  const of = { account, pollingInterval: 20 } as const
  return {
    account,
    l1: createPublicClient({ chain: trexL1, transport: custom(l1), pollingInterval: 20 }),
    l2: createPublicClient({ chain: trexL2, transport: custom(l2), pollingInterval: 20 }),
    onL1: createWalletClient({ ...of, chain: trexL1, transport: custom(l1) }).extend(trexL1Actions),
    onL2: createWalletClient({ ...of, chain: trexL2, transport: custom(l2) }).extend(trexL2Actions),
  }
}

beforeAll(async () => {
  devnet = await createDevnet()
  clients = connect(devnet)
})
afterAll(() => devnet.close())

test('the chain objects name the chains and contracts that run', async () => {
  const { l1, l2 } = clients
  expect([await l1.getChainId(), await l2.getChainId()]).toEqual([trexL1.id, trexL2.id])
  const contracts = await devnet.l1.request({ method: 'rollup_contracts' })
  for (const { contracts: named } of [trexL1, trexL2]) {
    const addresses = Object.entries(named).map(([name, { address }]) => [name, address])
    expect(contracts).toMatchObject(Object.fromEntries(addresses))
  }
})

test('a provider of both chains can tell whose subscription a message is of', async () => {
  const subscribe = { method: 'eth_subscribe', params: ['newHeads'] }
  const ids = await Promise.all([devnet.l1.request(subscribe), devnet.l2.request(subscribe)])
  expect(new Set(ids).size).toBe(2)
})

test('a deposit is minted on L2', async () => {
  const { account, l1, l2, onL1, onL2 } = clients
  const before = await l2.getBalance({ address: account.address })
  const hash = await onL1.deposit({ amount: AMOUNT })
  const [queued] = queuedTransactions(await l1.waitForTransactionReceipt({ hash }))
  const receipt = await onL2.waitForQueued({ hash: queued as Hex })
  expect(receipt.status).toBe('success')
  expect(await l2.getBalance({ address: account.address })).toBe(before + AMOUNT)
})

test('a transaction reaches L2 through the inbox of L1', async () => {
  const { account, l1, l2, onL1, onL2 } = clients
  const to = '0x00000000000000000000000000000000000f0ced'
  const request = await onL2.prepareTransactionRequest({ account, to, value: 5n })
  const serializedTransaction = await onL2.signTransaction(request)
  const hash = await onL1.forceInclude({ serializedTransaction })
  const receipt = await l1.waitForTransactionReceipt({ hash })
  expect(queuedTransactions(receipt)).toEqual([queuedHash({ serializedTransaction })])
  await onL2.waitForQueued({ hash: queuedHash({ serializedTransaction }) })
  expect(await l2.getBalance({ address: to })).toBe(5n)
})

test('a withdrawal is proven, refused with one bit changed or too early, and paid once its root is final', async () => {
  const { account, l1, l2, onL1, onL2 } = clients
  const begun = await onL2.initiateWithdrawal({ amount: AMOUNT })
  const withdrawalHash = withdrawalHashOf(await l2.waitForTransactionReceipt({ hash: begun }))
  const proven = await onL2.waitToProve({ withdrawalHash, timeout: 600_000 })
  const { withdrawal } = proven
  const forged = {
    ...withdrawal,
    value: `0x${(BigInt(withdrawal.value) ^ 1n).toString(16)}`,
  } as const
  // Another withdrawal has another slot: where its path leaves the proof, the trie's reader finds an empty node or another leaf.
  await expect(onL1.proveWithdrawal({ ...proven, withdrawal: forged })).rejects.toThrow(
    /L1Bridge_InvalidStorageProof|RLPInvalidEncoding/,
  )
  await l1.waitForTransactionReceipt({ hash: await onL1.proveWithdrawal(proven) })
  await expect(onL1.finalizeWithdrawal(proven)).rejects.toThrow('L1Bridge_GameNotFinal')
  const final = await onL2.waitToFinalize({ withdrawalHash, timeout: 600_000 })
  const before = await l1.getBalance({ address: account.address })
  const { gasUsed, effectiveGasPrice } = await l1.waitForTransactionReceipt({
    hash: await onL1.finalizeWithdrawal(final),
  })
  const after = await l1.getBalance({ address: account.address })
  expect(after).toBe(before + AMOUNT - gasUsed * effectiveGasPrice)
}, 600_000)

interface OpBlock {
  readonly number: number
  readonly hash: Hex
}

test('Optimism’s names tell the heads and the output roots', async () => {
  const ask = <Answer>(method: string, params: readonly string[] = []) =>
    devnet.l2.request({ method, params }) as Promise<Answer>
  const { finalized_l2, unsafe_l2 } = await ask<Record<string, OpBlock>>('optimism_syncStatus')
  const ours = await ask<Record<string, { number: Hex }>>('rollup_syncStatus')
  expect(finalized_l2?.number).toBe(Number(ours['finalized']?.number))
  expect(unsafe_l2?.number).toBe(Number(ours['unsafe']?.number))
  const end = BigInt(finalized_l2?.number ?? 0)
  const output = await ask<{ outputRoot: Hex; stateRoot: Hex; blockRef: OpBlock }>(
    'optimism_outputAtBlock',
    [`0x${end.toString(16)}`],
  )
  const block = await clients.l2.getBlock({ blockNumber: end })
  expect(output).toMatchObject({ stateRoot: block.stateRoot, blockRef: { hash: block.hash } })
  const roots = await ask<readonly { claim: Hex }[]>('rollup_outputRoots')
  expect(roots.map(({ claim }) => claim)).toContain(output.outputRoot)
  const within = `0x${(end - 1n).toString(16)}`
  await expect(ask('optimism_outputAtBlock', [within])).rejects.toThrow(/ends of batches/)
  await expect(ask('optimism_outputAtBlock', ['latest'])).rejects.toThrow(/blockNumber/)
})

test('who waits for what never comes is told so', async () => {
  const hash: Hex = `0x${'ab'.repeat(32)}`
  await expect(clients.onL2.waitForQueued({ hash, timeout: 0 })).rejects.toThrow('not within 0 ms')
})
