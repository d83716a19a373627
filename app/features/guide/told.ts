/** One stage of a story: what is done, what happens now, what lies ahead. */
export interface Stage {
  readonly title: string
  readonly text: string
  readonly state: 'done' | 'now' | 'ahead'
}

export interface Told {
  readonly title: string
  readonly text: string
  readonly done: boolean
}

/** The first stage that is not done is the one that happens now. */
export function tell(stages: readonly Told[]): readonly Stage[] {
  const now = stages.findIndex(({ done }) => !done)
  return stages.map(({ title, text, done }, index) => ({
    title,
    text,
    state: done ? 'done' : index === now ? 'now' : 'ahead',
  }))
}
