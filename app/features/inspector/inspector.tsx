import { Tabs } from 'radix-ui'
import { type PanelName, select, useView, viewStore } from '../../store/view.ts'
import { IconButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Guide } from '../guide/guide.tsx'
import { EventLog } from './event-log.tsx'
import styles from './inspector.module.css'
import { Selected } from './selected.tsx'

const panels: readonly { readonly name: PanelName; readonly title: string }[] = [
  { name: 'guide', title: 'Try it' },
  { name: 'inspect', title: 'Inspect' },
  { name: 'events', title: 'Events' },
]

/** Beside the stage; on a phone a sheet that rises from below. */
export function Inspector() {
  const panel = useView((view) => view.panel)
  const open = useView((view) => view.sheetOpen)
  const hasSelection = useView((view) => view.selection !== null)
  return (
    <Tabs.Root
      asChild
      value={panel}
      onValueChange={(value) => viewStore.setState({ panel: value as PanelName, sheetOpen: true })}
    >
      <aside className={styles.inspector} data-open={open} aria-label="Inspector">
        <button
          type="button"
          className={styles.handle}
          aria-expanded={open}
          aria-label={open ? 'Lower the panel' : 'Raise the panel'}
          onClick={() => viewStore.setState({ sheetOpen: !open })}
        />
        <div className={styles.tabs}>
          <Tabs.List className={styles.tabList} aria-label="Panels">
            {panels.map(({ name, title }) => (
              <Tabs.Trigger key={name} value={name} className={styles.tab}>
                {title}
              </Tabs.Trigger>
            ))}
          </Tabs.List>
          {hasSelection && panel === 'inspect' && (
            <IconButton label="Let go (Esc)" onClick={() => select(null)}>
              <Icon name="close" size={16} />
            </IconButton>
          )}
        </div>
        <Tabs.Content value="guide" className={styles.content}>
          <Guide />
        </Tabs.Content>
        <Tabs.Content value="inspect" className={styles.content}>
          <Selected />
        </Tabs.Content>
        <Tabs.Content value="events" className={styles.content}>
          <EventLog />
        </Tabs.Content>
      </aside>
    </Tabs.Root>
  )
}
