/** A withdrawal on its way to L1, as `rollup_withdrawalProof` answers it (docs/specs/RPC.md). */
type Hex = `0x${string}`

export interface WithdrawalProof {
  readonly withdrawal: {
    readonly nonce: Hex
    readonly sender: Hex
    readonly target: Hex
    readonly value: Hex
    readonly gasLimit: Hex
    readonly data: Hex
  }
  /** The game whose root covers it. */
  readonly game: Hex
  /** Whether that root is final, so that the withdrawal can be paid. */
  readonly final: boolean
  readonly proof: {
    readonly statePreimage: Hex
    readonly worldPreimage: Hex
    readonly account: Hex
    readonly accountProof: readonly Hex[]
    readonly storageProof: readonly Hex[]
  }
}

/** `IL1Bridge.Withdrawal`, as ABI encoders take it. */
export interface Withdrawal {
  readonly nonce: bigint
  readonly sender: Hex
  readonly target: Hex
  readonly value: bigint
  readonly gasLimit: bigint
  readonly data: Hex
}

export function toWithdrawal({ withdrawal }: WithdrawalProof): Withdrawal {
  const { nonce, value, gasLimit } = withdrawal
  return { ...withdrawal, nonce: BigInt(nonce), value: BigInt(value), gasLimit: BigInt(gasLimit) }
}
