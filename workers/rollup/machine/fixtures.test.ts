/**
 * Ethereum's state tests through the mirror: the final root of every Osaka case equals the fixture's. Runs where FIXTURES_DIR
 * names a folder with `state_tests`; the folder is not part of the project.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bytesToHex } from '../bytes.ts'
import { loadKzg } from '../data/kzg.ts'
import { initKeccak } from '../keccak.ts'
import { initSecp256k1 } from '../secp256k1.ts'
import { worldRoot } from '../trie/world.ts'
import { runStateTest, type StateTest } from './testing/stateTest.ts'

const folder = process.env['FIXTURES_DIR']
const root = folder === undefined ? '' : join(folder, 'state_tests')
const only = process.env['FIXTURE_FILTER'] ?? ''

describe.runIf(root !== '' && existsSync(root))('state tests of execution-specs', () => {
  it('gives the final root of every Osaka case', async () => {
    await Promise.all([initKeccak(), initSecp256k1(), loadKzg()])
    const failures: string[] = []
    let cases = 0
    for (const file of jsonFiles(root).filter((path) => path.includes(only))) {
      const tests = JSON.parse(readFileSync(file, 'utf8')) as Record<string, StateTest>
      for (const [name, test] of Object.entries(tests)) {
        for (const post of test.post['Osaka'] ?? []) {
          if (post.txbytes.startsWith('0x03')) continue
          cases += 1
          const hash = outcome(test, post)
          if (hash !== post.hash) failures.push(`${name} ${JSON.stringify(post.indexes)}: ${hash}`)
        }
      }
    }
    console.info(`${cases} cases, ${failures.length} failures`)
    expect(failures).toEqual([])
    expect(cases).toBeGreaterThan(0)
  }, 3_600_000)
})

function outcome(test: StateTest, post: NonNullable<StateTest['post'][string]>[number]): string {
  try {
    return bytesToHex(worldRoot(runStateTest(test, post)))
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error)
  }
}

function jsonFiles(directory: string): string[] {
  return readdirSync(directory).flatMap((name) => {
    const path = join(directory, name)
    if (statSync(path).isDirectory()) return jsonFiles(path)
    return name.endsWith('.json') ? [path] : []
  })
}
