import { useState } from 'react'
import { type Abi, encodeDeployData } from 'viem'
import type { ChainName } from '../../../../workers/protocol/world.ts'
import type { CompiledContract } from '../../../bridge/compiler.ts'
import { formatBytes } from '../../../ui/format.ts'
import { useSession } from '../../shell/session-context.ts'
import { ChainSwitch } from '../frame.tsx'
import { sendAndWait } from '../send.ts'
import { rememberContract } from '../user-abis.ts'
import workbench from '../workbench.module.css'
import { AccountSelect, useAccount } from './account-select.tsx'
import { type Filled, FunctionForm, Sent } from './function-form.tsx'

interface DeployPanelProps {
  readonly contracts: readonly CompiledContract[]
  readonly chain: ChainName
  readonly onChain: (chain: ChainName) => void
}

/** Which contract, where, by whom, with which arguments. */
export function DeployPanel({ contracts, chain, onChain }: DeployPanelProps) {
  const { world } = useSession()
  const account = useAccount()
  const [wanted, setWanted] = useState('')
  const contract = contracts.find(({ name }) => name === wanted) ?? contracts.at(-1)
  const deploy = async ({ args, valueWei }: Filled) => {
    if (contract === undefined) return null
    const { name, abi, bytecode } = contract
    const { hash, status, contractAddress } = await sendAndWait(world, chain, {
      from: account.address,
      data: encodeDeployData({ abi: abi as Abi, bytecode, args: args as unknown[] }),
      valueWei,
    })
    const address = contractAddress ?? ''
    const isThere = status === '0x1' && address !== ''
    if (isThere) rememberContract({ chain, address, name, abi })
    return (
      <Sent hash={hash} text={isThere ? `${name} is deployed.` : 'The constructor reverted.'} />
    )
  }
  return (
    <section className={workbench.card} aria-label="Deploy">
      <h3>Deploy</h3>
      <div className={workbench.row}>
        <ChainSwitch chain={chain} onChange={onChain} />
        <AccountSelect account={account} />
      </div>
      {contract === undefined ? (
        <p className={workbench.quiet}>Compile a source first: its contracts appear here.</p>
      ) : (
        <>
          {contracts.length > 1 && (
            <select
              className={workbench.field}
              aria-label="Contract"
              value={contract.name}
              onChange={(event) => setWanted(event.target.value)}
            >
              {contracts.map(({ name }) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          )}
          <p className={workbench.quiet}>
            {contract.name}, {formatBytes(contract.bytecode.length / 2 - 1)} of code.
          </p>
          <FunctionForm
            key={contract.name}
            title={`Deploy ${contract.name}`}
            abi={contract.abi}
            {...constructorOf(contract.abi)}
            onSubmit={deploy}
          />
        </>
      )}
    </section>
  )
}

function constructorOf(abi: Abi) {
  const item = abi.find((entry) => entry.type === 'constructor')
  return { inputs: item?.inputs ?? [], isPayable: item?.stateMutability === 'payable' }
}
