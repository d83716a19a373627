import { useState } from 'react'
import type { ChainName } from '../../../workers/protocol/world.ts'
import { notify } from '../../store/view.ts'
import { Button } from '../../ui/button.tsx'
import { errorText, useSession } from '../shell/session-context.ts'
import { sendAndWait } from '../workbench/send.ts'
import { asList, asText } from './json.ts'

const amountWei = 100n * 10n ** 18n

interface FaucetProps {
  readonly chain: ChainName
  readonly address: string
}

/** An ordinary transfer from a funded test account, so that the chain stays provable. */
export function Faucet({ chain, address }: FaucetProps) {
  const { world } = useSession()
  const [isBusy, setBusy] = useState(false)
  const give = async () => {
    const accounts = asList(await world.rpc(chain, { method: 'eth_accounts' })).map(asText)
    const from = accounts.findLast((known) => known.toLowerCase() !== address.toLowerCase())
    if (from === undefined) throw new Error('This world has no funded test account.')
    const sending = { from, to: address, valueWei: amountWei }
    const { status } = await sendAndWait(world, chain, sending)
    if (status !== '0x1') throw new Error('The account refused the ether.')
    notify('info', `100 ETH are on ${chain.toUpperCase()}.`)
  }
  const run = () => {
    setBusy(true)
    give()
      .catch((error: unknown) => notify('error', errorText(error)))
      .finally(() => setBusy(false))
  }
  return (
    <Button look="outline" onClick={run} disabled={isBusy}>
      {isBusy ? 'Sending…' : `Give it 100 ETH on ${chain.toUpperCase()}`}
    </Button>
  )
}
