import type { WorldOptions } from '../../workers/protocol/world.ts'
import { defaultOptions } from './session.ts'

/** `kept`: the world that this browser keeps, or the default where it keeps none. */
export type Origin =
  | { readonly kind: 'kept' }
  | { readonly kind: 'takeOver' }
  | { readonly kind: 'separate' }
  | { readonly kind: 'lesson' }
  | { readonly kind: 'fresh'; readonly options: WorldOptions }
  | { readonly kind: 'share'; readonly share: string }

const presets = ['classroom', 'demo', 'mainnet-like', 'arbitrum-one'] as const

/**
 * Which world the address asks for: `#/…?share=TEXT` replays a run, `#/…?seed=9&preset=classroom&scenario=steady` opens
 * a fresh one, where what is not said is as in the default;
 * `codeSizeLimit=65536` lets its contracts on L2 be larger. A lesson opens the world that it is about. An address that says nothing
 * of all that goes on with the kept world.
 */
export function readOrigin(hash: string): Origin {
  const [path = '', search = ''] = hash.split('?')
  const query = new URLSearchParams(search)
  const share = query.get('share')
  if (share !== null) return { kind: 'share', share }
  if (path.startsWith('#/lesson/')) return { kind: 'lesson' }
  if (!['seed', 'preset', 'scenario', 'codeSizeLimit'].some((name) => query.has(name)))
    return { kind: 'kept' }
  const seed = Number(query.get('seed') ?? defaultOptions.seed)
  const preset = presets.find((name) => name === query.get('preset')) ?? defaultOptions.preset
  const scenario = query.get('scenario') ?? defaultOptions.scenario
  const valid = Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32
  return {
    kind: 'fresh',
    options: {
      ...defaultOptions,
      seed: valid ? seed : defaultOptions.seed,
      preset,
      scenario,
      ...(query.get('codeSizeLimit') === '65536' ? { codeSizeLimit: 65_536 } : {}),
    },
  }
}

/** The address of a share: the page itself with the share in its fragment. */
export function shareLink(text: string): string {
  return `${location.href.split('#')[0]}#/?share=${encodeURIComponent(text)}`
}
