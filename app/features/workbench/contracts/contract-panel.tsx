import {
  type Abi,
  type AbiFunction,
  decodeFunctionResult,
  encodeFunctionData,
  type Hex,
} from 'viem'
import { Button } from '../../../ui/button.tsx'
import { AccountLink } from '../../ledger/account-link.tsx'
import { useRpc } from '../../ledger/use-rpc.ts'
import { useSession } from '../../shell/session-context.ts'
import { argumentsOf } from '../decode.ts'
import { callOf, sendAndWait } from '../send.ts'
import { Arguments } from '../transaction/arguments.tsx'
import { useContracts } from '../use-contracts.ts'
import { forgetContract, type UserContract } from '../user-abis.ts'
import workbench from '../workbench.module.css'
import { AccountSelect, type ChosenAccount, useAccount } from './account-select.tsx'
import styles from './contracts.module.css'
import { type Filled, FunctionForm, Sent } from './function-form.tsx'

/** A contract at its address with a form for each of its functions. */
export function ContractPanel({ contract }: { readonly contract: UserContract }) {
  const { chain, address, name, abi } = contract
  const account = useAccount()
  const code = useRpc({ chain, method: 'eth_getCode', params: [address, 'latest'] })
  const functions = abi.filter((item) => item.type === 'function')
  const reads = functions.filter(isRead)
  const writes = functions.filter((item) => !isRead(item))
  return (
    <details className={workbench.card} open>
      <summary className={styles.head}>
        <strong>{name}</strong> <span className={workbench.kind}>{chain.toUpperCase()}</span>{' '}
        <AccountLink address={address} />
      </summary>
      {code.result === '0x' && (
        <p className={workbench.error}>
          Nothing is deployed at this address in this world; it was in another one.
        </p>
      )}
      <div className={workbench.row}>
        <AccountSelect account={account} />
        <span className={workbench.grow} />
        <Button onClick={() => forgetContract(contract)}>Remove from the list</Button>
      </div>
      <div className={styles.functions}>
        <Functions title="Ask" items={reads} contract={contract} account={account} />
        <Functions title="Send" items={writes} contract={contract} account={account} />
      </div>
    </details>
  )
}

const isRead = ({ stateMutability }: AbiFunction) =>
  stateMutability === 'view' || stateMutability === 'pure'

interface FunctionsProps {
  readonly title: string
  readonly items: readonly AbiFunction[]
  readonly contract: UserContract
  readonly account: ChosenAccount
}

function Functions({ title, items, contract, account }: FunctionsProps) {
  if (items.length === 0) return null
  return (
    <section className={styles.kind}>
      <h4 className={workbench.quiet}>{title}</h4>
      {items.map((item) => (
        <Callable
          key={`${item.name}(${item.inputs.map(({ type }) => type).join()})`}
          item={item}
          contract={contract}
          account={account}
        />
      ))}
    </section>
  )
}

interface CallableProps {
  readonly item: AbiFunction
  readonly contract: UserContract
  readonly account: ChosenAccount
}

function Callable({ item, contract, account }: CallableProps) {
  const { world } = useSession()
  const { chain, address, abi } = contract
  const submit = async ({ args, valueWei }: Filled) => {
    const data = encodeFunctionData({ abi: [item] as Abi, functionName: item.name, args })
    const sending = { from: account.address, to: address, data, valueWei }
    if (isRead(item)) {
      const params = [callOf(sending), 'latest']
      const result = (await world.rpc(chain, { method: 'eth_call', params })) as Hex
      return <Result item={item} result={result} contract={contract} />
    }
    const { hash, status } = await sendAndWait(world, chain, sending)
    return <Sent hash={hash} text={status === '0x1' ? 'Done.' : 'It reverted.'} />
  }
  return (
    <FunctionForm
      title={item.name}
      inputs={item.inputs}
      isPayable={item.stateMutability === 'payable'}
      abi={abi}
      onSubmit={submit}
    />
  )
}

interface ResultProps {
  readonly item: AbiFunction
  readonly result: Hex
  readonly contract: UserContract
}

function Result({ item, result, contract }: ResultProps) {
  const book = useContracts(contract.chain)
  const value = decodeFunctionResult({ abi: [item] as Abi, functionName: item.name, data: result })
  const isSingle = item.outputs.length === 1
  const values = isSingle ? [value] : ((value ?? []) as readonly unknown[])
  const outputs = isSingle
    ? item.outputs.map((output) => ({ ...output, name: output.name || 'result' }))
    : item.outputs
  return <Arguments args={argumentsOf(outputs, values)} book={book} />
}
