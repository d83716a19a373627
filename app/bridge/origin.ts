import type { WorldOptions } from '../../workers/protocol/world.ts'
import { defaultOptions, lessonOptions } from './session.ts'

export type Origin = { readonly options: WorldOptions } | { readonly share: string }

const presets = ['classroom', 'demo', 'mainnet-like'] as const

/**
 * Which world the address asks for: `#/…?share=TEXT` replays a run, `#/…?seed=9&preset=classroom&scenario=steady` opens
 * a fresh one; what is not said is as in the default. A lesson opens the world that it is about.
 */
export function readOrigin(hash: string): Origin {
  const [path = '', search = ''] = hash.split('?')
  const query = new URLSearchParams(search)
  const share = query.get('share')
  if (share !== null) return { share }
  if (path.startsWith('#/lesson/')) return { options: lessonOptions }
  const seed = Number(query.get('seed') ?? defaultOptions.seed)
  const preset = presets.find((name) => name === query.get('preset')) ?? defaultOptions.preset
  const scenario = query.get('scenario') ?? defaultOptions.scenario
  const valid = Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32
  return {
    options: { ...defaultOptions, seed: valid ? seed : defaultOptions.seed, preset, scenario },
  }
}

/** The address of a share: the page itself with the share in its fragment. */
export function shareLink(text: string): string {
  return `${location.href.split('#')[0]}#/?share=${encodeURIComponent(text)}`
}
