import { type Address, encodeFunctionData, type Hash, parseEther } from 'viem'
import { abi as tokenAbi } from '../../contracts/generated/DemoToken.ts'
import { type Account, confirmed, createAccount, type Rpc, type Tell } from './wallet-account.ts'
import { transferData } from './wallet-actions.ts'

/** Senders of the load; account 0 acts for the visitor. */
const senderIndices = [4, 5, 6, 7, 8, 9] as const
/** Unanswered transactions beyond this number wait for the world to catch up. */
const inFlightMax = 400

export interface Load {
  /** Transfers per virtual second; 0 stops. Resolves once tokens are there to be sent. */
  set(transactionsPerSecond: number): Promise<void>
  forget(): void
  /** Virtual time has come to `timeMs`: sends what is due since the last call. */
  advance(timeMs: number): void
}

/** Sends token transfers at a rate per virtual second, so that a world that runs slowly is not buried. */
export function createLoad(world: Rpc, token: () => Promise<Address>, tell: Tell): Load {
  let rate = 0
  let ready: { readonly senders: readonly Account[]; readonly address: Address } | null = null
  let lastMs = 0
  let inFlight = 0
  let owed = 0
  let count = 0
  const refusals = new Set<string>()
  /** Hundreds may be refused for one reason; it is told once per rate that was set. */
  const refused = (error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error)
    if (refusals.has(reason)) return
    refusals.add(reason)
    tell('error', `A transfer of the load was refused, the others go on: ${reason}`)
  }

  const send = (sender: Account, address: Address) => {
    inFlight += 1
    // A refused transfer is not resent: the account asks for its nonce again before its next one.
    sender
      .send({ to: address, data: transferData(count), gas: 80_000n })
      .catch(refused)
      .finally(() => {
        inFlight -= 1
      })
  }

  return {
    async set(transactionsPerSecond) {
      rate = transactionsPerSecond
      owed = 0
      refusals.clear()
      if (rate === 0 || ready !== null) return
      const address = await token()
      ready = { address, senders: await fund(world, address) }
    },
    forget() {
      rate = 0
      ready = null
      lastMs = 0
    },
    advance(timeMs) {
      const passedMs = Math.max(0, timeMs - lastMs)
      lastMs = timeMs
      if (rate === 0 || ready === null) return
      owed = Math.min(owed + (rate * passedMs) / 1_000, rate)
      while (owed >= 1 && inFlight < inFlightMax) {
        const sender = ready.senders[count % ready.senders.length]
        if (sender === undefined) return
        owed -= 1
        count += 1
        send(sender, ready.address)
      }
    },
  }
}

/** Gives every sender tokens to send. */
async function fund(world: Rpc, token: Address): Promise<readonly Account[]> {
  const rich = await createAccount(world, 'l2', 0)
  const senders = await Promise.all(senderIndices.map((index) => createAccount(world, 'l2', index)))
  const hashes: Hash[] = []
  for (const sender of senders) {
    const data = encodeFunctionData({
      abi: tokenAbi,
      functionName: 'transfer',
      args: [sender.address, parseEther('100000')],
    })
    hashes.push(await rich.send({ to: token, data, gas: 80_000n }))
  }
  const last = hashes.at(-1)
  if (last !== undefined) await confirmed(world, 'l2', last)
  return senders
}
