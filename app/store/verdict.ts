import type { DisputeView, StepView } from '../../workers/protocol/projection.ts'

/** The step that decides: the one by which a claim fell, else the last that L1 refused, which upholds the claim. */
export function decisiveStep({ steps }: Pick<DisputeView, 'steps'>): StepView | undefined {
  return steps.find(({ succeeded }) => succeeded) ?? steps.at(-1)
}

/** What was executed in it: an opcode, or a phase of the machine. */
export function stepName({ step }: StepView): string {
  return step.opcode === '' ? step.phase : step.opcode
}
