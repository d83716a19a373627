import type { World } from '../../workers/protocol/world.ts'
import type { PersonaClient } from './persona.ts'

type Followed = Pick<World, 'open' | 'load' | 'restore' | 'resume' | 'rollback' | 'subscribe'>

/**
 * The Persona engine is a client of one world: it ends with that world, and looks away while it goes back in time. A file that turns out
 * to be none leaves the world as it was, and the engine too: it ends at the first sign of another world.
 */
export function withPersonas<Given extends Followed>(
  world: Given,
  personas: Pick<PersonaClient, 'during' | 'end'>,
): Given {
  let isTrying = false
  const replacing = <Inputs extends readonly unknown[], Result>(
    replace: (...inputs: Inputs) => Promise<Result>,
  ) => {
    return (...inputs: Inputs) => {
      personas.end()
      return replace(...inputs)
    }
  }
  const trying = <Input, Result>(replace: (input: Input) => Promise<Result>) => {
    return async (input: Input) => {
      isTrying = true
      try {
        const result = await personas.during(() => replace(input))
        personas.end()
        return result
      } finally {
        isTrying = false
      }
    }
  }
  return {
    ...world,
    open: replacing(world.open),
    load: trying(world.load),
    restore: trying(world.restore),
    resume: replacing(world.resume),
    rollback: (id: number) => personas.during(() => world.rollback(id)),
    subscribe: (listener: Parameters<World['subscribe']>[0]) =>
      world.subscribe((patch) => {
        // What a run is never changes: this is another one.
        if (isTrying && patch.run !== undefined) personas.end()
        listener(patch)
      }),
  }
}
