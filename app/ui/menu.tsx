import { ContextMenu, DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'
import { Icon, type IconName } from './icon.tsx'
import styles from './ui.module.css'

/** One line of a menu, as data, so that the same entries serve dropdowns, context menus and buttons. */
export type MenuEntry =
  | { readonly kind: 'label'; readonly text: string }
  | { readonly kind: 'separator' }
  | {
      readonly kind: 'item'
      readonly text: string
      readonly note?: string
      readonly icon?: IconName
      readonly tone?: 'alarm'
      readonly disabled?: boolean
      readonly checked?: boolean
      readonly onSelect: () => void
    }

interface MenuProps {
  readonly entries: readonly MenuEntry[]
  readonly children: ReactNode
}

export function Menu({
  entries,
  children,
  align = 'start',
}: MenuProps & { readonly align?: 'start' | 'end' }) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{children}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          className={styles.menu}
          align={align}
          sideOffset={6}
          collisionPadding={8}
        >
          {entries.map((entry, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: entries of a menu have no other identity.
            <Line key={index} entry={entry} parts={DropdownMenu} />
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

/** The same entries on right click, long press and the menu key. */
export function RightClickMenu({ entries, children }: MenuProps) {
  return (
    <ContextMenu.Root modal={false}>
      <ContextMenu.Trigger asChild>{children}</ContextMenu.Trigger>
      <ContextMenu.Portal>
        <ContextMenu.Content className={styles.menu} collisionPadding={8}>
          {entries.map((entry, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: entries of a menu have no other identity.
            <Line key={index} entry={entry} parts={ContextMenu} />
          ))}
        </ContextMenu.Content>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  )
}

type Parts = typeof DropdownMenu | typeof ContextMenu

function Line({ entry, parts }: { readonly entry: MenuEntry; readonly parts: Parts }) {
  if (entry.kind === 'separator') return <parts.Separator className={styles.separator} />
  if (entry.kind === 'label')
    return <parts.Label className={styles.label}>{entry.text}</parts.Label>
  const icon = entry.checked ? 'check' : entry.icon
  return (
    <parts.Item
      className={styles.item}
      data-tone={entry.tone}
      disabled={entry.disabled ?? false}
      onSelect={entry.onSelect}
    >
      {icon !== undefined && <Icon name={icon} />}
      <span className={styles.itemText}>
        {entry.text}
        {entry.note !== undefined && <span className={styles.itemNote}>{entry.note}</span>}
      </span>
    </parts.Item>
  )
}
