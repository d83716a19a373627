/**
 * Keys of the simulated nodes and of the test mnemonic. All of them are public: they are derived from a fixed text, so that genesis and
 * every run agree on them. A node's account and its BLS key are independent.
 */
import type { NodeId } from '../kernel/role.ts'
import { blsSecretKey } from './bls/signature.ts'
import { bytesToBigint, hexToBytes, utf8ToBytes, word } from './bytes.ts'
import { keccakText } from './keccak.ts'
import { privateKeyToAddress } from './secp256k1.ts'

const SEED = 'trex-devnet keys 1'
const SECP256K1_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

/** The account on L1 with which a node sends transactions; `deployer` and `guardian` are names too. 32 bytes. */
export function accountKey(name: NodeId): Uint8Array {
  const digest = bytesToBigint(keccakText(`${SEED}/account/${name}`))
  return word(1n + (digest % (SECP256K1_ORDER - 1n)))
}

/** Address of `accountKey(name)`, 20 bytes. */
export function accountAddress(name: NodeId): Uint8Array {
  return privateKeyToAddress(accountKey(name))
}

/** The BLS secret key of a sequencer or data node, 32 bytes. */
export function blsKey(node: NodeId): Uint8Array {
  return blsSecretKey(utf8ToBytes(`${SEED}/bls/${node}`))
}

/** Private keys of the first ten accounts of `TEST_MNEMONIC` (path m/44'/60'/0'/0/i). */
export const TEST_PRIVATE_KEYS: readonly Uint8Array[] = [
  hexToBytes('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'),
  hexToBytes('0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d'),
  hexToBytes('0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a'),
  hexToBytes('0x7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6'),
  hexToBytes('0x47e179ec197488593b187f80a00eb0da91f1b9d0b13f8733639f19c30a34926a'),
  hexToBytes('0x8b3a350cf5c34c9194ca85829a2df0ec3153be0318b5e2d3348e872092edffba'),
  hexToBytes('0x92db14e403b83dfe3df233f83dfa3a0d7096f21ca9b0d6d6b8d88b2b4ec1564e'),
  hexToBytes('0x4bbbf85ce3377467afe5d46f804f221813b2bb87f24d81f60f1fcdbf7cbf4356'),
  hexToBytes('0xdbda1821b80551c9d65939329250298aa3472ba22feea921c0cf5d620ea67b97'),
  hexToBytes('0x2a871d0798f97d79848a013d4936a73bf4cc922c825d33c1cf7073dff6d409c6'),
]
