/**
 * `npm run fuzz:rpc -- --requests 100000 --seed 1 --json`: malformed and hostile JSON-RPC, over HTTP and WebSocket, against a
 * headless devnet of its own. Exits with 1 unless every request got a JSON-RPC answer in time, memory stayed bounded, and both chains still
 * make blocks.
 */
import { integerFlag, readFlags, runTool, SEED_RANGE } from './arguments.ts'
import { fuzz } from './fuzz/fuzz.ts'

const REQUESTS_RANGE = [1, 10_000_000] as const

await runTool(main)

async function main(): Promise<void> {
  const flags = readFlags({
    requests: { type: 'string' },
    seed: { type: 'string' },
    json: { type: 'boolean' },
  })
  const requests = integerFlag('requests', flags.requests, 10_000, REQUESTS_RANGE)
  const seed = integerFlag('seed', flags.seed, 1, SEED_RANGE)
  const report = await fuzz(seed, requests, (done) => {
    process.stderr.write(`${done} of ${requests}\r`)
  })
  const { ok, failed, slowestMs, rssStartMb, rssMaxMb, elapsedMs } = report
  process.stdout.write(
    flags.json === true
      ? `${JSON.stringify(report)}\n`
      : `${requests} requests, seed ${seed}: ${failed} without a proper answer; slowest ${slowestMs} ms, memory ${rssStartMb} MB, at most ${rssMaxMb} MB, ${Math.round(elapsedMs / 1000)} s.\n`,
  )
  process.exitCode = ok ? 0 : 1
}
