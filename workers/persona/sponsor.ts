/**
 * Sponsored gas: an owner without ether signs a user operation, its account runs the code of Simple7702Account (EIP-7702), EntryPoint 0.8
 * checks and runs it, and the paymaster pays for what the sponsor signed. The relayer is the bundler; EntryPoint pays it back.
 */
import {
  concatHex,
  encodeFunctionData,
  type Hex,
  hashTypedData,
  keccak256,
  type Log,
  numberToHex,
  parseAbi,
  parseEventLogs,
  slice,
} from 'viem'
import {
  entryPoint08Abi,
  getUserOperationHash,
  toPackedUserOperation,
} from 'viem/account-abstraction'
import type { Json } from '../protocol/world.ts'
import { bytesToHex, hexToBytes } from '../rollup/bytes.ts'
import { signAuthorization } from '../rollup/transaction/sign.ts'
import type { Authorization } from '../rollup/transaction/transaction.ts'
import { ownerAccount, type PersonaAccount, REGISTRAR, RELAYER } from './accounts.ts'
import { ENTRY_POINT, PAYMASTER, SIMPLE_7702_ACCOUNT } from './addresses.ts'
import type { Stage } from './stage.ts'
import { signDigest } from './typedData.ts'

/** One call that the owner's account makes. */
export interface OwnCall {
  readonly to: Hex
  readonly data: Hex
  readonly gas: bigint
}

/** What the operation may use besides its calls; EntryPoint charges for the whole of `OVERHEAD_GAS`. */
const VERIFICATION_GAS = 120_000n
const PAYMASTER_GAS = 100_000n
const OVERHEAD_GAS = 60_000n
/** The bundler's transaction: EntryPoint wants 1/64 more than the calls take, and some to keep its books. */
const BUNDLE_GAS = 250_000n
const GWEI = 10n ** 9n
const FEES = { maxFeePerGas: 50n * GWEI, maxPriorityFeePerGas: GWEI } as const
/** How long the sponsor's signature is good. */
const LIFE_SECONDS = 600
const DELEGATION = concatHex(['0xef0100', SIMPLE_7702_ACCOUNT])

const accountAbi = parseAbi([
  'struct Call { address target; uint256 value; bytes data; }',
  'function executeBatch(Call[] calls)',
])

/** Queues the calls as one user operation of a person; nothing of them is done if one reverts. Returns the bundle's hash. */
export async function sendSponsored(
  stage: Stage,
  person: number,
  calls: readonly OwnCall[],
): Promise<Hex> {
  const owner = ownerAccount(person)
  const callData = encodeFunctionData({
    abi: accountAbi,
    functionName: 'executeBatch',
    args: [calls.map(({ to, data }) => ({ target: to, value: 0n, data }))],
  })
  const callGasLimit = calls.reduce((sum, { gas }) => sum + gas, 50_000n)
  const operation = signedOperation(stage, owner, { callData, callGasLimit })
  const data = encodeFunctionData({
    abi: entryPoint08Abi,
    functionName: 'handleOps',
    args: [[operation], RELAYER.address],
  })
  const gas = BUNDLE_GAS + VERIFICATION_GAS + PAYMASTER_GAS + (callGasLimit * 64n) / 63n
  const authorizations = await missingAuthorization(stage, owner)
  return stage.outbox.send(RELAYER, { to: ENTRY_POINT, data, gas, authorizations })
}

function signedOperation(
  { digests: { chainId }, head }: Stage,
  owner: PersonaAccount,
  { callData, callGasLimit }: { readonly callData: Hex; readonly callGasLimit: bigint },
) {
  const validUntil = head.timestamp + LIFE_SECONDS
  const operation = {
    sender: owner.address,
    nonce: operationNonce(callData, head.timestamp),
    callData,
    callGasLimit,
    verificationGasLimit: VERIFICATION_GAS,
    preVerificationGas: OVERHEAD_GAS,
    ...FEES,
    paymaster: PAYMASTER as Hex,
    paymasterVerificationGasLimit: PAYMASTER_GAS,
    paymasterPostOpGasLimit: 0n,
    signature: '0x' as Hex,
  }
  const { accountGasLimits, gasFees } = toPackedUserOperation(operation)
  const request = hashTypedData({
    domain: {
      name: 'PersonaPaymaster',
      version: '1',
      chainId,
      verifyingContract: PAYMASTER,
    },
    types: { UserOperationRequest: REQUEST },
    primaryType: 'UserOperationRequest',
    message: {
      ...operation,
      initCode: '0x',
      accountGasLimits,
      gasFees,
      validAfter: 0,
      validUntil,
    },
  })
  const times = [numberToHex(0, { size: 6 }), numberToHex(validUntil, { size: 6 })]
  const paymasterData = concatHex([...times, signed(request, REGISTRAR)])
  const sponsored = { ...operation, paymasterData }
  const hash = getUserOperationHash({
    chainId,
    entryPointAddress: ENTRY_POINT,
    entryPointVersion: '0.8',
    userOperation: sponsored,
  })
  return toPackedUserOperation({ ...sponsored, signature: signed(hash, owner) })
}

/** What the paymaster's sponsor signs (`PaymasterSigner` of OpenZeppelin). */
const REQUEST = [
  { name: 'sender', type: 'address' },
  { name: 'nonce', type: 'uint256' },
  { name: 'initCode', type: 'bytes' },
  { name: 'callData', type: 'bytes' },
  { name: 'accountGasLimits', type: 'bytes32' },
  { name: 'preVerificationGas', type: 'uint256' },
  { name: 'gasFees', type: 'bytes32' },
  { name: 'paymasterVerificationGasLimit', type: 'uint256' },
  { name: 'paymasterPostOpGasLimit', type: 'uint256' },
  { name: 'validAfter', type: 'uint48' },
  { name: 'validUntil', type: 'uint48' },
] as const

/**
 * The first number of a lane of its own. Rationale: EntryPoint counts each of 2¹⁹² lanes apart, so that operations on their way at the same
 * time need not know of each other; the same calls in the same second are the same operation, and done once.
 */
function operationNonce(callData: Hex, seconds: number): bigint {
  const lane = slice(keccak256(concatHex([callData, numberToHex(seconds)])), 0, 24)
  return BigInt(lane) << 64n
}

function signed(hash: Hex, { key }: PersonaAccount): Hex {
  return bytesToHex(signDigest(hexToBytes(hash), key))
}

/** The owner's consent to run the account's code, unless its address does already. */
async function missingAuthorization(
  { read, digests: { chainId } }: Stage,
  { address, key }: PersonaAccount,
): Promise<readonly Authorization[]> {
  const code = await read('eth_getCode', [address, 'latest'])
  if (code === DELEGATION) return []
  const nonce = BigInt(String(await read('eth_getTransactionCount', [address, 'latest'])))
  const unsigned = { chainId: BigInt(chainId), address: hexToBytes(SIMPLE_7702_ACCOUNT), nonce }
  return [signAuthorization(unsigned, key)]
}

/** How a user operation ended: its bundle succeeds even where its calls revert. */
export interface OperationOutcome {
  readonly success: boolean
  readonly paymaster: Hex
  /** What the paymaster paid. */
  readonly gasCostWei: bigint
}

/** What EntryPoint logged of a bundle's only operation; null for a receipt of another transaction. */
export function operationOutcome(receipt: Json): OperationOutcome | null {
  const { logs = [] } = receipt as unknown as { readonly logs?: readonly Log[] }
  const [event] = parseEventLogs({
    abi: entryPoint08Abi,
    eventName: 'UserOperationEvent',
    logs: logs.filter(({ address }) => address.toLowerCase() === ENTRY_POINT),
  })
  if (event === undefined) return null
  const { success, paymaster, actualGasCost } = event.args
  return { success, paymaster, gasCostWei: actualGasCost }
}
