import { readFileSync } from 'node:fs'
import type { Hex } from 'viem'
import { beforeAll, describe, expect, it } from 'vitest'
import { L1_BASE_FEE, type ReplayFile, replayGenesis } from '../../tools/genesis/build.ts'
import { signDeployment } from '../../tools/genesis/deploy.ts'
import { planDeployment } from '../../tools/genesis/plan.ts'
import { buildGenesis } from '../../workers/chain/genesis.ts'
import { hashEntry } from '../../workers/rollup/batch/entry.ts'
import { bytesToHex, word } from '../../workers/rollup/bytes.ts'
import { CODE_LIMITS } from '../../workers/rollup/codeLimits.ts'
import { type GenesisFile, parseGenesisFile } from '../../workers/rollup/genesisFile.ts'
import { initKeccak } from '../../workers/rollup/keccak.ts'
import { PRESETS, type PresetName, parametersOf } from '../../workers/rollup/parameters.ts'
import { createHarness } from './harness.ts'

const SYSTEM: Hex = '0xfffffffffffffffffffffffffffffffffffffffe'

const read = <T>(name: string): T =>
  JSON.parse(readFileSync(`contracts/generated/genesis-${name}.json`, 'utf8')) as T

describe('genesis', () => {
  beforeAll(() => initKeccak())

  it('is what its signed transactions lead to', async () => {
    const file = read<GenesisFile>('classroom')
    const alloc = await replayGenesis(PRESETS.classroom, read<ReplayFile>('classroom.replay'))
    expect(alloc).toEqual(file.l1.alloc)
    const { l1 } = parseGenesisFile({ ...file, l1: { ...file.l1, alloc } }, 'classroom')
    expect(bytesToHex(buildGenesis('l1', l1).header.stateRoot)).toBe(file.l1.stateRoot)
  })

  it('with another limit of code is what the same deployment with that limit leads to', async () => {
    const parameters = parametersOf({ preset: 'classroom', codeSizeLimit: 65_536 })
    const file = read<GenesisFile>('classroom')
    const { l1, anchorRoot } = parseGenesisFile(file, 'classroom', parameters)
    const deployment = await signDeployment({
      parameters,
      plan: await planDeployment(),
      anchorRoot: file.anchorRoot as Hex,
      baseFee: L1_BASE_FEE,
    })
    const { prefund } = read<ReplayFile>('classroom.replay')
    const alloc = await replayGenesis(parameters, { prefund, transactions: deployment })
    const deployed = parseGenesisFile({ ...file, l1: { ...file.l1, alloc } }, 'classroom')
    expect(l1.accounts.length).toBe(deployed.l1.accounts.length)
    expect(buildGenesis('l1', l1).hash).toEqual(buildGenesis('l1', deployed.l1).hash)
    expect(bytesToHex(buildGenesis('l1', l1).hash)).not.toBe(file.l1.hash)
    expect(bytesToHex(anchorRoot)).toBe(file.anchorRoot)
  })

  it('without the verifier that holds the limit is refused', () => {
    const file = read<GenesisFile>('classroom')
    const { frameStep: _, ...addresses } = file.addresses
    expect(() =>
      parseGenesisFile({ ...file, addresses }, 'classroom', CODE_LIMITS[65_536]),
    ).toThrow('no frameStep with codeSizeMax')
  })

  it.each(Object.keys(PRESETS) as PresetName[])('of %s has the roots that it names', (preset) => {
    const file = read<GenesisFile>(preset)
    const world = parseGenesisFile(file, preset)
    for (const kind of ['l1', 'l2'] as const) {
      expect(bytesToHex(buildGenesis(kind, world[kind]).hash)).toBe(file[kind].hash)
    }
    expect(bytesToHex(hashEntry(world.inboxGenesis))).toBe(file.inboxGenesis.hash)
  })

  it('differs when one transaction of its replay is left out', async () => {
    const replay = read<ReplayFile>('classroom.replay')
    const shortened = { ...replay, transactions: replay.transactions.slice(0, -1) }
    expect(await replayGenesis(PRESETS.classroom, shortened)).not.toEqual(
      read<GenesisFile>('classroom').l1.alloc,
    )
  })

  it('backs on L1 every wei that exists on L2', () => {
    const file = read<GenesisFile>('demo')
    const onL2 = Object.values(file.l2.alloc).reduce(
      (sum, { balance }) => sum + BigInt(balance),
      0n,
    )
    expect(BigInt(file.l1.alloc[file.addresses.l1Bridge ?? '']?.balance ?? 0)).toBe(onL2)
  })

  it.each([
    ['0x0000f90827f1c53a10cb7a02335b175320002935', 1n],
    ['0x000f3df6d732807ef1319fb7b8bb8522d0beac02', 0n],
  ] as const)(
    'has system contract %s that keeps what the system tells it',
    async (address, distance) => {
      const chain = await createHarness()
      const code = read<GenesisFile>('demo').l2.alloc[address]?.code as Hex
      await chain.putCode(address, code)
      await chain.mine(5)
      const value: Hex = `0x${'5a'.repeat(32)}`
      expect(await chain.callRaw(address, value, { from: SYSTEM })).toBe('0x')
      const key = distance === 0n ? chain.timestamp() : chain.blockNumber() - distance
      const asked = bytesToHex(word(key))
      await chain.mine()
      expect(await chain.callRaw(address, asked)).toBe(value)
      await expect(chain.callRaw(address, bytesToHex(word(key + 1_000n)))).rejects.toThrow('revert')
    },
  )

  it('is not read for another preset', () => {
    expect(() => parseGenesisFile(read<GenesisFile>('demo'), 'classroom')).toThrow('demo')
  })
})
