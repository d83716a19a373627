/** A dApp as others write them: React and wagmi, nothing of the devnet's but an artifact. Runs on an origin of its own. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { createRoot } from 'react-dom/client'
import {
  type Address,
  type BaseError,
  ContractFunctionRevertedError,
  defineChain,
  encodeFunctionData,
  parseEther,
  parseEventLogs,
} from 'viem'
import {
  type Config,
  createConfig,
  injected,
  unstable_connector,
  useAccount,
  useConfig,
  useConnect,
  useConnectors,
  useDisconnect,
  useSwitchChain,
  WagmiProvider,
} from 'wagmi'
import {
  deployContract,
  getPublicClient,
  readContract,
  sendCalls,
  simulateContract,
  waitForCallsStatus,
  waitForTransactionReceipt,
  writeContract,
} from 'wagmi/actions'
import { DemoToken } from '../../contracts/generated/DemoToken.ts'

const nativeCurrency = { name: 'Ether', symbol: 'ETH', decimals: 18 }
const l1 = defineChain({
  id: 7_331_001,
  name: 'L1',
  nativeCurrency,
  rpcUrls: { default: { http: [] } },
})
const l2 = defineChain({
  id: 7_331_002,
  name: 'L2',
  nativeCurrency,
  rpcUrls: { default: { http: [] } },
})

const config = createConfig({
  chains: [l2, l1],
  transports: { [l1.id]: unstable_connector(injected), [l2.id]: unstable_connector(injected) },
  pollingInterval: 300,
})

const friend = `0x${'42'.repeat(20)}` as const
const { abi } = DemoToken

/** Every step says in one line what it saw. */
const steps: Readonly<Record<string, (config: Config, token: Address) => Promise<string>>> = {
  async transfer(wagmi, token) {
    const args = [friend, parseEther('3')] as const
    const hash = await writeContract(wagmi, { abi, address: token, functionName: 'transfer', args })
    const { blockNumber } = await waitForTransactionReceipt(wagmi, { hash })
    const logs = await getPublicClient(wagmi)?.getLogs({
      address: token,
      fromBlock: blockNumber,
      toBlock: blockNumber,
    })
    const [log] = parseEventLogs({ abi, logs: logs ?? [], eventName: 'Transfer' })
    const balance = await readContract(wagmi, {
      abi,
      address: token,
      functionName: 'balanceOf',
      args: [friend],
    })
    return `logged ${log?.args.value}, balance ${balance}`
  },
  async overspend(wagmi, token) {
    try {
      await simulateContract(wagmi, {
        abi,
        address: token,
        functionName: 'transfer',
        args: [friend, parseEther('9000000000')],
      })
      return 'nothing reverted'
    } catch (error) {
      const reverted = (error as BaseError).walk(
        (one) => one instanceof ContractFunctionRevertedError,
      )
      return `reverts with ${(reverted as ContractFunctionRevertedError).data?.errorName}`
    }
  },
  async revert(wagmi, token) {
    const hash = await writeContract(wagmi, {
      abi,
      address: token,
      functionName: 'transfer',
      args: [friend, parseEther('9000000000')],
      gas: 100_000n,
    })
    return waitForTransactionReceipt(wagmi, { hash }).then(
      ({ status }) => `receipt ${status}`,
      (error: Error) => `reverted on chain: ${error.message.split('\n')[0]}`,
    )
  },
  async batch(wagmi, token) {
    const data = encodeFunctionData({ abi, functionName: 'transfer', args: [friend, 1n] })
    const { id } = await sendCalls(wagmi, {
      calls: [
        { to: token, data },
        { to: token, data },
      ],
    })
    const { status, receipts } = await waitForCallsStatus(wagmi, { id })
    return `${status}, ${receipts?.length} receipts`
  },
}

function App() {
  const { status, address, chainId, connector } = useAccount()
  const connectors = useConnectors()
  const { mutate: connect, error } = useConnect()
  const { mutate: disconnect } = useDisconnect()
  const { mutate: switchChain } = useSwitchChain()
  return (
    <main>
      <h1>A dApp</h1>
      <p data-testid="status">{status}</p>
      <p data-testid="account">{address}</p>
      <p data-testid="wallet">{connector?.name}</p>
      <p data-testid="chain">{chainId}</p>
      <p data-testid="error">{error && `${error.name}: ${(error as { code?: number }).code}`}</p>
      {connectors.map((connector) => (
        <button key={connector.uid} type="button" onClick={() => connect({ connector })}>
          Connect {connector.name}
        </button>
      ))}
      <button type="button" onClick={() => disconnect()}>
        Disconnect
      </button>
      <button type="button" onClick={() => switchChain({ chainId: l1.id })}>
        Switch to L1
      </button>
      <button type="button" onClick={() => switchChain({ chainId: l2.id })}>
        Switch to L2
      </button>
      <Token />
    </main>
  )
}

function Token() {
  const wagmi = useConfig()
  const [token, setToken] = useState<Address>()
  const deploy = async () => {
    const args = ['Demo', 'DEMO', parseEther('1000')] as const
    const hash = await deployContract(wagmi, { abi, bytecode: DemoToken.bytecode, args })
    const { contractAddress } = await waitForTransactionReceipt(wagmi, { hash })
    setToken(contractAddress ?? undefined)
    return `deployed ${contractAddress}`
  }
  return (
    <>
      <Step name="deploy" run={deploy} />
      {token !== undefined &&
        Object.entries(steps).map(([name, run]) => (
          <Step key={name} name={name} run={() => run(wagmi, token)} />
        ))}
    </>
  )
}

function Step({
  name,
  run,
}: {
  readonly name: string
  readonly run: () => Promise<string>
}): ReactNode {
  const [seen, setSeen] = useState('')
  const start = () => {
    setSeen('…')
    run().then(setSeen, (error: Error) => setSeen(`failed: ${error.message}`))
  }
  return (
    <p>
      <button type="button" onClick={start}>
        {name}
      </button>
      <output data-testid={name}>{seen}</output>
    </p>
  )
}

const root = document.getElementById('root')
if (root !== null) {
  createRoot(root).render(
    <WagmiProvider config={config}>
      <QueryClientProvider client={new QueryClient()}>
        <App />
      </QueryClientProvider>
    </WagmiProvider>,
  )
}
