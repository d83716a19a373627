import { expect, test } from 'vitest'
import type { Json } from '../../protocol/world.ts'
import { type DevnetPort, devnetRpc, EVM_ACTIONS } from './devnet.ts'

/** What a world with L2 blocks of 500 ms is told: its speed, or that it pauses. */
function listener() {
  const told: (number | 'max' | 'play' | 'pause')[] = []
  const port = {
    blockMs: () => 500,
    setSpeed: async (speed: number | 'max') => {
      told.push(speed)
    },
    play: async () => {
      told.push('play')
    },
    pause: async () => told.push('pause'),
  } as unknown as DevnetPort
  return { told, port }
}

const setInterval = (port: DevnetPort, method: string, value: Json) => {
  const own = EVM_ACTIONS[method]?.(port, 'l2', [value])
  return own ?? devnetRpc(port, 'l2', method, [value])
}

test.each([
  ['anvil_setIntervalMining', 2, 0.25],
  ['anvil_setIntervalMining', '0x2', 0.25],
  ['hardhat_setIntervalMining', 2_000, 0.25],
  ['hardhat_setIntervalMining', [1_000, 3_000], 0.25],
  // viem sends this one in both of its modes.
  ['evm_setIntervalMining', 2, 0.25],
  ['evm_setIntervalMining', 2_000, 0.25],
  ['evm_setIntervalMining', [1_000, 3_000], 0.25],
  ['evm_setIntervalMining', 0.5, 1],
])('%s %j plays at speed %d', async (method, value, speed) => {
  const { told, port } = listener()
  await setInterval(port, method, value)
  expect(told).toEqual([speed, 'play'])
})

test.each(['anvil_', 'hardhat_', 'evm_'])('%ssetIntervalMining 0 pauses', async (prefix) => {
  const { told, port } = listener()
  await setInterval(port, `${prefix}setIntervalMining`, 0)
  expect(told).toEqual(['pause'])
})

test.each([
  ['anvil_setIntervalMining', 6, 'seconds from 0.005 to 5'],
  ['anvil_setIntervalMining', [1, 2], 'seconds'],
  ['hardhat_setIntervalMining', 4, 'milliseconds from 5 to 5000'],
  ['evm_setIntervalMining', 5_001, 'milliseconds'],
  ['evm_setIntervalMining', '', 'wall seconds'],
  ['evm_setIntervalMining', true, 'wall seconds'],
  ['evm_setIntervalMining', null, 'wall seconds'],
  ['evm_setIntervalMining', [1_000, 2_000, 3_000], 'wall seconds'],
])('%s %j is refused, with what is accepted', async (method, value, text) => {
  const { told, port } = listener()
  await expect(setInterval(port, method, value)).rejects.toThrow(text)
  expect(told).toEqual([])
})
