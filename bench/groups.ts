/** The figures by group. Each group runs in a process of its own, so that none pays for another's heap. */
import type { Group } from './figure.ts'

const MINUTE_MS = 60_000

export const GROUPS: readonly Group[] = [
  {
    name: 'chain',
    description: 'transactions per second of the chain engine beside @ethereumjs/vm and Anvil',
    timeoutMs: 15 * MINUTE_MS,
    load: async () => (await import('./chain.ts')).measureChain,
  },
  {
    name: 'end-to-end',
    description:
      'transactions per second through the whole rollup without a browser, and its bound',
    timeoutMs: 15 * MINUTE_MS,
    load: async () => (await import('./endToEnd.ts')).measureEndToEnd,
  },
  {
    name: 'rpc',
    description: 'latency of JSON-RPC and start-up of a headless devnet beside Anvil and Hardhat',
    timeoutMs: 15 * MINUTE_MS,
    load: async () => (await import('./rpc.ts')).measureRpc,
  },
  {
    name: 'pace',
    description:
      'virtual seconds per wall second at the default load, in threads and in one thread',
    timeoutMs: 10 * MINUTE_MS,
    load: async () => (await import('./pace.ts')).measurePace,
  },
  {
    name: 'fraud-to-verdict',
    description: 'from the lie to its verdict on L1, in virtual and in wall time',
    timeoutMs: 15 * MINUTE_MS,
    load: async () => (await import('./fraudToVerdict.ts')).measureFraudToVerdict,
  },
  {
    name: 'one-step-gas',
    description: 'gas of an L1 transaction that verifies one step, by kind of step',
    timeoutMs: 10 * MINUTE_MS,
    load: async () => (await import('./oneStepGas.ts')).measureOneStepGas,
  },
  {
    name: 'persona-actions',
    description: 'bytes and L2 gas of one engagement action by size of the batch',
    timeoutMs: 5 * MINUTE_MS,
    load: async () => (await import('./personaActions.ts')).measurePersonaActions,
  },
  {
    name: 'devnets',
    description: 'how soon createDevnet() is ready, alone and eight at once',
    timeoutMs: 5 * MINUTE_MS,
    load: async () => (await import('./devnets.ts')).measureDevnets,
  },
  {
    name: 'prover',
    description: 'steps, state hashes and witnesses of the mirror, and the time of one move',
    timeoutMs: 10 * MINUTE_MS,
    load: async () => (await import('./prover.ts')).measureProver,
  },
  {
    name: 'page',
    description: 'first block, frames, long tasks and memory of the page in Chromium',
    timeoutMs: 45 * MINUTE_MS,
    load: async () => (await import('./page.ts')).measurePage,
  },
  {
    name: 'bundle',
    description: 'sizes of the built page by chunk, compressed',
    timeoutMs: 5 * MINUTE_MS,
    load: async () => (await import('./bundle.ts')).measureBundle,
  },
  {
    name: 'graph',
    description: 'frames per second of the Value Graph at 1,000 and 10,000 Personas in Chromium',
    timeoutMs: 10 * MINUTE_MS,
    load: async () => (await import('./graphFrames.ts')).measureGraphFrames,
  },
  {
    name: 'persona',
    description:
      'Personas: ranking time by size, Sybil share with and without trust, cost of an action.',
    timeoutMs: 45 * MINUTE_MS,
    load: async () => (await import('./persona.ts')).measurePersona,
  },
]
