/** Logs in the order in which they happened, with a log of ERC-20's shape for every transfer of ether (ERC-7528). */
import type { EVMResult, InterpreterStep, Message } from '@ethereumjs/evm'
import { bigintToBytes, bytesToHex, hexToBytes, padLeft, word } from '../../rollup/bytes.ts'
import { keccakText } from '../../rollup/keccak.ts'
import type { Executor } from '../evm/executor.ts'
import type { Log } from '../types.ts'
import { logOf } from './logs.ts'

export interface TransferTrace {
  /** Listens until the returned function is called. */
  attach(executor: Executor): () => void
  /** What the last message left, if it succeeded. */
  take(): readonly Log[]
}

const ETHER_ADDRESS = hexToBytes('0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee')
const TRANSFER_TOPIC = keccakText('Transfer(address,address,uint256)')
const SELFDESTRUCT = 0xff

export function traceTransfers(): TransferTrace {
  /** Logs of the frames that run, outermost first. */
  const frames: Log[][] = []
  let last: readonly Log[] = []
  const transfer = (from: Uint8Array, to: Uint8Array, value: bigint): void => {
    if (value === 0n) return
    const topics = [TRANSFER_TOPIC, padLeft(from, 32), padLeft(to, 32)]
    frames.at(-1)?.push({ address: ETHER_ADDRESS, topics, data: word(value) })
  }
  const before = (message: Message): void => {
    frames.push([])
    if (message.delegatecall || isForeignCode(message)) return
    const to = message.to ?? message.codeAddress
    if (to !== undefined) transfer(message.caller.bytes, to.bytes, message.value)
  }
  const after = ({ execResult }: EVMResult): void => {
    const logs = frames.pop() ?? []
    const kept = execResult.exceptionError === undefined ? logs : []
    const parent = frames.at(-1)
    if (parent === undefined) last = kept
    else parent.push(...kept)
  }
  return {
    attach({ evm, state }) {
      const step = (event: InterpreterStep): void => {
        const { code } = event.opcode
        const log = logOf(event)
        if (log !== undefined) frames.at(-1)?.push(log)
        if (code !== SELFDESTRUCT) return
        const beneficiary = bigintToBytes(BigInt.asUintN(160, event.stack.at(-1) ?? 0n), 20)
        const balance = state.account(event.address.bytes)?.balance ?? 0n
        transfer(event.address.bytes, beneficiary, balance)
      }
      evm.events.on('beforeMessage', before)
      evm.events.on('afterMessage', after)
      evm.events.on('step', step)
      return () => {
        evm.events.off('beforeMessage', before)
        evm.events.off('afterMessage', after)
        evm.events.off('step', step)
      }
    },
    take: () => last,
  }
}

/** CALLCODE runs another's code and moves nothing. */
function isForeignCode({ to, codeAddress }: Message): boolean {
  return to !== undefined && bytesToHex(codeAddress.bytes) !== bytesToHex(to.bytes)
}
