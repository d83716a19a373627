/** What a world may be opened with. */
import { InvalidArgumentError } from '../kernel/errors.ts'
import type { PinnedOptions } from '../protocol/world.ts'
import { CODE_SIZE_LIMITS, isCodeSizeLimit } from '../rollup/codeLimits.ts'
import { PRESETS } from '../rollup/parameters.ts'

const SEED_MAX = 0xffff_ffff

/** Throws `InvalidArgumentError` naming the option and its range. */
export function assertOptions(options: PinnedOptions): void {
  const { seed, preset, codeSizeLimit = 24_576, l1 = 'embedded' } = options
  if (!Number.isSafeInteger(seed) || seed < 0 || seed > SEED_MAX) {
    throw new InvalidArgumentError(`Seed must be an integer from 0 to ${SEED_MAX}, is ${seed}.`)
  }
  if (!Object.hasOwn(PRESETS, preset)) {
    throw new InvalidArgumentError(`Unknown preset "${preset}".`, {
      metaMessages: [`Presets: ${Object.keys(PRESETS).join(', ')}`],
    })
  }
  if (!isCodeSizeLimit(codeSizeLimit)) {
    throw new InvalidArgumentError(
      `codeSizeLimit must be ${CODE_SIZE_LIMITS.join(' or ')} bytes, is ${JSON.stringify(codeSizeLimit)}.`,
      { metaMessages: ['Only for these has L1 a verifier that decides disputes.'] },
    )
  }
  if (l1 !== 'embedded') {
    throw new InvalidArgumentError('An L1 outside of the tab is not supported yet.', {
      metaMessages: ['Leave out "l1" or set it to "embedded".'],
    })
  }
}
