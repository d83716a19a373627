/** Virtual CPU prices, in ms: what the work takes on the machine that the simulation imagines. */
export const L2_BLOCK_PRICE_MS = 1
export const L2_TRANSACTION_PRICE_MS = 0.2
/** Comparing a batch with its cells' root. */
export const CELLS_PRICE_MS = 30
/** Running the machine for one answer in a game. */
export const DISPUTE_PRICE_MS = 40
