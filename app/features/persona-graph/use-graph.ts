import { useEffect, useRef, useState } from 'react'
import type { GraphView } from '../../../workers/protocol/persona.ts'
import { usePersonas } from '../../store/persona.ts'
import { errorText, useSession } from '../shell/session-context.ts'

/** The engine walks over everyone for a graph: not more often than this, in wall milliseconds. */
const pauseMs = 1_500

interface Answer {
  readonly graph: GraphView | null
  readonly error: string | null
}

/** The Value Graph at a time, or as it is now and goes on; the last one stays until the next is there. */
export function useGraph(timeMs: number | undefined): Answer {
  const { personas } = useSession()
  const block = usePersonas(({ setup }) => setup.blockNumber)
  const [answer, setAnswer] = useState<Answer>({ graph: null, error: null })
  const last = useRef({ askedMs: 0, timeMs: undefined as number | undefined })
  const wanted = useRef({ timeMs, block })
  wanted.current = { timeMs, block }
  const pace = timeMs === undefined ? block : null
  // biome-ignore lint/correctness/useExhaustiveDependencies: `pace` asks again with every block while the graph is live.
  useEffect(() => {
    const isSame = last.current.timeMs === timeMs
    const waitMs = isSame ? Math.max(0, last.current.askedMs + pauseMs - performance.now()) : 60
    const timer = setTimeout(() => {
      last.current = { askedMs: performance.now(), timeMs }
      const isCurrent = () => last.current.timeMs === wanted.current.timeMs
      personas
        .engine()
        .then((engine) => engine.graph(timeMs))
        .then(
          (graph) => isCurrent() && setAnswer({ graph, error: null }),
          (error: unknown) =>
            isCurrent() && setAnswer(({ graph }) => ({ graph, error: errorText(error) })),
        )
    }, waitMs)
    return () => clearTimeout(timer)
  }, [personas, timeMs, pace])
  return answer
}
