import { useState } from 'react'
import type { ChainName } from '../../../../workers/protocol/world.ts'
import { Frame } from '../frame.tsx'
import { useUserContracts } from '../user-abis.ts'
import workbench from '../workbench.module.css'
import { AttachForm } from './attach-form.tsx'
import { ContractPanel } from './contract-panel.tsx'
import styles from './contracts.module.css'
import { DeployPanel } from './deploy-panel.tsx'
import { SourcePanel } from './source-panel.tsx'
import { useSource } from './use-source.ts'

/** Write, compile, deploy and call contracts without leaving the tab. */
export function ContractsPage() {
  const source = useSource()
  const contracts = useUserContracts()
  const [chain, setChain] = useState<ChainName>('l2')
  return (
    <Frame
      title="Contracts"
      about="Write Solidity, compile it in this tab, deploy it on either chain and call it."
    >
      <div className={styles.columns}>
        <SourcePanel source={source} />
        <DeployPanel contracts={source.contracts} chain={chain} onChain={setChain} />
      </div>
      <section className={workbench.stack} aria-label="Your contracts">
        <h3>Your contracts</h3>
        {contracts.map((contract) => (
          <ContractPanel key={`${contract.chain}${contract.address}`} contract={contract} />
        ))}
        <AttachForm chain={chain} />
      </section>
    </Frame>
  )
}
