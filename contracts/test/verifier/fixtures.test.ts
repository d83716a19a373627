/**
 * Ethereum's state tests through the verifier: of every kind of step (phase, or opcode with its outcome) some of each file are
 * given to the contracts, whose result must be the mirror's. Runs where FIXTURES_DIR names a folder with `state_tests`.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { initKeccak } from '../../../workers/rollup/keccak.ts'
import { step } from '../../../workers/rollup/machine/step.ts'
import {
  contextOf,
  type StateTest,
  stateTestState,
} from '../../../workers/rollup/machine/testing/stateTest.ts'
import { L2_RULES, type MachineState, PHASE } from '../../../workers/rollup/machine/types.ts'
import { initSecp256k1 } from '../../../workers/rollup/secp256k1.ts'
import { deployFamily, type Family, kindOf, verify } from './family.ts'

const root = join(process.env['FIXTURES_DIR'] ?? '/nowhere', 'state_tests')
const only = process.env['FIXTURE_FILTER'] ?? ''
const PER_KIND = Number(process.env['FIXTURE_PER_KIND'] ?? '25')
const PER_KIND_AND_FILE = 2
/** Cases that run longer than this many steps are cut: the rest of a loop shows nothing new. */
const STEPS_MAX = 20_000

describe.runIf(existsSync(root))('state tests of execution-specs', () => {
  let family: Family
  beforeAll(async () => {
    await Promise.all([initKeccak(), initSecp256k1()])
    family = await deployFamily()
  })

  it('gives the mirror’s result for every kind of step', async () => {
    const seen = new Map<string, number>()
    const gas = new Map<string, bigint>()
    const failures: string[] = []
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.endsWith('.json') && name.includes(only),
    )
    for (const file of files) {
      const here = new Map<string, number>()
      const tests = JSON.parse(readFileSync(join(root, file), 'utf8')) as Record<string, StateTest>
      for (const [name, test] of Object.entries(tests)) {
        for (const post of test.post['Osaka'] ?? []) {
          if (post.txbytes.startsWith('0x03')) continue
          const context = contextOf(L2_RULES)
          let state: MachineState = stateTestState(test, post)
          try {
            for (let i = 0; i < STEPS_MAX; i++) {
              const kind = kindOf(state, context)
              const count = seen.get(kind) ?? 0
              const local = here.get(kind) ?? 0
              if (count < PER_KIND && local < PER_KIND_AND_FILE) {
                seen.set(kind, count + 1)
                here.set(kind, local + 1)
                const { result, expected, error, transactionGas } = await verify(
                  family,
                  state,
                  context,
                )
                if (transactionGas > (gas.get(kind) ?? 0n)) gas.set(kind, transactionGas)
                if (result !== expected)
                  failures.push(`${name} step ${i} ${kind}: ${error ?? 'another result'}`)
              }
              state = step(state, context)
              if (state.phase === PHASE.TX_NEXT) break
            }
          } catch (error) {
            failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`)
          }
        }
      }
    }
    const report = [...seen]
      .sort()
      .map(([kind, count]) => `${kind}: ${count} steps, at most ${gas.get(kind)} gas`)
    console.info(report.join('\n'))
    console.info(failures.join('\n'))
    expect(failures).toEqual([])
  }, 3_600_000)
})
