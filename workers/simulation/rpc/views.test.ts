import { describe, expect, it } from 'vitest'
import type { Fault } from '../../protocol/faults.ts'
import { PRESETS } from '../../rollup/parameters.ts'
import { createProjector } from '../projection.ts'
import { toJson, viewRpc } from './views.ts'

function createPort() {
  const projector = createProjector({
    seed: 7,
    scenario: 'steady',
    buildHash: '',
    parameters: PRESETS.demo,
    nodes: ['executor-0', 'executor-1'],
    accounts: {},
  })
  const faults: Fault[] = []
  return {
    faults,
    crash: (node: string) =>
      projector.apply({ kind: 'fault', timeMs: 0, fault: { kind: 'crash', node } }),
    port: {
      projection: () => projector.projection(),
      contracts: { inbox: '0x01' },
      fault: async (fault: Fault) => {
        faults.push(fault)
      },
    },
  }
}

describe('views over JSON-RPC', () => {
  it('names contracts of L1 and predeploys of L2', async () => {
    expect(await viewRpc(createPort().port, 'rollup_contracts', [])).toMatchObject({
      inbox: '0x01',
      l2Bridge: '0x4200000000000000000000000000000000000010',
    })
  })

  it('answers null for what it does not know', () => {
    expect(viewRpc(createPort().port, 'eth_chainId', [])).toBeNull()
  })

  it('arms a fraud at the first running node of its role', async () => {
    const { port, faults, crash } = createPort()
    crash('executor-0')
    expect(await viewRpc(port, 'rollup_injectFraud', ['fraud-sstore'])).toBe(true)
    expect(faults).toEqual([{ kind: 'corrupt', node: 'executor-1', fraud: 'fraud-sstore' }])
  })

  it('says which frauds there are when one is unknown, and who is missing', async () => {
    const { port } = createPort()
    await expect(viewRpc(port, 'rollup_injectFraud', ['fraud-x'])).rejects.toThrow(/fraud-sstore/)
    await expect(viewRpc(port, 'rollup_injectFraud', ['false-challenge'])).rejects.toThrow(
      /challenger/,
    )
  })

  it('prints heights as quantities', () => {
    expect(toJson({ a: [255n, null, 'x'], b: { c: 0n } })).toEqual({
      a: ['0xff', null, 'x'],
      b: { c: '0x0' },
    })
  })
})
