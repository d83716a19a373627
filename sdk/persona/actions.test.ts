/** Examples of the Persona actions, on L2's genesis through JSON-RPC. */

import {
  type Account,
  createPublicClient,
  createWalletClient,
  custom,
  defineChain,
  publicActions,
} from 'viem'
import { mnemonicToAccount, privateKeyToAccount } from 'viem/accounts'
import { expect, test } from 'vitest'
import { createTestNode } from '../../workers/chain/testing/viem.ts'
import { resolvePassport as answerResolve } from '../../workers/executor/resolvePassport.ts'
import { ISSUERS } from '../../workers/persona/accounts.ts'
import { DEMO_TOKEN, ENGAGEMENTS } from '../../workers/persona/addresses.ts'
import { sendCampaign } from '../../workers/persona/campaigns.ts'
import { REWARD_FORMULAS } from '../../workers/persona/formulas.ts'
import { createOutbox } from '../../workers/persona/outbox.ts'
import { createPopulation } from '../../workers/persona/population.ts'
import { createBookReader } from '../../workers/persona/reader.ts'
import { createDigests } from '../../workers/persona/typedData.ts'
import { LITEPAPER_DRAFT } from '../../workers/protocol/litepaperDraft.ts'
import type { Json } from '../../workers/protocol/world.ts'
import { bytesToHex } from '../../workers/rollup/bytes.ts'
import { PRESETS, TEST_MNEMONIC } from '../../workers/rollup/parameters.ts'
import { loadGenesis } from '../../workers/simulation/genesis.ts'
import { personaActions, personaWalletActions } from './actions.ts'

const { l2ChainId, allowsCheats } = PRESETS.classroom

/** A node of L2 at genesis, and clients of it. */
async function connect() {
  const { l2 } = await loadGenesis('classroom')
  const node = await createTestNode({ kind: 'l2', chainId: l2ChainId, genesis: l2, allowsCheats })
  const read = async (method: string, params: readonly Json[]) =>
    (await node.request({ method, params })) as Json
  const chain = defineChain({
    id: l2ChainId,
    name: 'L2',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [] } },
  })
  const transport = custom({
    request: ({ method, params }: { method: string; params?: readonly Json[] }) =>
      method === 'rollup_resolvePassport'
        ? answerResolve(read, params ?? [])
        : node.request({ method, params }),
  })
  const client = createPublicClient({ chain, transport }).extend(personaActions)
  const walletOf = (account: Account) =>
    createWalletClient({ account, chain, transport, pollingInterval: 20 })
      .extend(publicActions)
      .extend(personaActions)
      .extend(personaWalletActions)
  return { client, read, walletOf }
}

test('mints a Passport, resolves it, signs three actions and has them relayed', async () => {
  const { read, walletOf } = await connect()
  const account = mnemonicToAccount(TEST_MNEMONIC, { addressIndex: 2 })
  const client = walletOf(account)

  expect(await client.resolvePassport({ address: account.address })).toBeNull()
  await client.mintPassport()
  const persona = await client.resolvePassport({ address: account.address })
  expect(persona).toMatchObject({ passport: 1n, points: 0n, badges: [] })
  expect(persona?.wallets).toEqual([account.address.toLowerCase()])

  const reader = createBookReader()
  await reader.sync(read)
  const head = reader.head()
  if (head === null) throw new TypeError('The chain has no head.')
  const outbox = createOutbox(read, l2ChainId, {})
  const population = createPopulation({ seed: 7, personas: 2, sybilPermille: 0 })
  const stage = {
    timeMs: 0,
    read,
    book: reader.book(),
    head,
    outbox,
    digests: createDigests(l2ChainId),
    population,
  }
  await sendCampaign(stage, LITEPAPER_DRAFT, 1, head.timestamp + 4)
  for (const { raw } of outbox.take()) await read('eth_sendRawTransaction', [raw])
  expect(await client.getCampaign({ campaign: 1n })).toMatchObject({
    name: LITEPAPER_DRAFT.name,
    token: expect.stringMatching(new RegExp(DEMO_TOKEN, 'i')),
  })

  const signed = await client.signActions({
    passport: 1n,
    campaign: 1n,
    actions: [
      { kind: 'microReward', task: 3 },
      { kind: 'gameMove', direction: 1, steps: 2 },
      { kind: 'gameMove', direction: 2, steps: 1 },
    ],
    deadline: BigInt(head.timestamp + 3_600),
  })
  const hash = await client.relayActions(signed)
  const receipt = await client.getTransactionReceipt({ hash })
  expect(receipt.status).toBe('success')
  expect(receipt.logs.map(({ address }) => address)).toEqual([ENGAGEMENTS])
  await reader.sync(read)
  expect(reader.book().campaigns.get(1)?.actions).toBe(3)
  expect(reader.book().passports[0]?.actions).toBe(3)
  // The same signature a second time is refused: its nonce is used up.
  await expect(client.relayActions(signed)).rejects.toThrow('Engagements_WrongNonce')
  expect(await client.getBadgeValue({ passport: 1n, kind: 0n, time: BigInt(head.timestamp) })).toBe(
    0n,
  )
})

test('a project creates and funds a campaign, an issuer attests, an owner links a wallet', async () => {
  const { client, walletOf } = await connect()
  const owner = walletOf(mnemonicToAccount(TEST_MNEMONIC, { addressIndex: 3 }))
  const issuer = walletOf(privateKeyToAccount(bytesToHex(ISSUERS.onchain.key)))
  const project = walletOf(mnemonicToAccount(TEST_MNEMONIC, { addressIndex: 6 }))
  await owner.mintPassport()
  const { timestamp } = await client.getBlock()
  const wallet = mnemonicToAccount(TEST_MNEMONIC, { addressIndex: 4 })
  await owner.linkWallet({ passport: 1n, wallet, deadline: timestamp + 3_600n })
  const badge = { passport: 1n, kind: 0n, recipient: wallet.address, value: 1n } as const
  await issuer.attestBadge(badge)
  await expect(owner.attestBadge(badge)).rejects.toThrow('Badges_NotValidator')
  const persona = await client.resolvePassport({ address: wallet.address })
  expect(persona).toMatchObject({ passport: 1n, points: 50n })
  expect(persona?.badges.map(({ name }) => name)).toEqual(['governanceVotes'])

  const terms = {
    name: 'Season one',
    token: DEMO_TOKEN,
    start: timestamp + 100n,
    epochSeconds: 60,
    epochCount: 10,
    epochBudget: 1_000n,
    formula: REWARD_FORMULAS.trusted.address,
    trustIterations: 8,
    actionWeights: [1, 1, 2, 0, 0, 0, 0, 0],
    actionCaps: [9, 9, 9, 0, 0, 0, 0, 0],
    criteria: [{ kind: 0, mode: 0, weight: 1_000_000_000, maximum: 1n }],
  } as const
  await project.createCampaign({ terms })
  await project.fundCampaign({ campaign: 1n, amount: 10_000n })
  expect(await client.getCampaign({ campaign: 1n })).toMatchObject({ name: 'Season one' })
  const wrong = { ...terms, criteria: [{ ...terms.criteria[0], weight: 1 }] }
  await expect(project.createCampaign({ terms: wrong })).rejects.toThrow('Campaigns_InvalidTerms')
})

test('a bad address is refused by name', async () => {
  const refused = answerResolve(async () => null, ['0x12'])
  await expect(refused).rejects.toThrow('address')
})
