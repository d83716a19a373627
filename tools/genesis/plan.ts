/** The order in which the deployer creates the contracts of L1; it fixes their addresses before any exists. */
import { getContractAddress } from 'viem'
import { bytesToHex, type Hex } from '../../workers/rollup/bytes.ts'
import { accountAddress } from '../../workers/rollup/keys.ts'
import { constructorInputs, hasArtifact, loadArtifact } from './artifacts.ts'
import { GenesisError } from './errors.ts'

export const DEPLOYER = 'deployer'
export const GUARDIAN = 'guardian'

const MISSING = 'MissingVerifier'

/** Parameters of a world that the verifier has as immutables, with their types. */
const FLAGS = { allowsCheats: 'bool', codeSizeMax: 'uint256', initcodeSizeMax: 'uint256' } as const
type Flag = keyof typeof FLAGS

/** What a constructor takes: the address of a contract, or one of the world's parameters. */
export type VerifierMember =
  | { readonly parameter: string; readonly contract: string }
  | { readonly parameter: string; readonly flag: Flag }

export interface VerifierPart {
  readonly name: string
  readonly address: Hex
  /** What its constructor takes, in order. */
  readonly parts: readonly VerifierMember[]
  /** The constructor takes one struct of addresses. */
  readonly isStruct: boolean
}

export interface Plan {
  readonly sequencerRegistry: Hex
  readonly dataRegistry: Hex
  readonly inbox: Hex
  readonly l1Bridge: Hex
  readonly withdrawalCaller: Hex
  /** The verifier's family in the order of deployment; the last is the entrance. */
  readonly verifiers: readonly VerifierPart[]
  readonly oneStepVerifier: Hex
  readonly anchorRegistry: Hex
  readonly disputeGame: Hex
  readonly disputeGameFactory: Hex
  readonly demoToken: Hex
  readonly personaProver: Hex
}

/** Address of the deployer's contract number `nonce`. */
export function deployed(nonce: number): Hex {
  const from = bytesToHex(accountAddress(DEPLOYER))
  return getContractAddress({ from, nonce: BigInt(nonce) }).toLowerCase() as Hex
}

export async function planDeployment(): Promise<Plan> {
  const verifiers = await planVerifiers(4)
  const entrance = verifiers.at(-1)
  if (entrance === undefined) throw new GenesisError('There is no verifier to deploy.')
  const next = 4 + verifiers.length
  const l1Bridge = deployed(3)
  return {
    sequencerRegistry: deployed(0),
    dataRegistry: deployed(1),
    inbox: deployed(2),
    l1Bridge,
    withdrawalCaller: getContractAddress({ from: l1Bridge, nonce: 1n }).toLowerCase() as Hex,
    verifiers,
    oneStepVerifier: entrance.address,
    anchorRegistry: deployed(next),
    disputeGame: deployed(next + 1),
    disputeGameFactory: deployed(next + 2),
    demoToken: deployed(next + 3),
    personaProver: deployed(next + 4),
  }
}

/**
 * The verifier's family by convention: the constructor of `OneStepVerifier` takes addresses (one by one, or in one struct); `storage_` is
 * contract `StorageStep`, or else `Storage`. Theirs may take further ones. For a member that is not built stands `MissingVerifier`,
 * which always reverts.
 */
async function planVerifiers(firstNonce: number): Promise<VerifierPart[]> {
  const entrance = hasArtifact('OneStepVerifier') ? 'OneStepVerifier' : MISSING
  const planned: VerifierPart[] = []
  const visit = async (name: string): Promise<void> => {
    if (planned.some((part) => part.name === name)) return
    const inputs = constructorInputs(await loadArtifact(name))
    const [first] = inputs
    const isStruct = first !== undefined && 'components' in first
    const fields = isStruct ? first.components : inputs
    const parts = fields.map((field) => memberOf(name, field.type, field.name))
    for (const part of parts) if ('contract' in part) await visit(part.contract)
    planned.push({ name, address: deployed(firstNonce + planned.length), parts, isStruct })
  }
  await visit(entrance)
  return planned
}

function memberOf(owner: string, type: string, parameter = ''): VerifierMember {
  if (isFlag(parameter) && type === FLAGS[parameter]) return { parameter, flag: parameter }
  if (type !== 'address' || parameter === '') {
    throw new GenesisError(
      `${owner}'s constructor takes ${type} ${parameter}; genesis knows addresses of contracts by name, and ${Object.keys(FLAGS).join(', ')}.`,
    )
  }
  const bare = parameter.replace(/^_+|_+$/g, '')
  const name = bare.charAt(0).toUpperCase() + bare.slice(1)
  const contract = [`${name}Step`, name].find(hasArtifact) ?? MISSING
  return { parameter, contract }
}

function isFlag(parameter: string): parameter is Flag {
  return Object.hasOwn(FLAGS, parameter)
}
