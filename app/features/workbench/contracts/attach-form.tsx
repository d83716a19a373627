import { type FormEvent, useState } from 'react'
import type { ChainName } from '../../../../workers/protocol/world.ts'
import { Button } from '../../../ui/button.tsx'
import { errorText } from '../../shell/session-context.ts'
import { ChainSwitch } from '../frame.tsx'
import { parseAbiText, rememberContract } from '../user-abis.ts'
import workbench from '../workbench.module.css'

/** Brings a contract that was deployed elsewhere: then its transactions are decoded, too. */
export function AttachForm({ chain: initial }: { readonly chain: ChainName }) {
  const [chain, setChain] = useState(initial)
  const [address, setAddress] = useState('')
  const [name, setName] = useState('')
  const [abi, setAbi] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const attach = (event: FormEvent) => {
    event.preventDefault()
    try {
      if (!/^0x[0-9a-fA-F]{40}$/.test(address.trim())) {
        throw new TypeError('An address has 40 hexadecimal digits after 0x.')
      }
      rememberContract({
        chain,
        address: address.trim(),
        name: name.trim() || 'Contract',
        abi: parseAbiText(abi),
      })
      setProblem(null)
      setAddress('')
      setAbi('')
    } catch (error) {
      setProblem(errorText(error))
    }
  }
  return (
    <details className={workbench.card}>
      <summary>Add a contract by its address and ABI</summary>
      <form className={workbench.stack} onSubmit={attach}>
        <div className={workbench.row}>
          <ChainSwitch chain={chain} onChange={setChain} />
          <input
            className={workbench.field}
            aria-label="Address"
            placeholder="0x… address"
            value={address}
            onChange={(event) => setAddress(event.target.value)}
            spellCheck={false}
          />
          <input
            className={workbench.field}
            aria-label="Name"
            placeholder="Name"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </div>
        <textarea
          className={workbench.area}
          aria-label="ABI, as JSON"
          placeholder='[{"type": "function", …}] or an artifact with the field "abi"'
          rows={4}
          value={abi}
          onChange={(event) => setAbi(event.target.value)}
          spellCheck={false}
        />
        {problem !== null && (
          <p className={workbench.error} role="alert">
            {problem}
          </p>
        )}
        <Button type="submit" look="outline">
          Add
        </Button>
      </form>
    </details>
  )
}
