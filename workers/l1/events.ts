/** Names of contracts and events, for people who watch. */
import type { Abi, AbiEvent } from 'viem'
import { toEventSelector } from 'viem'
import { abi as anchorRegistry } from '../../contracts/generated/AnchorRegistry.ts'
import { abi as dataRegistry } from '../../contracts/generated/DataRegistry.ts'
import { abi as demoToken } from '../../contracts/generated/DemoToken.ts'
import { abi as disputeGame } from '../../contracts/generated/DisputeGame.ts'
import { abi as disputeGameFactory } from '../../contracts/generated/DisputeGameFactory.ts'
import { abi as inbox } from '../../contracts/generated/Inbox.ts'
import { abi as l1Bridge } from '../../contracts/generated/L1Bridge.ts'
import { abi as sequencerRegistry } from '../../contracts/generated/SequencerRegistry.ts'
import type { Log, Receipt } from '../chain/types.ts'
import { bytesToHex } from '../rollup/bytes.ts'

export interface NamedEvent {
  readonly contract: string
  readonly name: string
  readonly transactionHash: string
}

export interface EventNames {
  /** Contract name by address (0x, lower case). */
  readonly contracts: ReadonlyMap<string, string>
  /** Event name by first topic, for each contract name. */
  readonly events: ReadonlyMap<string, ReadonlyMap<string, string>>
}

const ABIS: Readonly<Record<string, Abi>> = {
  anchorRegistry,
  dataRegistry,
  demoToken,
  disputeGame,
  disputeGameFactory,
  inbox,
  l1Bridge,
  sequencerRegistry,
}

/** Games are clones: their addresses are known by what they emit alone. */
const CLONED = 'disputeGame'

export function createEventNames(contracts: Readonly<Record<string, string>>): EventNames {
  const addresses = Object.entries(contracts).map(
    ([name, address]) => [address.toLowerCase(), name] as const,
  )
  const events = Object.entries(ABIS).map(([name, abi]) => [name, eventsOf(abi)] as const)
  return { contracts: new Map(addresses), events: new Map(events) }
}

/** The logs of a block that the rollup's contracts emitted, by name. */
export function nameEvents(
  names: EventNames,
  receipts: readonly Pick<Receipt, 'logs' | 'transactionHash'>[],
): NamedEvent[] {
  return receipts.flatMap((receipt) =>
    receipt.logs.flatMap((log) => {
      const named = nameLog(names, log)
      return named === undefined
        ? []
        : [{ ...named, transactionHash: bytesToHex(receipt.transactionHash) }]
    }),
  )
}

function nameLog(
  names: EventNames,
  log: Log,
): { readonly contract: string; readonly name: string } | undefined {
  const [topic] = log.topics
  if (topic === undefined) return undefined
  const contract = names.contracts.get(bytesToHex(log.address)) ?? CLONED
  const name = names.events.get(contract)?.get(bytesToHex(topic))
  return name === undefined ? undefined : { contract, name }
}

function eventsOf(abi: Abi): ReadonlyMap<string, string> {
  const events = abi.filter((item): item is AbiEvent => item.type === 'event')
  return new Map(events.map((event) => [toEventSelector(event), event.name]))
}
