import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { OpcodeDetail, OpcodeLine, OpcodeReader } from '../../../bridge/opcodes.ts'
import { formatCount } from '../../../ui/format.ts'
import styles from '../workbench.module.css'

const pageSize = 200
const lineHeight = 28

interface OpcodeListProps {
  readonly count: number
  readonly reader: OpcodeReader
}

/** A list of any length of which only what is in sight is drawn and fetched; beside it the stack at the chosen opcode. */
export function OpcodeList({ count, reader }: OpcodeListProps) {
  const box = useRef<HTMLDivElement>(null)
  const [chosen, setChosen] = useState(0)
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => box.current,
    estimateSize: () => lineHeight,
    overscan: 12,
  })
  const items = virtual.getVirtualItems()
  const lines = usePages(reader, items[0]?.index ?? 0, items.at(-1)?.index ?? 0)
  const walk = (event: KeyboardEvent) => {
    const target = targetOf(event.key, chosen, count)
    if (target === null) return
    event.preventDefault()
    event.stopPropagation()
    setChosen(target)
    virtual.scrollToIndex(target)
  }
  return (
    <div className={styles.opcodes}>
      <div className={styles.opcodeHead} aria-hidden="true">
        <span>step</span>
        <span>pc</span>
        <strong>opcode</strong>
        <span>cost</span>
        <span>gas left</span>
      </div>
      <div
        ref={box}
        className={styles.opcodeBox}
        role="listbox"
        aria-label="Opcodes"
        aria-activedescendant={`opcode-${chosen}`}
        tabIndex={0}
        onKeyDown={walk}
      >
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {items.map(({ index, start }) => (
            <Line
              key={index}
              index={index}
              top={start}
              line={lines(index)}
              chosen={index === chosen}
              onChoose={setChosen}
            />
          ))}
        </div>
      </div>
      <Detail reader={reader} index={chosen} />
    </div>
  )
}

function targetOf(key: string, chosen: number, count: number): number | null {
  const targets: Readonly<Record<string, number>> = {
    ArrowDown: chosen + 1,
    ArrowUp: chosen - 1,
    PageDown: chosen + 15,
    PageUp: chosen - 15,
    Home: 0,
    End: count - 1,
  }
  const target = targets[key]
  return target === undefined ? null : Math.min(Math.max(target, 0), count - 1)
}

interface LineProps {
  readonly index: number
  readonly top: number
  readonly line: OpcodeLine | undefined
  readonly chosen: boolean
  readonly onChoose: (index: number) => void
}

function Line({ index, top, line, chosen, onChoose }: LineProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list box takes the keys.
    <div
      id={`opcode-${index}`}
      role="option"
      aria-selected={chosen}
      aria-label={
        line === undefined
          ? `Opcode ${index}`
          : `${index}: ${line.op} at ${line.pc}, costs ${line.gasCost} gas`
      }
      tabIndex={-1}
      className={styles.opcode}
      style={{ height: lineHeight, translate: `0 ${top}px` }}
      onClick={() => onChoose(index)}
    >
      <span>{formatCount(index)}</span>
      <span>{line?.pc ?? '…'}</span>
      <strong style={{ paddingLeft: `${((line?.depth ?? 1) - 1) * 0.9}rem` }}>{line?.op}</strong>
      <span>{line === undefined ? '' : formatCount(line.gasCost)}</span>
      <span>{line === undefined ? '' : formatCount(line.gas)}</span>
    </div>
  )
}

/** Fetches the pages that are in sight, and keeps them. */
function usePages(reader: OpcodeReader, first: number, last: number) {
  const [pages, setPages] = useState<ReadonlyMap<number, readonly OpcodeLine[]>>(new Map())
  const asked = useRef(new Set<number>())
  const from = Math.floor(first / pageSize)
  const to = Math.floor(last / pageSize)
  useEffect(() => {
    for (let page = from; page <= to; page += 1) {
      if (asked.current.has(page)) continue
      asked.current.add(page)
      void reader
        .page(page * pageSize, pageSize)
        .then((lines) => setPages((known) => new Map(known).set(page, lines)))
    }
  }, [reader, from, to])
  return (index: number) => pages.get(Math.floor(index / pageSize))?.[index % pageSize]
}

function Detail({ reader, index }: { readonly reader: OpcodeReader; readonly index: number }) {
  const [detail, setDetail] = useState<OpcodeDetail | null>(null)
  useEffect(() => {
    let current = true
    void reader.detail(index).then((found) => current && setDetail(found))
    return () => {
      current = false
    }
  }, [reader, index])
  const stack = detail?.stack?.toReversed() ?? []
  const storage = Object.entries(detail?.storage ?? {})
  return (
    <section className={styles.detail} aria-live="polite" aria-label="Chosen opcode">
      <h4>
        {detail?.op ?? '…'} <span className={styles.quiet}>before it runs</span>
      </h4>
      {detail?.error !== undefined && <p className={styles.failed}>{detail.error}</p>}
      <h5>Stack, top first</h5>
      {stack.length === 0 && <p className={styles.quiet}>empty</p>}
      <ol className={styles.words}>
        {stack.slice(0, 32).map((word, depth) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: items of a stack have no identity but their depth.
          <li key={depth}>
            <code>{word}</code>
          </li>
        ))}
      </ol>
      {storage.length > 0 && (
        <>
          <h5>Storage touched so far</h5>
          <ul className={styles.words}>
            {storage.map(([slot, value]) => (
              <li key={slot}>
                <code>
                  {slot} → {value}
                </code>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}
