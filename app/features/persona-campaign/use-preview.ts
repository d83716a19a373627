import { usePersonas } from '../../store/persona.ts'
import { nameOnChain, useBrand } from '../persona/brand.ts'
import { useEngine } from '../persona/use-engine.ts'
import { draftKey, useDraft } from './draft.ts'

/** The draft and what the engine makes of it, under the name that the chain will learn. */
export function usePreview() {
  const brand = useBrand()
  const draft = useDraft()
  const count = usePersonas(({ campaigns }) => campaigns.length)
  const named = { ...draft, name: nameOnChain(brand, count + 1) }
  const { result: preview } = useEngine(`preview/${draftKey(named)}`, (engine) =>
    engine.preview(named),
  )
  return { draft, named, preview }
}
