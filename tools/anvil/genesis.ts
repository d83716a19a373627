/** L1's genesis as Ethereum nodes read one (`anvil --init`): the contracts stand in it from the first block on. */
import { bytesToHex, word } from '../../workers/rollup/bytes.ts'
import type { ChainGenesis, GenesisAlloc } from '../../workers/rollup/genesisFile.ts'

const quantity = (value: bigint): string => `0x${value.toString(16)}`

/** Plain data for JSON, in geth's format. */
export function nodeGenesis(genesis: ChainGenesis, chainId: number) {
  const { timestamp, gasLimit, baseFee, coinbase, prevrandao, extraData, accounts } = genesis
  return {
    config: { chainId },
    number: '0x0',
    nonce: '0x0',
    difficulty: '0x0',
    timestamp: quantity(timestamp),
    gasLimit: quantity(gasLimit),
    baseFeePerGas: quantity(baseFee),
    coinbase: bytesToHex(coinbase),
    mixHash: bytesToHex(prevrandao),
    extraData: bytesToHex(extraData),
    alloc: Object.fromEntries(accounts.map((one) => [bytesToHex(one.address), nodeAccount(one)])),
  }
}

function nodeAccount({ nonce, balance, code, storage }: GenesisAlloc) {
  return {
    nonce: quantity(nonce),
    balance: quantity(balance),
    code: bytesToHex(code),
    storage: Object.fromEntries(
      storage.map(({ slot, value }) => [bytesToHex(slot), bytesToHex(word(value))]),
    ),
  }
}
