/** Anvil runs the contracts: revm, natively. Calls that are under way at once travel in one request. */
import { createAddressFromString } from '@ethereumjs/util'
import {
  type Abi,
  decodeFunctionResult,
  encodeDeployData,
  encodeFunctionData,
  type Hex,
  toFunctionSelector,
} from 'viem'
import { StepProbe } from '../../contracts/generated/test/StepProbe.ts'
import {
  bytesToHex,
  bytesToNumber,
  concatBytes,
  hexToBytes,
  padLeft,
  word,
} from '../../workers/rollup/bytes.ts'
import { type Anvil, startAnvil } from '../anvil/process.ts'
import { type Artifact, type Deployed, type Judge, nameOfError, type RawAnswer } from './evm.ts'

export interface AnvilJudge extends Judge {
  readonly node: Anvil
  /** `StepProbe`. */
  readonly probe: Deployed
}

/** Of a transaction that only carries others, many at once. */
const CALL_GAS = '0xffffffffff'
const FLAGS = ['--no-mining', '--hardfork', 'osaka']
const LIMITS = ['--no-request-size-limit', '--gas-limit', String(2 ** 40)]

/** Throws `AnvilError`. */
export async function createAnvilJudge(): Promise<AnvilJudge> {
  const node = await startAnvil([...FLAGS, ...LIMITS])
  const [from] = (await node.call('eth_accounts', [])) as readonly Hex[]
  const deploy = async (artifact: Artifact, args: readonly unknown[] = []): Promise<Deployed> => {
    const abi = artifact.abi as Abi
    const data = encodeDeployData({ abi, bytecode: artifact.bytecode, args } as never)
    const hash = await node.call('eth_sendTransaction', [{ from, data, gas: '0x1000000' }])
    await node.call('evm_mine', [])
    const receipt = (await node.call('eth_getTransactionReceipt', [hash])) as {
      readonly status: Hex
      readonly contractAddress: Hex
    }
    if (receipt.status !== '0x1') throw new Error('Anvil does not deploy a contract.')
    return { abi, address: createAddressFromString(receipt.contractAddress) }
  }
  const probe = await deploy(StepProbe)
  return { node, probe, deploy, call: createCalls(node, probe), close: node.close }
}

interface Waiting {
  readonly contract: Deployed
  readonly data: Hex
  readonly resolve: (answer: Hex) => void
  readonly reject: (error: unknown) => void
}

function createCalls(node: Anvil, probe: Deployed): Judge['call'] {
  let waiting: Waiting[] = []
  const flush = async () => {
    const calls = waiting
    waiting = []
    try {
      const answers = await node.callAll(
        calls.map(({ data }) => ({
          method: 'eth_call',
          params: [{ to: probe.address.toString(), data, gas: CALL_GAS }, 'latest'],
        })),
      )
      for (const [index, { resolve }] of calls.entries()) resolve(answers[index] as Hex)
    } catch (error) {
      for (const { reject } of calls) reject(error)
    }
  }
  const send = (contract: Deployed, data: Hex): Promise<Hex> =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(flush)
      waiting.push({ contract, data, resolve, reject })
    })
  return async (contract, data) => {
    const answer = await send(contract, encodeAsk(contract, data))
    return toRawAnswer(contract, hexToBytes(answer))
  }
}

const ASK = hexToBytes(toFunctionSelector('ask(address,bytes)'))

function encodeAsk({ address }: Deployed, data: Uint8Array): Hex {
  const padding = new Uint8Array((32 - (data.length % 32)) % 32)
  const to = padLeft(address.bytes, 32)
  return bytesToHex(concatBytes(ASK, to, word(64), word(data.length), data, padding))
}

/** abi.decode(answer, (bool, uint256, bytes)) */
function toRawAnswer({ abi }: Deployed, answer: Uint8Array): RawAnswer {
  const number = (at: number) => bytesToNumber(answer.subarray(32 * at + 26, 32 * (at + 1)))
  const [succeeded, gas, size] = [number(0), BigInt(number(1)), number(3)]
  const returned = answer.slice(128, 128 + size)
  if (succeeded === 1) return { returned, gas }
  return { returned, gas, error: nameOfError(abi, bytesToHex(returned), 'reverted') }
}

export interface Flips {
  readonly reverted: number
  readonly unchanged: number
  /** 8 * byte + bit of the call. */
  readonly accepted: readonly number[]
}

/** Changes the lowest bits of these bytes of a call, one at a time. */
export async function flipBits(
  { node, probe }: AnvilJudge,
  contract: Deployed,
  call: {
    readonly data: Uint8Array
    readonly honest: Hex
    readonly from: number
    readonly count: number
    readonly bits: number
  },
): Promise<Flips> {
  const { data, honest, from, count, bits } = call
  const functionName = 'flip'
  const range = [from, count, bits].map(BigInt)
  const args = [contract.address.toString(), bytesToHex(data), honest, ...range]
  const encoded = encodeFunctionData({ abi: probe.abi, functionName, args } as never)
  const request = { to: probe.address.toString(), data: encoded, gas: CALL_GAS }
  const answer = (await node.call('eth_call', [request, 'latest'])) as Hex
  const [reverted, unchanged, accepted] = decodeFunctionResult({
    abi: probe.abi,
    functionName,
    data: answer,
  } as never) as unknown as readonly [bigint, bigint, readonly bigint[]]
  return {
    reverted: Number(reverted),
    unchanged: Number(unchanged),
    accepted: accepted.map(Number),
  }
}
