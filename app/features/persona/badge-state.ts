import type { BadgeView } from '../../../workers/protocol/persona.ts'

/** As people should read it: the last badge of a kind is the one that the chain looks at. */
export function badgeState(
  badge: BadgeView,
  all: readonly BadgeView[],
): BadgeView['state'] | 'upgraded' {
  const isOld = all.some(({ name, level }) => name === badge.name && level > badge.level)
  return isOld ? 'upgraded' : badge.state
}
