import { type Fault, FRAUDS, type FraudInfo } from '../../../workers/protocol/faults.ts'
import type { Projection } from '../../../workers/protocol/projection.ts'
import type { World } from '../../../workers/protocol/world.ts'
import { notify, viewStore } from '../../store/view.ts'
import { worldStore } from '../../store/world.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Menu, type MenuEntry } from '../../ui/menu.tsx'
import { attempt, useSession } from '../shell/session-context.ts'
import styles from './faults.module.css'
import { FEATURED } from './featured.ts'

/** Arms a fraud at the first running node of its role and says what to expect. */
export function injectFraud(world: World, fraud: FraudInfo): void {
  const projection = worldStore.getState().world
  const node = projection === null ? undefined : firstRunning(projection, fraud)
  if (node === undefined) {
    notify('error', `No ${fraud.role} is running that could do this. Restart one first.`)
    return
  }
  corrupt(world, node, fraud)
}

export function corrupt(world: World, node: string, fraud: FraudInfo): void {
  const fault: Fault = { kind: 'corrupt', node, fraud: fraud.name }
  attempt(async () => {
    await world.fault(fault)
    viewStore.setState({ panel: 'guide' })
    notify('info', `${fraud.description} It happens at the next chance.`)
  })
}

function firstRunning(projection: Projection, fraud: FraudInfo): string | undefined {
  return Object.values(projection.nodes).find(
    (node) => node.role === fraud.role && node.state !== 'crashed',
  )?.id
}

/** The prominent button of the page: choose a lie and watch it being caught. */
export function FraudMenu() {
  const { world } = useSession()
  const entry = (fraud: FraudInfo): MenuEntry => ({
    kind: 'item',
    text: fraud.action,
    note: fraud.outcome,
    onSelect: () => injectFraud(world, fraud),
  })
  const against = FEATURED.filter((fraud) => fraud.role === 'executor').map(entry)
  const others = FEATURED.filter((fraud) => fraud.role !== 'executor').map(entry)
  const entries: readonly MenuEntry[] = [
    { kind: 'label', text: 'Lie about the state. A challenger proves it to L1.' },
    ...against,
    { kind: 'separator' },
    { kind: 'label', text: 'Other lies' },
    ...others,
    { kind: 'separator' },
    {
      kind: 'item',
      text: `All ${FRAUDS.length} lies…`,
      note: 'By the level at which each is caught',
      onSelect: () => viewStore.setState({ lies: { node: null } }),
    },
  ]
  return (
    <Menu entries={entries} align="end">
      <Button look="alarm">
        <Icon name="mask" />
        <span className={styles.fraudText}>Inject a fraud</span>
        <Icon name="chevron" size={14} />
      </Button>
    </Menu>
  )
}
