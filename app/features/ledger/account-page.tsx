import { useParams } from 'react-router'
import { Fields } from '../../ui/fields.tsx'
import { formatBytes, formatCount } from '../../ui/format.ts'
import { Hash } from '../../ui/hash.tsx'
import { Balance } from './accounts-page.tsx'
import { Faucet } from './faucet.tsx'
import { asBigInt, asText } from './json.ts'
import { Box, Sheet } from './sheet.tsx'
import { useRpc } from './use-rpc.ts'

/** One address on both chains. */
export function AccountPage() {
  const { address = '' } = useParams()
  if (!/^0x[0-9a-fA-F]{40}$/.test(address)) {
    return <Sheet title="No such account" about="An address has 40 hexadecimal digits after 0x." />
  }
  return (
    <Sheet
      title={
        <>
          Account <Hash value={address} />
        </>
      }
      about="The same address on both chains; what it holds on one is not on the other."
    >
      <Box title="On L1">
        <Chain chain="l1" address={address} />
        <Faucet chain="l1" address={address} />
      </Box>
      <Box title="On L2">
        <Chain chain="l2" address={address} />
        <Faucet chain="l2" address={address} />
      </Box>
    </Sheet>
  )
}

function Chain({ chain, address }: { readonly chain: 'l1' | 'l2'; readonly address: string }) {
  const nonce = useRpc({ chain, method: 'eth_getTransactionCount', params: [address, 'latest'] })
  const code = useRpc({ chain, method: 'eth_getCode', params: [address, 'latest'] })
  const size = Math.max(0, asText(code.result).length / 2 - 1)
  return (
    <Fields
      fields={[
        { label: 'Balance', value: <Balance chain={chain} address={address} /> },
        {
          label: 'Transactions sent',
          value: nonce.result === undefined ? '…' : formatCount(asBigInt(nonce.result)),
        },
        {
          label: 'Code',
          value: size === 0 ? 'none: held by a key' : `contract of ${formatBytes(size)}`,
        },
      ]}
    />
  )
}
