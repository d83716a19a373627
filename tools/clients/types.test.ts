/** Senders of the younger kinds of transactions, as ethers writes them: blobs (type 3) and delegations (type 4). */
import {
  Contract,
  ContractFactory,
  isCallException,
  JsonRpcProvider,
  Transaction,
  type TransactionResponse,
  Wallet,
} from 'ethers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { trexL1 } from '../../sdk/viem.ts'
import { BLOB_SIZE } from '../../workers/rollup/batch/geometry.ts'
import { bytesToHex } from '../../workers/rollup/bytes.ts'
import { type Kzg, loadKzg } from '../../workers/rollup/data/kzg.ts'
import { versionedHash } from '../../workers/rollup/data/versionedHash.ts'
import { abi, bytecode, serveDevnet } from './devnet.testing.ts'

const { url, keyOf } = serveDevnet()

/** Of an idle devnet a nonce is old at once; see docs/CLIENTS.md. */
const connect = (chain: 'l1' | 'l2') =>
  new JsonRpcProvider(url(chain), undefined, { pollingInterval: 50, cacheTimeout: -1 })

async function deploy(wallet: Wallet): Promise<Contract> {
  const deployed = await new ContractFactory(abi as never, bytecode, wallet).deploy(0)
  await deployed.waitForDeployment()
  return new Contract(await deployed.getAddress(), abi as never, wallet)
}

/** What the chain says of a transaction that it took and that failed. */
async function failureOf(sent: TransactionResponse): Promise<unknown> {
  const error = await sent.wait().catch((thrown: unknown) => thrown)
  return isCallException(error) ? error.receipt : error
}

async function revertOf(call: Promise<unknown>): Promise<unknown> {
  const error = await call.catch((thrown: unknown) => thrown)
  return isCallException(error) ? error.revert : error
}

describe('an authorizer of a delegation on L2 (type 4)', () => {
  let provider: JsonRpcProvider
  let sender: Wallet
  let authority: Wallet
  let probe: Contract
  beforeAll(async () => {
    provider = connect('l2')
    sender = new Wallet(keyOf(0), provider)
    authority = new Wallet(keyOf(1), provider)
    probe = await deploy(sender)
  })
  afterAll(() => provider.destroy())

  const delegated = () => new Contract(authority.address, abi as never, sender)
  const send = async (data: string) => {
    const address = await probe.getAddress()
    return sender.sendTransaction({
      type: 4,
      to: authority.address,
      data,
      gasLimit: 200_000n,
      authorizationList: [await authority.authorize({ address })],
    })
  }

  test('meets a revert, after which the delegation stands all the same (EIP-7702)', async () => {
    const sent = await send(probe.interface.encodeFunctionData('refuse', [7]))
    expect(await failureOf(sent)).toMatchObject({ status: 0, type: 4 })
    expect(await provider.getCode(authority.address)).toBe(
      `0xef0100${(await probe.getAddress()).slice(2).toLowerCase()}`,
    )
    expect(await provider.getTransactionCount(authority.address)).toBe(1)
    expect(await revertOf(delegated().getFunction('refuse')(7))).toMatchObject({
      name: 'Refused',
      args: [7n, sender.address],
    })
  })

  test('runs the delegate in its own storage, which logs as itself', async () => {
    const sent = await send(probe.interface.encodeFunctionData('set', [11]))
    expect((await sent.wait())?.status).toBe(1)
    expect(await delegated().getFunction('value')()).toBe(11n)
    expect(await probe.getFunction('value')()).toBe(0n)
    const [log] = await delegated().queryFilter('ValueSet', 0)
    expect(log).toMatchObject({ address: authority.address, args: [sender.address, 11n] })
  })
})

describe('a sender of blobs to L1 (type 3, with cell proofs)', () => {
  const blob = new Uint8Array(BLOB_SIZE)
  let kzg: Kzg
  let provider: JsonRpcProvider
  let wallet: Wallet
  let probe: Contract
  beforeAll(async () => {
    blob.set(new TextEncoder().encode('trex'), 1)
    kzg = await loadKzg()
    provider = connect('l1')
    wallet = new Wallet(keyOf(0), provider)
    probe = await deploy(wallet)
  })
  afterAll(() => provider.destroy())

  const hashOf = (bytes: Uint8Array) => bytesToHex(versionedHash(kzg.blobToCommitment(bytes)))
  const send = async (data: string) => {
    const { maxFeePerGas, maxPriorityFeePerGas } = await provider.getFeeData()
    const proofs = kzg.cellsAndProofs(blob).map(({ proof }) => bytesToHex(proof).slice(2))
    const transaction = Transaction.from({
      type: 3,
      chainId: trexL1.id,
      nonce: await wallet.getNonce(),
      to: await probe.getAddress(),
      data,
      gasLimit: 100_000n,
      maxFeePerGas,
      maxPriorityFeePerGas,
      maxFeePerBlobGas: 10n ** 10n,
      blobVersionedHashes: [hashOf(blob)],
      blobWrapperVersion: 1,
      blobs: [
        {
          data: bytesToHex(blob),
          commitment: bytesToHex(kzg.blobToCommitment(blob)),
          proof: `0x${proofs.join('')}`,
        },
      ],
    } as never)
    transaction.signature = wallet.signingKey.sign(transaction.unsignedHash)
    return provider.broadcastTransaction(transaction.serialized)
  }

  test('transacts and reads its log and its versioned hash', async () => {
    const sent = await send(probe.interface.encodeFunctionData('set', [13]))
    expect(await sent.wait()).toMatchObject({ status: 1, type: 3, blobGasUsed: 131_072n })
    const [log] = await probe.queryFilter('ValueSet', 0)
    expect(log).toMatchObject({ transactionHash: sent.hash, args: [wallet.address, 13n] })
    const { blobVersionedHashes } = (await provider.getTransaction(sent.hash)) ?? {}
    expect(blobVersionedHashes).toEqual([hashOf(blob)])
  })

  test('meets a revert, for which its blob is paid, and decodes why', async () => {
    const data = probe.interface.encodeFunctionData('refuse', [3])
    const sent = await send(data)
    expect(await failureOf(sent)).toMatchObject({ status: 0, type: 3, blobGasUsed: 131_072n })
    const call = {
      type: '0x3',
      from: wallet.address,
      to: await probe.getAddress(),
      data,
      maxFeePerBlobGas: '0x2540be400',
      blobVersionedHashes: [hashOf(blob)],
    }
    const refused = await provider
      .send('eth_call', [call, 'latest'])
      .catch((error: unknown) => error)
    const reason = isCallException(refused) ? refused.data : null
    expect(probe.interface.parseError(reason ?? '0x')).toMatchObject({
      name: 'Refused',
      args: [3n, wallet.address],
    })
  })
})
