/** The rules of a fork as @ethereumjs reads them, with WebAssembly hashing and recovery. */
import { Common, type Hardfork, Mainnet } from '@ethereumjs/common'
import { paramsEVM } from '@ethereumjs/evm'
import { paramsTx } from '@ethereumjs/tx'
import { BaseError } from '../../kernel/errors.ts'
import { concatBytes, padLeft } from '../../rollup/bytes.ts'
import { keccak256 } from '../../rollup/keccak.ts'
import { recoverPublicKey } from '../../rollup/secp256k1.ts'
import { kzgPort } from './kzg.ts'

/** The rules for one EVM. `copy` gives itself: nothing here ever changes, and copies cost more than a transfer. */
export function createRules(chainId: number, hardfork: string): Common {
  const rules = new Common({
    chain: { ...Mainnet, chainId, name: `chain-${chainId}` },
    hardfork: hardfork as Hardfork,
    customCrypto: { keccak256, ecrecover, kzg: kzgPort },
  })
  rules.updateParams(paramsTx)
  rules.updateParams(paramsEVM)
  rules.copy = () => rules
  rememberAnswers(rules)
  return rules
}

/** Nothing but parameters can change after this, so that answers are remembered: the EVM asks several times per opcode. */
function rememberAnswers(rules: Common): void {
  const isActivatedEIP = rules.isActivatedEIP.bind(rules)
  const gteHardfork = rules.gteHardfork.bind(rules)
  const updateParams = rules.updateParams.bind(rules)
  const param = rules.param.bind(rules)
  const eips = new Map<number, boolean>()
  const hardforks = new Map<string, boolean>()
  const params = new Map<string, bigint>()
  rules.isActivatedEIP = (eip) => remember(eips, eip, isActivatedEIP)
  rules.gteHardfork = (hardfork) =>
    remember(hardforks, hardfork, (name) => gteHardfork(name as Hardfork))
  rules.param = (name) => remember(params, name, param)
  rules.updateParams = (next) => {
    params.clear()
    updateParams(next)
  }
}

function remember<Key, Value>(known: Map<Key, Value>, key: Key, ask: (key: Key) => Value): Value {
  const value = known.get(key)
  if (value !== undefined) return value
  const answer = ask(key)
  known.set(key, answer)
  return answer
}

/** What the precompile at 0x01 could not recover; it answers with nothing then. */
class RecoveryError extends BaseError {
  override name = 'RecoveryError'
}

/** As the precompile at 0x01 asks: v is 27 or 28. */
function ecrecover(hash: Uint8Array, v: bigint, r: Uint8Array, s: Uint8Array): Uint8Array {
  const compact = concatBytes(padLeft(r, 32), padLeft(s, 32))
  const key = recoverPublicKey(hash, compact, Number(v - 27n))
  if (key === undefined) throw new RecoveryError('No key gives this signature.')
  return key
}
