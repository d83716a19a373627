/**
 * `npm run mutate -- --json [--shard i/n] [--bits N]`: every bit of the witness of each kind of step changed, one at a time, inside Anvil. Each
 * changed witness must be refused or change nothing, so that one state never has two that follow it.
 *
 *     --shard i/n   the i-th of n parts of the steps, i from 1
 *     --bits N      of each byte the lowest N bits (default 8)
 *
 * Progress goes to stderr. Exit code 0 only if nothing false was accepted.
 */
import { initKeccak } from '../workers/rollup/keccak.ts'
import { initSecp256k1 } from '../workers/rollup/secp256k1.ts'
import { integerFlag, readFlags, runTool, shardFlag } from './arguments.ts'
import { createAnvilJudge } from './conformance/anvilJudge.ts'
import { runFlips } from './conformance/flips.ts'

await runTool(main)

async function main(): Promise<void> {
  const flags = readFlags({
    shard: { type: 'string' },
    bits: { type: 'string' },
    json: { type: 'boolean' },
  })
  const bits = integerFlag('bits', flags.bits, 8, [1, 8])
  const shard = shardFlag(flags.shard)
  await Promise.all([initKeccak(), initSecp256k1()])
  const judge = await createAnvilJudge()
  const report = await runFlips(judge, {
    shard,
    bits,
    onProgress: (line) => process.stderr.write(`${line}\n`),
  })
  judge.close()
  process.stdout.write(`${JSON.stringify(report, null, flags.json === true ? 0 : 2)}\n`)
  process.exitCode = report.failures.length === 0 ? 0 : 1
}
