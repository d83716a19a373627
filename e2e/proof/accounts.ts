import type { HDAccount } from 'viem'
import { mnemonicToAccount } from 'viem/accounts'

const MNEMONIC = 'test test test test test test test test test test test junk'

/** Account `index` of the well-known test mnemonic; 0 to 9 are funded on both chains at genesis. */
export function testAccount(index: number): HDAccount {
  return mnemonicToAccount(MNEMONIC, { addressIndex: index })
}
