import { BaseError } from '../../kernel/errors.ts'

/** The contract would refuse the call. `rule` is the name of the contract's error without its prefix. */
export class GameRuleError extends BaseError {
  override readonly name = 'GameRuleError'
  readonly rule: string

  constructor(rule: string) {
    super(`The dispute game forbids this call: ${rule}.`, { data: { rule } })
    this.rule = rule
  }
}
