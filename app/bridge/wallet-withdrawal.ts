import { type Address, encodeFunctionData, type Hex, parseEventLogs } from 'viem'
import { abi as l1BridgeAbi } from '../../contracts/generated/L1Bridge.ts'
import { abi as passerAbi } from '../../contracts/generated/L2ToL1MessagePasser.ts'
import {
  type Account,
  confirmed,
  contractAddress,
  type Receipt,
  type Rpc,
} from './wallet-account.ts'

const pollMs = 1_500
/** A withdrawal that is not through after so many looks is left to the visitor: about an hour. */
const looksMax = 2_400

interface Proof {
  readonly withdrawal: {
    readonly nonce: Hex
    readonly sender: Address
    readonly target: Address
    readonly value: Hex
    readonly gasLimit: Hex
    readonly data: Hex
  }
  readonly game: Address
  readonly final: boolean
  readonly proof: {
    readonly statePreimage: Hex
    readonly worldPreimage: Hex
    readonly account: Hex
    readonly accountProof: readonly Hex[]
    readonly storageProof: readonly Hex[]
  }
}

/** Proves a withdrawal as soon as a root covers it, and has it paid once that root is final. Runs in the background. */
export function finishWithdrawal(world: Rpc, l1: Account, logs: Receipt['logs']): void {
  const [event] = parseEventLogs({
    abi: passerAbi,
    eventName: 'MessagePassed',
    logs: logs as never,
  })
  if (event === undefined) return
  const hash = (event.args as { readonly withdrawalHash: Hex }).withdrawalHash
  void run(world, l1, hash).catch(() => undefined)
}

async function run(world: Rpc, l1: Account, hash: Hex): Promise<void> {
  const bridge = await contractAddress(world, 'l1Bridge')
  const first = await waitForProof(world, hash, () => true)
  if (first === null) return
  await send(
    world,
    l1,
    bridge,
    encodeFunctionData({
      abi: l1BridgeAbi,
      functionName: 'proveWithdrawal',
      args: [toStruct(first), first.game, first.proof],
    }),
  )
  const final = await waitForProof(world, hash, (proof) => proof.final && proof.game === first.game)
  if (final === null) return
  await send(
    world,
    l1,
    bridge,
    encodeFunctionData({
      abi: l1BridgeAbi,
      functionName: 'finalizeWithdrawal',
      args: [toStruct(final), l1.address],
    }),
  )
}

async function send(world: Rpc, l1: Account, to: Address, data: Hex): Promise<void> {
  await confirmed(world, 'l1', await l1.send({ to, data, gas: 5_000_000n }))
}

/** Asks until the proof is as wanted; a missing proof means that no root covers the withdrawal yet. */
async function waitForProof(
  world: Rpc,
  hash: Hex,
  accept: (proof: Proof) => boolean,
): Promise<Proof | null> {
  for (let look = 0; look < looksMax; look += 1) {
    const answer = await world
      .rpc('l2', { method: 'rollup_withdrawalProof', params: [hash] })
      .catch(() => null)
    const proof = answer as unknown as Proof | null
    if (proof !== null && accept(proof)) return proof
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
  return null
}

function toStruct({ withdrawal }: Proof) {
  const { nonce, value, gasLimit } = withdrawal
  return { ...withdrawal, nonce: BigInt(nonce), value: BigInt(value), gasLimit: BigInt(gasLimit) }
}
