import { Tabs } from 'radix-ui'
import { useState } from 'react'
import type { ChainName } from '../../../../workers/protocol/world.ts'
import { asList, asText, type JsonObject } from '../../ledger/json.ts'
import { useContracts } from '../use-contracts.ts'
import styles from '../workbench.module.css'
import { CallsTab } from './calls-tab.tsx'
import { EventsTab } from './events-tab.tsx'
import { InputTab } from './input-tab.tsx'
import { OpcodesTab } from './opcodes-tab.tsx'
import { StateTab } from './state-tab.tsx'

export interface AnatomyProps {
  readonly transaction: JsonObject
  /** Null as long as it waits: nothing but its input is known then. */
  readonly receipt: JsonObject | null
  readonly chain: ChainName
}

/** What a transaction did, one question a tab: what it asked for, said, called, ran and changed. */
export function Anatomy({ transaction, receipt, chain }: AnatomyProps) {
  const [tab, setTab] = useState('input')
  const book = useContracts(chain)
  const hash = asText(transaction.hash)
  const question = { chain, hash, book }
  const logs = asList(receipt?.logs).length
  const tabs = [
    { name: 'input', title: 'Input', waits: false },
    { name: 'events', title: `Logs ${logs === 0 ? '' : logs}`, waits: true },
    { name: 'calls', title: 'Calls', waits: true },
    { name: 'opcodes', title: 'Opcodes', waits: true },
    { name: 'state', title: 'State', waits: true },
  ]
  return (
    <Tabs.Root value={tab} onValueChange={setTab} className={styles.card}>
      <Tabs.List className={styles.tabs} aria-label="What the transaction did">
        {tabs.map(({ name, title, waits }) => (
          <Tabs.Trigger
            key={name}
            value={name}
            className={styles.tab}
            disabled={waits && receipt === null}
          >
            {title}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      <Tabs.Content value="input" className={styles.panel}>
        <InputTab transaction={transaction} book={book} />
      </Tabs.Content>
      <Tabs.Content value="events" className={styles.panel}>
        <EventsTab receipt={receipt} book={book} />
      </Tabs.Content>
      <Tabs.Content value="calls" className={styles.panel}>
        <CallsTab {...question} />
      </Tabs.Content>
      <Tabs.Content value="opcodes" className={styles.panel}>
        <OpcodesTab chain={chain} hash={hash} />
      </Tabs.Content>
      <Tabs.Content value="state" className={styles.panel}>
        <StateTab {...question} />
      </Tabs.Content>
    </Tabs.Root>
  )
}
