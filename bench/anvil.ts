/** Anvil as a peer: the workload's accounts on it, and the processor time that it takes. */
import { readFileSync } from 'node:fs'
import { type Anvil, type Call, startAnvil } from '../tools/anvil/process.ts'
import { CHAIN_ID } from '../workers/chain/testing/accounts.ts'
import type { GenesisAccount } from '../workers/chain/types.ts'
import { bytesToHex, word } from '../workers/rollup/bytes.ts'
import { MeasurementError } from './figure.ts'

export interface Peer extends Anvil {
  /** Processor time of its process so far. Throws `MeasurementError` where /proc does not tell it. */
  readonly cpuMs: () => number
}

export async function startPeer(
  accounts: readonly GenesisAccount[],
  mines: boolean,
): Promise<Peer> {
  const flags = ['--chain-id', String(CHAIN_ID), '--hardfork', 'osaka', '--accounts', '1']
  const gas = ['--gas-limit', String(10n ** 12n), '--base-fee', String(10n ** 9n)]
  const mining = mines ? [] : ['--no-mining']
  const anvil = await startAnvil([...flags, ...gas, '--order', 'fifo', ...mining])
  try {
    await anvil.callAll(accounts.flatMap(allocation))
  } catch (error) {
    anvil.close()
    throw error
  }
  return { ...anvil, cpuMs: () => cpuOf(anvil.pid) }
}

/** Linux counts in hundredths of a second. */
const TICK_MS = 10

function cpuOf(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in parentheses may hold spaces; user and system time are the 12th and 13th field after it.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return TICK_MS * (Number(fields[11]) + Number(fields[12]))
  } catch (cause) {
    throw new MeasurementError('The processor time of Anvil cannot be read from /proc.', { cause })
  }
}

function allocation({ address, balance, code, storage }: GenesisAccount): readonly Call[] {
  const at = bytesToHex(address)
  return [
    { method: 'anvil_setBalance', params: [at, `0x${balance.toString(16)}`] },
    ...(code.length === 0 ? [] : [{ method: 'anvil_setCode', params: [at, bytesToHex(code)] }]),
    ...storage.map(({ slot, value }) => ({
      method: 'anvil_setStorageAt',
      params: [at, bytesToHex(slot), bytesToHex(word(value))],
    })),
  ]
}
