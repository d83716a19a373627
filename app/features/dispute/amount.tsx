import { formatCount, shortHash } from '../../ui/format.ts'
import { Hash } from '../../ui/hash.tsx'

/** Greater words are hashes or addresses to people, not numbers. */
const digitsMax = 26

/** A word of the machine: a number where it can be read as one, otherwise a hash; names stay names. */
export function Amount({ text }: { readonly text: string }) {
  if (/^0x0*$/.test(text)) return <span className="mono">0</span>
  const isWord = text.startsWith('0x')
  const decimal = isWord ? BigInt(text).toString() : text
  if (isWord && decimal.length > digitsMax) return <Hash value={text} />
  const isNumber = /^\d+$/.test(decimal) && decimal.length <= digitsMax
  return (
    <span className="mono">{isNumber ? formatCount(BigInt(decimal)) : shortHash(decimal)}</span>
  )
}
