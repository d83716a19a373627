/** What transactions cost, and did cost. */
import type { Json } from '../../protocol/world.ts'
import { type BlobSchedule, blobBaseFee, nextExcessBlobGas } from '../../rollup/header.ts'
import { nextBaseFee } from '../../rollup/l2Header.ts'
import { BLOB_GAS } from '../../rollup/transaction/gas.ts'
import type { Chain } from '../chain.ts'
import { forkAt } from '../forks.ts'
import { HEADER_FIELDS } from '../history/header.ts'
import type { Block } from '../types.ts'
import type { MethodTable } from './backend.ts'
import { InvalidParamsError } from './errors.ts'
import { quantity } from './format.ts'
import { optional, readList, readQuantity, requireBlock } from './params.ts'

/** In wei. Blocks are rarely full here, so that any tip is enough. */
export const SUGGESTED_TIP = 1_000_000_000n
const HISTORY_MAX = 1_024n

/** In wei, of the first block with EIP-1559. */
const FIRST_BASE_FEE = 1_000_000_000n

/** Base fee of the block after another, by default after the head, in wei. */
export function baseFeeNext(chain: Chain, { header, imported }: Block = chain.head()): bigint {
  if (imported === undefined || imported.headerFields >= HEADER_FIELDS.london) {
    return nextBaseFee(header)
  }
  const next = { number: header.number + 1n, timestamp: header.timestamp }
  return forkAt(chain.config.forks, next).prices.refundQuotient === 5n ? FIRST_BASE_FEE : 0n
}

function blobsOf(chain: Chain, { header }: Block): BlobSchedule {
  return forkAt(chain.config.forks, header).blobs
}

/** Prices of blob gas in a block and in the one after it; zero before there were blobs. */
function blobPrices(chain: Chain, block: Block): { readonly own: bigint; readonly next: bigint } {
  if ((block.imported?.headerFields ?? HEADER_FIELDS.prague) < HEADER_FIELDS.cancun) {
    return { own: 0n, next: 0n }
  }
  const schedule = blobsOf(chain, block)
  return {
    own: blobBaseFee(block.header.excessBlobGas, schedule),
    next: blobBaseFee(nextExcessBlobGas(block.header, schedule), schedule),
  }
}

/** Price of blob gas in the block after the head, in wei. */
export function blobFeeNext(chain: Chain): bigint {
  return blobPrices(chain, chain.head()).next
}

export const feeMethods: MethodTable = {
  eth_gasPrice: ({ chain }) => quantity(baseFeeNext(chain) + SUGGESTED_TIP),
  eth_maxPriorityFeePerGas: () => quantity(SUGGESTED_TIP),
  eth_baseFee: ({ chain }) => quantity(baseFeeNext(chain)),
  eth_blobBaseFee: ({ chain }) => quantity(blobFeeNext(chain)),
  eth_feeHistory({ chain }, params) {
    const asked = readQuantity(params[0], 'block count')
    const newest = requireBlock(chain, params[1], 'newest block')
    const percentiles = readPercentiles(params[2])
    const blocks = lastBlocks(chain, newest, asked < HISTORY_MAX ? asked : HISTORY_MAX)
    return {
      oldestBlock: quantity(blocks[0]?.header.number ?? newest.header.number),
      baseFeePerGas: [
        ...blocks.map(({ header }) => quantity(header.baseFee)),
        quantity(baseFeeNext(chain, newest)),
      ],
      gasUsedRatio: blocks.map(({ header }) => ratio(header.gasUsed, header.gasLimit)),
      baseFeePerBlobGas: [
        ...blocks.map((block) => quantity(blobPrices(chain, block).own)),
        quantity(blobPrices(chain, newest).next),
      ],
      blobGasUsedRatio: blocks.map((block) =>
        ratio(block.header.blobGasUsed, blobsOf(chain, block).max * BLOB_GAS),
      ),
      ...(percentiles === undefined
        ? {}
        : { reward: blocks.map((block) => rewards(block, percentiles)) }),
    }
  },
}

function readPercentiles(value: Json | undefined): readonly number[] | undefined {
  const percentiles = optional(value, 'reward percentiles', readList)
  const isValid = percentiles?.every(
    (item, index) =>
      typeof item === 'number' && item >= Number(percentiles[index - 1] ?? 0) && item <= 100,
  )
  if (isValid === false) {
    throw new InvalidParamsError('reward percentiles', 'ascending numbers from 0 to 100', value)
  }
  return percentiles as readonly number[] | undefined
}

function lastBlocks(chain: Chain, newest: Block, count: bigint): Block[] {
  const blocks: Block[] = []
  const { number } = newest.header
  const first = number + 1n > count ? number + 1n - count : 0n
  for (let height = first; height <= number; height += 1n) {
    const block = chain.block(height)
    if (block !== undefined) blocks.push(block)
  }
  return blocks
}

/** The tips at percentiles of the block's gas, as execution-apis define them. */
function rewards(block: Block, percentiles: readonly number[]): Json {
  const tips = block.receipts
    .filter(({ effectiveGasPrice }) => effectiveGasPrice >= block.header.baseFee)
    .map(({ effectiveGasPrice, gasUsed }) => ({
      tip: effectiveGasPrice - block.header.baseFee,
      gasUsed,
    }))
    .sort((left, right) => (left.tip < right.tip ? -1 : left.tip > right.tip ? 1 : 0))
  return percentiles.map((percentile) => {
    const threshold = Math.trunc((Number(block.header.gasUsed) * percentile) / 100)
    let sum = 0n
    const at = tips.find(({ gasUsed }) => {
      sum += gasUsed
      return Number(sum) >= threshold
    })
    return quantity((at ?? tips.at(-1))?.tip ?? 0n)
  })
}

function ratio(part: bigint, whole: bigint): number {
  return whole === 0n ? 0 : Number(part) / Number(whole)
}
