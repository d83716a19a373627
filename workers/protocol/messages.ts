/**
 * Every message between nodes, by its type. A payload is plain data (`kernel/role.ts`); bytes are `Uint8Array`,
 * hashes and addresses in messages are `Uint8Array` too (32 and 20 bytes); amounts in wei and heights are `bigint`.
 */
export interface L1Log {
  readonly address: Uint8Array
  readonly topics: readonly Uint8Array[]
  readonly data: Uint8Array
  readonly transactionHash: Uint8Array
  readonly logIndex: number
}

/** One transaction's outcome, as a role that sent it wants to know it. */
export interface L1Outcome {
  readonly hash: Uint8Array
  readonly from: Uint8Array
  readonly nonce: bigint
  readonly succeeded: boolean
  readonly gasUsed: bigint
}

/** A new L1 head. On a reorg the replacement blocks arrive in order; `parentHash` tells where they attach. */
export interface L1Head {
  readonly number: bigint
  readonly hash: Uint8Array
  readonly parentHash: Uint8Array
  /** Unix seconds. */
  readonly timestamp: bigint
  readonly baseFee: bigint
  readonly prevrandao: Uint8Array
  /** RLP of the header, so that a contract can check fields against the block hash. */
  readonly headerRlp: Uint8Array
  readonly logs: readonly L1Log[]
  readonly outcomes: readonly L1Outcome[]
  readonly finalizedNumber: bigint
}

/** What the committee orders: the content of one L2 block before execution. */
export interface L2BlockContent {
  /** Unix seconds; not below its parent's. */
  readonly timestamp: bigint
  /** How many inbox messages (deposits, forced transactions) have been consumed once this block is executed. */
  readonly inboxCount: bigint
  /** EIP-2718 encodings. */
  readonly transactions: readonly Uint8Array[]
}

/** The L1 block that a batch builds on. */
export interface L1Origin {
  readonly number: bigint
  readonly hash: Uint8Array
  readonly timestamp: bigint
  readonly baseFee: bigint
  readonly prevrandao: Uint8Array
}

/** What one view of the committee decides: zero or more L2 blocks. */
export interface OrderedBlock {
  readonly view: bigint
  readonly parent: Uint8Array
  readonly proposer: number
  /** Index of the inbox entry (batch) that the L2 blocks below belong to; L2 blocks of one entry are contiguous. */
  readonly batchIndex: bigint
  /** The batch's L1 origin; the same in every view of one batch. */
  readonly origin: L1Origin
  readonly blocks: readonly L2BlockContent[]
}

/** `signers` bit i = committee member i. `signature` is the aggregate, compressed G2 (96 bytes). */
export interface Certificate {
  readonly signers: number
  readonly signature: Uint8Array
}

export type VoteKind = 'notarize' | 'nullify' | 'finalize'

export interface Vote {
  readonly kind: VoteKind
  readonly view: bigint
  /** Hash of the ordered block; zeros for `nullify`. */
  readonly block: Uint8Array
  readonly voter: number
  readonly signature: Uint8Array
}

/** What the committee and the data nodes sign for a batch; ABI-encoded and hashed exactly as the inbox contract does. */
export interface BatchHeader {
  readonly index: bigint
  /** Hash of the preceding entry's record, as the inbox stores it. */
  readonly parent: Uint8Array
  readonly versionedHash: Uint8Array
  readonly cellsRoot: Uint8Array
  readonly payloadLength: bigint
  readonly inboxCount: bigint
  readonly originNumber: bigint
  readonly firstView: bigint
  readonly lastView: bigint
}

export interface Cell {
  readonly index: number
  /** 2,048 bytes. */
  readonly bytes: Uint8Array
  /** KZG proof, 48 bytes. */
  readonly proof: Uint8Array
}

export interface Messages {
  // L1 as a port: a stream of heads, and JSON-RPC as any Ethereum node speaks it.
  'l1.head': L1Head
  'l1.subscribe': { readonly fromNumber: bigint }
  'l1.sendTransaction': { readonly raw: Uint8Array }
  'l1.rpc': { readonly id: number; readonly method: string; readonly params: string }
  'l1.rpcResult': { readonly id: number; readonly result: string; readonly error: string }
  // Clients' transactions, gossiped by the RPC node to the committee.
  'order.transaction': { readonly raw: Uint8Array }
  /** A devnet's user takes back what waits (`anvil_dropTransaction`). */
  'order.drop': { readonly hashes: readonly Uint8Array[] }
  // Simplex.
  'simplex.propose': { readonly block: OrderedBlock; readonly signature: Uint8Array }
  'simplex.vote': Vote
  'simplex.certificate': {
    readonly kind: VoteKind
    readonly view: bigint
    readonly block: Uint8Array
    readonly certificate: Certificate
  }
  'simplex.fetch': { readonly view: bigint }
  /** Answers `simplex.fetch`. `kind` is what the certificate certifies: `notarize` or `finalize`. */
  'simplex.block': {
    readonly block: OrderedBlock
    readonly kind: VoteKind
    readonly certificate: Certificate
  }
  'simplex.evidence': { readonly first: Vote; readonly second: Vote }
  // The finalized order, to executors, parents first. The last block of a run has a finalization certificate; ancestors that it
  // finalized may have their notarization instead. A gap (`block.parent` unknown) is asked for with `order.fetch`, from any member.
  'order.finalized': { readonly block: OrderedBlock; readonly certificate: Certificate }
  'order.fetch': { readonly fromView: bigint }
  // Batches.
  'batch.propose': { readonly header: BatchHeader; readonly commitment: Uint8Array }
  'batch.sign': {
    readonly index: bigint
    readonly headerHash: Uint8Array
    readonly signer: number
    readonly signature: Uint8Array
  }
  'da.store': {
    readonly index: bigint
    readonly commitment: Uint8Array
    readonly header: BatchHeader
    readonly cells: readonly Cell[]
    /** Ties the cells of the node's aligned range to `header.cellsRoot`: `verifyRange` of rollup/data/cellsRoot.ts. */
    readonly path: readonly Uint8Array[]
  }
  'da.receipt': {
    readonly index: bigint
    readonly headerHash: Uint8Array
    readonly signer: number
    readonly signature: Uint8Array
  }
  'da.fetch': { readonly index: bigint; readonly columns: readonly number[] }
  /**
   * `leaves` (`cellLeaf` of all cells of the node's range, which begins at column `first`) and `path` tie the cells to `cellsRoot`
   * through `verifyRange`. A node without the batch answers with no cells.
   */
  'da.cells': {
    readonly index: bigint
    readonly commitment: Uint8Array
    readonly cells: readonly Cell[]
    readonly first: number
    readonly leaves: readonly Uint8Array[]
    readonly path: readonly Uint8Array[]
  }
}

export type MessageType = keyof Messages
