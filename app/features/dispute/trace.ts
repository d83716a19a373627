/** Shape of the trace that the game is played over: docs/ARCHITECTURE.md, "The trace index of the game has 46 bits". */
export const traceDepth = 46
/** Above this depth claims name an item (batch, block, transaction), below it a step within that item. */
export const itemDepth = 21

/** What is still in dispute below a claim, in words. */
export function intervalWords(depth: number): string {
  if (depth >= traceDepth) return 'one single step'
  return depth < itemDepth
    ? `2^${itemDepth - depth} items of the batch`
    : `2^${traceDepth - depth} steps of one item`
}
