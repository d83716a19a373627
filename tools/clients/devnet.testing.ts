/** One served devnet for a file of tests, and the contract that every client deploys. */
import { getAddress, type Hex } from 'viem'
import { afterAll, beforeAll } from 'vitest'
import { ClientProbe } from '../../contracts/generated/test/ClientProbe.ts'
import { createDevnet, type Devnet } from '../devnet.ts'

export const { abi, bytecode } = ClientProbe

export interface ServedDevnet {
  /** HTTP; WebSocket by another scheme. */
  url(chain: 'l1' | 'l2'): string
  addressOf(account: number): Hex
  /** Every client has an account of its own, so that nonces do not meet. */
  keyOf(account: number): Hex
}

export function serveDevnet(): ServedDevnet {
  let devnet: Devnet
  beforeAll(async () => {
    devnet = await createDevnet({ serve: true })
  })
  afterAll(() => devnet.close())
  return {
    url: (chain) => devnet.urls[chain],
    addressOf: (account) => getAddress(devnet.accounts[account]?.address as Hex),
    keyOf: (account) => devnet.accounts[account]?.privateKey as Hex,
  }
}
