/** The node itself, and helpers that need no chain. */
import { bytesToHex } from '../../rollup/bytes.ts'
import { keccak256 } from '../../rollup/keccak.ts'
import type { MethodTable } from './backend.ts'
import { quantity } from './format.ts'
import { readData } from './params.ts'

export const nodeMethods: MethodTable = {
  eth_chainId: ({ chain }) => quantity(chain.config.chainId),
  eth_syncing: () => false,
  eth_coinbase: ({ chain }) => bytesToHex(chain.head().header.coinbase),
  eth_mining: () => false,
  eth_hashrate: () => '0x0',
  eth_protocolVersion: () => '0x46',
  net_version: ({ chain }) => String(chain.config.chainId),
  net_listening: () => true,
  net_peerCount: () => '0x0',
  web3_clientVersion: () => 'trex-devnet/0.1.0',
  web3_sha3: (_, params) => bytesToHex(keccak256(readData(params[0], 'data'))),
}
