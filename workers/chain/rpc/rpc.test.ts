import { createMPT, verifyMPTWithMerkleProof } from '@ethereumjs/mpt'
import { encodeFunctionData, fromRlp, type Hex, keccak256, parseEther, toBlobs, toHex } from 'viem'
import { generatePrivateKey, mnemonicToAccount, privateKeyToAccount } from 'viem/accounts'
import { beforeAll, describe, expect, it } from 'vitest'
import { abi, bytecode } from '../../../contracts/generated/DemoToken.ts'
import { bytesToHex, hexToBytes } from '../../rollup/bytes.ts'
import { TEST_MNEMONIC } from '../../rollup/parameters.ts'
import { kzgPort, loadKzg } from '../evm/kzg.ts'
import { contract, testConfig } from '../testing/accounts.ts'
import { createClient, createTestNode, type TestNode } from '../testing/viem.ts'
import { TEST_ACCOUNTS } from './accounts.ts'
import { createRpc, type Rpc } from './rpc.ts'

const account = mnemonicToAccount(TEST_MNEMONIC)
const other = mnemonicToAccount(TEST_MNEMONIC, { addressIndex: 1 })
/** Reverts with Error("no"). */
const refuser = contract(
  `0x${'d1'.repeat(20)}`,
  '0x62461bcd60e51b5f5260206004526002602452616e6f60f01b60445260645ffd',
)
const refuserHex = bytesToHex(refuser.address)
const genesis = [
  ...TEST_ACCOUNTS.map(({ address }) => ({
    address: hexToBytes(address),
    nonce: 0n,
    balance: parseEther('10000'),
    code: new Uint8Array(),
    storage: [],
  })),
  refuser,
]

let node: TestNode
let client: ReturnType<typeof createClient>

beforeAll(async () => {
  node = await createTestNode(testConfig('l1', genesis))
  client = createClient(node)
})

const refused = async (method: string, ...params: unknown[]) => {
  try {
    return await node.request({ method, params })
  } catch (error) {
    return error
  }
}

describe('JSON-RPC, as viem uses it', () => {
  it('sends ether and shows it', async () => {
    const before = await client.getBalance({ address: other.address })
    const hash = await client.sendTransaction({
      account,
      to: other.address,
      value: parseEther('1'),
    })
    const receipt = await client.waitForTransactionReceipt({ hash })
    expect(receipt).toMatchObject({ status: 'success', gasUsed: 21_000n, type: 'eip1559' })
    expect(await client.getBalance({ address: other.address })).toBe(before + parseEther('1'))
    expect(
      await client.getBalance({ address: other.address, blockNumber: receipt.blockNumber - 1n }),
    ).toBe(before)
    expect(await client.getTransaction({ hash })).toMatchObject({
      value: parseEther('1'),
      nonce: 0,
    })
    const block = await client.getBlock({ includeTransactions: true })
    expect(block.transactions[0]?.hash).toBe(hash)
    expect(await client.getBlockTransactionCount()).toBe(1)
  })

  it('deploys a contract, calls it, reads its logs', async () => {
    const deployed = await client.deployContract({
      account,
      abi,
      bytecode: bytecode as Hex,
      args: ['Demo', 'DEMO', 1000n],
    })
    const { contractAddress } = await client.waitForTransactionReceipt({ hash: deployed })
    if (!contractAddress) throw new Error('no contract')
    const token = { address: contractAddress, abi } as const
    const supply = (await client.readContract({ ...token, functionName: 'totalSupply' })) as bigint
    const transfer = {
      ...token,
      functionName: 'transfer',
      args: [other.address, 5n],
      account,
    } as const
    expect(supply).toBe(1000n)
    const { request } = await client.simulateContract(transfer)
    const hash = await client.writeContract(request)
    const receipt = await client.waitForTransactionReceipt({ hash })
    expect(
      await client.readContract({ ...token, functionName: 'balanceOf', args: [other.address] }),
    ).toBe(5n)
    const logs = await client.getContractEvents({
      ...token,
      eventName: 'Transfer',
      fromBlock: receipt.blockNumber,
    })
    expect(logs).toHaveLength(1)
    expect(await client.getLogs({ address: contractAddress, fromBlock: 0n })).toHaveLength(2)
    await expect(
      client.simulateContract({ ...transfer, account: TEST_ACCOUNTS[5]?.address as Hex }),
    ).rejects.toMatchObject({ name: 'ContractFunctionExecutionError' })
    const gas = await client.estimateContractGas(transfer)
    expect(gas).toBeGreaterThanOrEqual(receipt.gasUsed - 20_000n)
    const { accessList } = await client.createAccessList({
      account,
      to: contractAddress,
      data: encodeFunctionData(transfer),
    })
    expect(accessList[0]?.storageKeys.length).toBeGreaterThan(1)
  })

  it('estimates for the next block where one is to come', async () => {
    // Reverts unless the time is above what the call gives: TIMESTAMP PUSH0 CALLDATALOAD LT, jump to STOP.
    const code = '0x425f3510600a575f5ffd5b00'
    const { header } = node.chain.head()
    const estimate = (rpc: Rpc, time: bigint, nowMs = 0) =>
      rpc.read(
        'eth_estimateGas',
        [{ to: refuserHex, data: toHex(time, { size: 32 }) }, 'latest', { [refuserHex]: { code } }],
        { nowMs },
      )
    const growing = createRpc({ chain: node.chain, pool: node.pool, blockMs: 1_500 })
    const { timestamp } = header
    await expect(estimate(node.rpc, timestamp)).rejects.toThrow('execution reverted')
    expect(Number(await estimate(node.rpc, timestamp - 1n))).toBeGreaterThan(21_000)
    expect(Number(await estimate(growing, timestamp + 1n))).toBeGreaterThan(21_000)
    await expect(estimate(growing, timestamp + 2n)).rejects.toThrow('execution reverted')
    // Time passed without a block.
    const nowMs = Number(timestamp - node.chain.genesis.header.timestamp + 9n) * 1_000
    expect(Number(await estimate(growing, timestamp + 8n, nowMs))).toBeGreaterThan(21_000)
  })

  it('executes every type of transaction', async () => {
    const to = other.address
    for (const type of ['legacy', 'eip2930', 'eip1559'] as const) {
      const extra = type === 'eip2930' ? { accessList: [] } : {}
      const hash = await client.sendTransaction({ account, to, value: 1n, type, ...extra } as never)
      expect(await client.waitForTransactionReceipt({ hash })).toMatchObject({
        status: 'success',
        type,
      })
      expect(await client.getTransaction({ hash })).toMatchObject({ type })
    }
  })

  it('delegates an account by EIP-7702', async () => {
    const signer = privateKeyToAccount(generatePrivateKey())
    const authorization = await client.signAuthorization({
      account: signer,
      contractAddress: bytesToHex(refuser.address),
    })
    const hash = await client.sendTransaction({
      account,
      to: other.address,
      authorizationList: [authorization],
    })
    expect(await client.waitForTransactionReceipt({ hash })).toMatchObject({
      status: 'success',
      type: 'eip7702',
    })
    expect(await client.getCode({ address: signer.address })).toBe(`0xef0100${'d1'.repeat(20)}`)
  })

  it('takes blobs with their commitments, and none without', async () => {
    await loadKzg()
    const blobs = toBlobs({ data: toHex('hello blob') })
    const kzg = {
      blobToKzgCommitment: (blob: Uint8Array) =>
        hexToBytes(kzgPort.blobToKzgCommitment(bytesToHex(blob))),
      computeBlobKzgProof: (blob: Uint8Array, commitment: Uint8Array) =>
        hexToBytes(kzgPort.computeBlobProof(bytesToHex(blob), bytesToHex(commitment))),
    }
    const transaction = {
      account,
      to: other.address,
      blobs,
      kzg,
      maxFeePerBlobGas: 10n ** 9n,
    } as const
    const hash = await client.sendTransaction(transaction as never)
    const receipt = await client.waitForTransactionReceipt({ hash })
    expect(receipt).toMatchObject({ status: 'success', type: 'eip4844', blobGasUsed: 131_072n })
    expect(await client.getTransaction({ hash })).toMatchObject({
      blobVersionedHashes: [expect.stringMatching(/^0x01/)],
    })
    expect((await client.getBlock()).blobGasUsed).toBe(131_072n)
  }, 60_000)

  it('proves accounts and slots against the state root', async () => {
    const deployed = await client.deployContract({
      account,
      abi,
      bytecode: bytecode as Hex,
      args: ['Demo', 'DEMO', 1000n],
    })
    const { contractAddress } = await client.waitForTransactionReceipt({ hash: deployed })
    if (!contractAddress) throw new Error('no contract')
    const supplySlot = toHex(2, { size: 32 })
    const proof = await client.getProof({ address: contractAddress, storageKeys: [supplySlot] })
    const { stateRoot } = await client.getBlock()
    const read = async (root: Hex, key: Hex, nodes: readonly Hex[]) =>
      verifyMPTWithMerkleProof(
        await createMPT(),
        hexToBytes(root),
        hexToBytes(keccak256(key)),
        nodes.map(hexToBytes),
      )
    const leaf = fromRlp(
      (await read(stateRoot, contractAddress, proof.accountProof)) ?? new Uint8Array(),
      'hex',
    )
    expect(leaf).toEqual(['0x01', '0x', proof.storageHash, proof.codeHash])
    const [slot] = proof.storageProof
    expect(slot?.value).toBe(1000n)
    const stored = await read(proof.storageHash, supplySlot, slot?.proof ?? [])
    expect(fromRlp(stored ?? new Uint8Array(), 'hex')).toBe(toHex(1000, { size: 2 }))
  })

  it('says why a call failed', async () => {
    const to = bytesToHex(refuser.address)
    expect(await refused('eth_call', { to }, 'latest')).toMatchObject({
      code: 3,
      message: 'execution reverted: no',
      data: expect.stringMatching(/^0x08c379a0/),
    })
    await expect(client.call({ to })).rejects.toThrow('no')
    expect(await refused('eth_estimateGas', { to })).toMatchObject({ code: 3 })
    expect(
      await refused('eth_call', { from: other.address, to, value: toHex(10n ** 30n) }),
    ).toMatchObject({
      code: -32000,
      message: expect.stringContaining('insufficient funds'),
    })
  })

  it('names what is wrong with a request', async () => {
    const nobody = `0x${'00'.repeat(20)}`
    const cases: [string, unknown[], number, string][] = [
      ['eth_nothing', [], -32601, 'eth_nothing'],
      ['eth_getBalance', ['0x12'], -32602, 'address'],
      ['eth_getBalance', [nobody, 'newest'], -32602, 'block'],
      ['eth_getBalance', [nobody, '0xffffff'], -32000, 'block not found'],
      ['eth_call', [{ to: nobody, data: '0x1' }], -32602, 'transaction.data'],
      ['eth_call', [{ to: nobody, data: '0x', input: '0x01' }], -32602, 'transaction.input'],
      ['eth_getLogs', [{ topics: ['0x01'] }], -32602, 'filter.topics[0]'],
      ['eth_getLogs', [{ fromBlock: '0x2', toBlock: '0x1' }], -32602, 'filter'],
      ['eth_feeHistory', ['0x1', 'latest', [50, 20]], -32602, 'percentiles'],
      ['eth_sendRawTransaction', ['0x'], -32003, 'no bytes'],
      ['eth_sendTransaction', [{ from: nobody, to: nobody }], -32000, 'unknown account'],
      ['debug_traceTransaction', [`0x${'11'.repeat(32)}`], -32000, 'not found'],
      ['debug_traceBlockByNumber', ['latest', { tracer: 'jsTracer' }], -32602, 'tracer'],
      ['eth_getStorageAt', [nobody, 'zero'], -32000, 'slot'],
      ['eth_getBlockByNumber', ['latest', 'yes'], -32602, 'full transactions'],
    ]
    for (const [method, params, code, text] of cases) {
      expect(await refused(method, ...params), method).toMatchObject({
        code,
        message: expect.stringContaining(text),
      })
    }
  })

  it('overrides state and block of a call', async () => {
    const address = `0x${'ee'.repeat(20)}` as const
    const returnsSlot = '0x5f545f5260205ff3'
    const call = (state: unknown, block: unknown = {}) =>
      node.request({ method: 'eth_call', params: [{ to: address }, 'latest', state, block] })
    expect(await call({ [address]: { code: returnsSlot, state: { '0x0': toHex(9n) } } })).toBe(
      toHex(9n, { size: 32 }),
    )
    expect(await call({ [address]: { code: '0x435f5260205ff3' } }, { number: '0x99' })).toBe(
      toHex(0x99n, { size: 32 }),
    )
    expect(await client.getCode({ address })).toBeUndefined()
  })

  it('signs for its own accounts', async () => {
    const [first] = (await node.request({ method: 'eth_accounts' })) as Hex[]
    expect(first).toBe(account.address.toLowerCase())
    expect(TEST_ACCOUNTS.map(({ address }) => address)).toEqual(
      TEST_ACCOUNTS.map((_, addressIndex) =>
        mnemonicToAccount(TEST_MNEMONIC, { addressIndex }).address.toLowerCase(),
      ),
    )
    const message = 'to be signed'
    expect(await node.request({ method: 'personal_sign', params: [toHex(message), first] })).toBe(
      await account.signMessage({ message }),
    )
    const typed = {
      domain: { name: 'x', chainId: 1 },
      primaryType: 'Mail',
      message: { text: 'hi' },
      types: { Mail: [{ name: 'text', type: 'string' }] },
    } as const
    expect(
      await node.request({
        method: 'eth_signTypedData_v4',
        params: [first, JSON.stringify(typed)],
      }),
    ).toBe(await account.signTypedData(typed))
    const hash = (await node.request({
      method: 'eth_sendTransaction',
      params: [{ from: first, to: other.address, value: '0x5' }],
    })) as Hex
    expect(await client.getTransactionReceipt({ hash })).toMatchObject({ status: 'success' })
  })

  it('keeps transactions in the pool until a block takes them', async () => {
    node.mines = false
    const nonce = await client.getTransactionCount({ address: other.address })
    const hash = await client.sendTransaction({ account: other, to: account.address, nonce })
    await client.sendTransaction({
      account: other,
      to: account.address,
      nonce: nonce + 2,
      gas: 21_000n,
    })
    expect(await node.request({ method: 'txpool_status' })).toEqual({
      pending: '0x1',
      queued: '0x1',
    })
    expect(await client.getTransactionCount({ address: other.address, blockTag: 'pending' })).toBe(
      nonce + 1,
    )
    expect(await client.getTransaction({ hash })).toMatchObject({ blockNumber: null })
    await expect(
      client.sendTransaction({
        account: other,
        to: account.address,
        nonce,
        gas: 21_000n,
        maxFeePerGas: 10n ** 9n * 3n,
        maxPriorityFeePerGas: 1n,
      }),
    ).rejects.toThrow(/replacement transaction underpriced/i)
    await node.mine()
    node.mines = true
    expect(await client.getTransactionReceipt({ hash })).toMatchObject({ status: 'success' })
    expect(await node.request({ method: 'txpool_status' })).toEqual({
      pending: '0x0',
      queued: '0x1',
    })
  })

  it('traces transactions', async () => {
    const to = bytesToHex(refuser.address)
    const hash = await client.sendTransaction({ account, to, gas: 100_000n })
    const trace = await node.request({ method: 'debug_traceTransaction', params: [hash] })
    expect(trace).toMatchObject({ failed: true })
    const { structLogs } = trace as { structLogs: { op: string; pc: number; depth: number }[] }
    expect(structLogs.at(-1)).toMatchObject({ op: 'REVERT', depth: 1 })
    const calls = await node.request({
      method: 'debug_traceTransaction',
      params: [hash, { tracer: 'callTracer' }],
    })
    expect(calls).toMatchObject({
      type: 'CALL',
      to,
      error: 'execution reverted',
      revertReason: 'no',
    })
  })

  it('answers what clients ask in passing', async () => {
    expect(await client.getChainId()).toBe(node.chain.config.chainId)
    expect(await client.getGasPrice()).toBeGreaterThan(0n)
    expect(await client.estimateMaxPriorityFeePerGas()).toBeGreaterThan(0n)
    expect(
      (await client.getFeeHistory({ blockCount: 4, rewardPercentiles: [10, 50] })).baseFeePerGas,
    ).toHaveLength(5)
    expect(await client.getBlobBaseFee()).toBe(1n)
    const params = [`0x${'01'.repeat(32)}`]
    expect(await node.request({ method: 'anvil_getBlobByHash', params })).toBeNull()
    expect(await node.request({ method: 'anvil_getBlobsByTransactionHash', params })).toBeNull()
    await expect(
      node.request({ method: 'anvil_getBlobByHash', params: ['0x01'] }),
    ).rejects.toMatchObject({ code: -32602 })
    expect(await node.request({ method: 'net_version' })).toBe(String(node.chain.config.chainId))
    expect(await node.request({ method: 'web3_sha3', params: ['0x68656c6c6f'] })).toBe(
      keccak256('0x68656c6c6f'),
    )
    expect(await node.request({ method: 'eth_syncing' })).toBe(false)
    const raw = (await node.request({ method: 'debug_getRawHeader', params: ['latest'] })) as Hex
    expect(keccak256(raw)).toBe((await client.getBlock()).hash)
    expect(await client.getBlock({ blockTag: 'finalized' })).toMatchObject({ number: 0n })
  })
})
