/** Accounts of L2 that a step concerns: their balances are behind a root that says nothing to people. */
import { bytesToHex, equalBytes, type Hex, hexToBytes } from '../bytes.ts'
import type { MachineState } from '../machine/types.ts'
import { wordToAddress } from '../machine/words.ts'
import { EMPTY_ACCOUNT, getAccount } from '../trie/world.ts'

interface AccountFacts {
  readonly balanceWei: bigint
  readonly nonce: bigint
  readonly codeHash: Hex
}

/** Structurally `AccountAround` of the protocol. */
export interface AccountAround {
  readonly address: Hex
  readonly before: AccountFacts
  readonly honest: AccountFacts
  readonly claimed: AccountFacts | null
}

interface Around {
  readonly before: MachineState
  readonly honest: MachineState
  readonly claimed: MachineState | null
  /** Who gains by most lies. */
  readonly proposer: Hex
}

/** Accounts that the states name and that the step changes, or is claimed to change. */
export function accountsAround({ before, honest, claimed, proposer }: Around): AccountAround[] {
  const states = claimed === null ? [before, honest] : [before, honest, claimed]
  const named = [hexToBytes(proposer), ...states.flatMap(addressesOf)]
  const addresses = named.filter((one, at) => named.findIndex((two) => equalBytes(one, two)) === at)
  return addresses.flatMap((address) => {
    const around = {
      address: bytesToHex(address),
      before: factsOf(before, address),
      honest: factsOf(honest, address),
      claimed: claimed && factsOf(claimed, address),
    }
    const isSame = isEqual(around.before, around.honest)
    const isAgreed = around.claimed === null || isEqual(around.honest, around.claimed)
    return isSame && isAgreed ? [] : [around]
  })
}

function addressesOf({ block, tx, frame, world }: MachineState): readonly Uint8Array[] {
  const { destructs } = world
  return [
    ...(tx.source === 0 ? [] : [tx.origin, tx.to]),
    ...(frame === null ? [] : [frame.caller, frame.self]),
    ...(destructs === null ? [] : [wordToAddress(destructs.words[0] ?? 0n)]),
    block.coinbase,
  ]
}

function factsOf({ world }: MachineState, address: Uint8Array): AccountFacts {
  const { balance, nonce, codeHash } = getAccount(world.state, address) ?? EMPTY_ACCOUNT
  return { balanceWei: balance, nonce, codeHash: bytesToHex(codeHash) }
}

function isEqual(left: AccountFacts, right: AccountFacts): boolean {
  return (
    left.balanceWei === right.balanceWei &&
    left.nonce === right.nonce &&
    left.codeHash === right.codeHash
  )
}
