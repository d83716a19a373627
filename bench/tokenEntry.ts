/** A batch of one block of token transfers, executed by the chain engine and ready for the mirror. */
import { deployedBytecode } from '../contracts/generated/DemoToken.ts'
import { contract, funded, sign, testAccounts } from '../workers/chain/testing/accounts.ts'
import type { GenesisAccount } from '../workers/chain/types.ts'
import { hexToBytes } from '../workers/rollup/bytes.ts'
import {
  type ExecutedEntry,
  executeEntry,
  L1_BLOCK_STUB,
} from '../workers/rollup/machine/testing/rollup.ts'
import { MeasurementError } from './figure.ts'
import { balanceSlot, SENDERS } from './workloads.ts'

const TOKEN = `0x${'70'.repeat(20)}`
const FORWARDER = `0x${'72'.repeat(20)}`
const L1_BLOCK = '0x4200000000000000000000000000000000000015'

/**
 * Sends one token to its caller. Rationale: a batch has one blob of 126,976 bytes, and 1,000 transfers with their calldata
 * do not fit into it; called without calldata, they do.
 */
const FORWARDER_CODE = `0x63a9059cbb60e01b5f5233600452600160245260205f60445f5f73${TOKEN.slice(2)}5af1603557fe5b00`

export function tokenAccounts(): readonly GenesisAccount[] {
  const storage = [{ slot: balanceSlot(hexToBytes(FORWARDER)), value: 10n ** 24n }]
  return [
    ...testAccounts(SENDERS).map((account) => funded(account)),
    { ...contract(TOKEN, deployedBytecode), storage },
    contract(FORWARDER, FORWARDER_CODE),
    contract(L1_BLOCK, L1_BLOCK_STUB),
  ]
}

/** One batch of one block with `count` transfers, executed by the chain engine. */
export async function tokenEntry(count: number): Promise<ExecutedEntry> {
  const senders = testAccounts(SENDERS)
  const transactions = Array.from({ length: count }, (_, index) => {
    const sender = senders[index % SENDERS]
    if (sender === undefined) throw new MeasurementError('There is no sender.')
    const nonce = BigInt(Math.floor(index / SENDERS))
    return sign(sender, { nonce, to: hexToBytes(FORWARDER), gasLimit: 100_000n }).raw
  })
  const timestamp = 1_767_225_700n
  const entry = await executeEntry({
    accounts: tokenAccounts(),
    messages: [],
    blocks: [{ timestamp, inboxCount: 0n, transactions }],
  })
  const receipts = entry.blocks.flatMap((block) => block.receipts)
  const succeeded = receipts.filter((receipt) => receipt.succeeded).length
  if (succeeded !== count) throw new MeasurementError(`${succeeded} of ${count} succeeded.`)
  return entry
}
