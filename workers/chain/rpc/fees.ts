/** What transactions cost, and did cost. */
import type { Json } from '../../protocol/world.ts'
import { BLOB_GAS_MAX, blobBaseFee, nextExcessBlobGas } from '../../rollup/header.ts'
import { nextBaseFee } from '../../rollup/l2Header.ts'
import type { Chain } from '../chain.ts'
import type { Block } from '../types.ts'
import type { MethodTable } from './backend.ts'
import { InvalidParamsError } from './errors.ts'
import { quantity } from './format.ts'
import { optional, readList, readQuantity, requireBlock } from './params.ts'

/** In wei. Blocks are rarely full here, so that any tip is enough. */
export const SUGGESTED_TIP = 1_000_000_000n
const HISTORY_MAX = 1_024n

/** Base fee of the block after the head, in wei. */
export function baseFeeNext(chain: Chain): bigint {
  return nextBaseFee(chain.head().header)
}

export const feeMethods: MethodTable = {
  eth_gasPrice: ({ chain }) => quantity(baseFeeNext(chain) + SUGGESTED_TIP),
  eth_maxPriorityFeePerGas: () => quantity(SUGGESTED_TIP),
  eth_baseFee: ({ chain }) => quantity(baseFeeNext(chain)),
  eth_blobBaseFee: ({ chain }) => quantity(blobBaseFee(nextExcessBlobGas(chain.head().header))),
  eth_feeHistory({ chain }, params) {
    const asked = readQuantity(params[0], 'block count')
    const newest = requireBlock(chain, params[1], 'newest block')
    const percentiles = readPercentiles(params[2])
    const blocks = lastBlocks(chain, newest, asked < HISTORY_MAX ? asked : HISTORY_MAX)
    const next = newest.header
    return {
      oldestBlock: quantity(blocks[0]?.header.number ?? next.number),
      baseFeePerGas: [
        ...blocks.map(({ header }) => quantity(header.baseFee)),
        quantity(nextBaseFee(next)),
      ],
      gasUsedRatio: blocks.map(({ header }) => ratio(header.gasUsed, header.gasLimit)),
      baseFeePerBlobGas: [
        ...blocks.map(({ header }) => quantity(blobBaseFee(header.excessBlobGas))),
        quantity(blobBaseFee(nextExcessBlobGas(next))),
      ],
      blobGasUsedRatio: blocks.map(({ header }) => ratio(header.blobGasUsed, BLOB_GAS_MAX)),
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
    const threshold = (block.header.gasUsed * BigInt(Math.floor(percentile * 100))) / 10_000n
    let sum = 0n
    const at = tips.find(({ gasUsed }) => {
      sum += gasUsed
      return sum >= threshold
    })
    return quantity(at?.tip ?? 0n)
  })
}

function ratio(part: bigint, whole: bigint): number {
  return whole === 0n ? 0 : Number((part * 1_000_000n) / whole) / 1_000_000
}
