import { useRef } from 'react'
import { CommitteePanel } from '../committee/committee-panel.tsx'
import { DataPanel } from '../data/data-panel.tsx'
import { L1Panel } from '../l1/l1-panel.tsx'
import { L2Panel } from '../l2/l2-panel.tsx'
import { MessageOverlay } from '../messages/message-overlay.tsx'
import { RootsPanel } from '../roots/roots-panel.tsx'
import styles from './stage.module.css'

/** The whole rollup at a glance, and the messages that travel between its parts. */
export function Stage() {
  const stage = useRef<HTMLDivElement>(null)
  return (
    <div ref={stage} className={styles.stage}>
      <L1Panel />
      <CommitteePanel />
      <L2Panel />
      <DataPanel />
      <RootsPanel />
      <MessageOverlay stage={stage} />
    </div>
  )
}
