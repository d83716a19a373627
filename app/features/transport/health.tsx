import { EXECUTORS } from '../../../workers/protocol/nodes.ts'
import { useWorld } from '../../store/world.ts'
import { Tip } from '../../ui/tip.tsx'
import styles from './transport.module.css'

type State = 'good' | 'late' | 'off'
const words: Readonly<Record<State, string>> = {
  good: 'is making blocks',
  late: 'has been silent for some blocks',
  off: 'is down',
}
/** A chain that misses this many of its beats is late. */
const beatsMax = 6

/** Three lights: do both chains move, and does the world answer? */
export function Health() {
  const l1 = useWorld(({ l1: chain, clock, run, nodes }) =>
    nodes.l1?.state === 'crashed'
      ? 'off'
      : beat(chain.blocks.at(-1)?.timeMs, clock.timeMs, run.parameters.l1SlotMs),
  )
  const l2 = useWorld(({ l2: chain, clock, run, nodes }) =>
    EXECUTORS.every((id) => nodes[id]?.state === 'crashed')
      ? 'off'
      : beat(chain.blocks.at(-1)?.timeMs, clock.timeMs, run.parameters.l2BlockMs * 4),
  )
  const rpc = useWorld(({ clock }): State => (clock.phase === 'failed' ? 'off' : 'good'))
  return (
    <div className={styles.health}>
      <Light name="L1" state={l1} text={`L1 ${words[l1]}`} />
      <Light name="L2" state={l2} text={`L2 ${words[l2]}`} />
      <Light
        name="RPC"
        state={rpc}
        text={
          rpc === 'good'
            ? 'The world answers JSON-RPC: window.trex.l2.request(…)'
            : 'The world has stopped; open a new one'
        }
      />
    </div>
  )
}

function beat(lastMs: number | undefined, nowMs: number, beatMs: number): State {
  return nowMs - (lastMs ?? 0) > beatsMax * beatMs ? 'late' : 'good'
}

function Light({
  name,
  state,
  text,
}: {
  readonly name: string
  readonly state: State
  readonly text: string
}) {
  return (
    <Tip text={text}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the explanation must be reachable by keyboard. */}
      <span className={styles.light} data-state={state} tabIndex={0}>
        {name}
        <span className="visually-hidden">{words[state]}</span>
      </span>
    </Tip>
  )
}
