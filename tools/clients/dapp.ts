/** What one account of a devnet does with contracts, by viem. For tests. */
import {
  type Abi,
  type Address,
  createPublicClient,
  createWalletClient,
  custom,
  type Hex,
  type TransactionReceipt,
} from 'viem'
import type { PrivateKeyAccount } from 'viem/accounts'
import { expect } from 'vitest'
import { trexL1, trexL2 } from '../../sdk/viem.ts'
import type { Devnet } from '../devnet.ts'

export interface Compiled {
  readonly abi: Abi
  readonly bytecode: Hex
}

/** An artifact of a package, whatever its tool. */
export const compiled = ({ abi, bytecode }: { abi: unknown; bytecode: string }): Compiled => ({
  abi: abi as Abi,
  bytecode: (bytecode.startsWith('0x') ? bytecode : `0x${bytecode}`) as Hex,
})

/** Each call waits for its receipt and refuses one that failed. */
export function dappOf(devnet: Devnet, name: 'l1' | 'l2', account: PrivateKeyAccount) {
  const chain = name === 'l1' ? trexL1 : trexL2
  const transport = custom(devnet[name])
  const client = createPublicClient({ chain, transport, pollingInterval: 20 })
  const wallet = createWalletClient({ chain, transport, account })
  const mined = async (hash: Hex): Promise<TransactionReceipt> => {
    const receipt = await client.waitForTransactionReceipt({ hash })
    expect(receipt.status).toBe('success')
    return receipt
  }
  return {
    client,
    wallet,
    mined,
    deploy: async ({ abi, bytecode }: Compiled, args: readonly unknown[] = []) => {
      const hash = await wallet.deployContract({ abi, bytecode, args })
      return (await mined(hash)).contractAddress as Address
    },
    write: async (
      address: Address,
      abi: Abi,
      functionName: string,
      args: readonly unknown[] = [],
      value = 0n,
    ) => mined(await wallet.writeContract({ address, abi, functionName, args, value })),
    read: (address: Address, abi: Abi, functionName: string, args: readonly unknown[] = []) =>
      client.readContract({ address, abi, functionName, args }),
  }
}
