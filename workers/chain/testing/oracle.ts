/** The same block by @ethereumjs/vm as it comes: its own transactions, state manager, tries and `runBlock`. */
import { createBlock, type Block as OracleBlock } from '@ethereumjs/block'
import { Common, Hardfork, Mainnet } from '@ethereumjs/common'
import { MerkleStateManager } from '@ethereumjs/statemanager'
import { createTxFromRLP } from '@ethereumjs/tx'
import { Account, Address } from '@ethereumjs/util'
import { createVM, type RunBlockResult, runBlock } from '@ethereumjs/vm'
import { bigintToMinimalBytes } from '../../rollup/bytes.ts'
import { kzgPort } from '../evm/kzg.ts'
import type { Block, ChainConfig, GenesisAccount } from '../types.ts'

export interface Oracle {
  /** Runs our block again; the result holds all that its header commits to. */
  run(block: Block): Promise<RunBlockResult>
  stateRoot(): Promise<Uint8Array>
}

export async function createOracle(config: ChainConfig): Promise<Oracle> {
  const common = new Common({
    chain: { ...Mainnet, chainId: config.chainId },
    hardfork: Hardfork.Osaka,
    customCrypto: { kzg: kzgPort },
  })
  const stateManager = new MerkleStateManager({ common })
  const hashes = new Map<number, Uint8Array>()
  const vm = await createVM({
    common,
    stateManager,
    blockchain: {
      getBlock: async (number: number) => ({
        hash: () => hashes.get(number) ?? new Uint8Array(32),
      }),
      putBlock: async () => {},
      shallowCopy() {
        return this
      },
    },
  })
  for (const account of config.genesis.accounts) await allocate(stateManager, account)
  return {
    stateRoot: () => stateManager.getStateRoot(),
    async run(block) {
      hashes.set(Number(block.header.number) - 1, block.header.parentHash)
      return runBlock(vm, {
        block: toOracleBlock(block, common),
        skipBlockValidation: true,
        generate: true,
      })
    },
  }
}

/** Our header and transactions as @ethereumjs/block has them. */
export function toOracleBlock(block: Block, common: Common): OracleBlock {
  const { header } = block
  return createBlock(
    {
      header: {
        ...header,
        coinbase: new Address(header.coinbase),
        uncleHash: header.ommersHash,
        transactionsTrie: header.transactionsRoot,
        receiptTrie: header.receiptsRoot,
        mixHash: header.prevrandao,
        baseFeePerGas: header.baseFee,
      },
      transactions: block.transactions.map(({ raw }) => createTxFromRLP(raw, { common })) as never,
      withdrawals: [],
    },
    { common, skipConsensusFormatValidation: true },
  )
}

async function allocate(state: MerkleStateManager, account: GenesisAccount): Promise<void> {
  const address = new Address(account.address)
  await state.putAccount(address, new Account(account.nonce, account.balance))
  if (account.code.length > 0) await state.putCode(address, account.code)
  for (const { slot, value } of account.storage) {
    await state.putStorage(address, slot, bigintToMinimalBytes(value))
  }
}
