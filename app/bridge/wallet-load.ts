import { type Address, encodeFunctionData, type Hash, parseEther } from 'viem'
import { abi as tokenAbi } from '../../contracts/generated/DemoToken.ts'
import { type Account, confirmed, createAccount, type Rpc } from './wallet-account.ts'
import { transferData } from './wallet-actions.ts'

/** Senders of the load; account 0 acts for the visitor. */
const senderIndices = [4, 5, 6, 7, 8, 9] as const
const beatMs = 100
/** Unanswered transactions beyond this number wait for the world to catch up. */
const inFlightMax = 400

export interface Load {
  set(transactionsPerSecond: number): Promise<void>
}

/** Keeps sending token transfers at a rate per wall second, as long as the world keeps up. */
export function createLoad(world: Rpc, token: () => Promise<Address>): Load {
  let rate = 0
  let timer: ReturnType<typeof setInterval> | undefined
  let inFlight = 0
  let owed = 0
  let count = 0

  const stop = () => {
    clearInterval(timer)
    timer = undefined
  }

  const beat = (senders: readonly Account[], address: Address) => {
    owed = Math.min(owed + (rate * beatMs) / 1_000, rate)
    while (owed >= 1 && inFlight < inFlightMax) {
      const sender = senders[count % senders.length]
      if (sender === undefined) return
      owed -= 1
      count += 1
      inFlight += 1
      // A refused transfer is not resent: the account asks for its nonce again before its next one.
      sender
        .send({ to: address, data: transferData(count), gas: 80_000n })
        .catch(() => undefined)
        .finally(() => {
          inFlight -= 1
        })
    }
  }

  return {
    async set(transactionsPerSecond) {
      rate = transactionsPerSecond
      stop()
      if (rate === 0) return
      const address = await token()
      const senders = await fund(world, address)
      if (rate === 0) return
      stop()
      timer = setInterval(() => beat(senders, address), beatMs)
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
