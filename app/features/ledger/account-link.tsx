import { Link } from 'react-router'
import { Hash } from '../../ui/hash.tsx'

/** An address that opens its page. */
export function AccountLink({
  address,
  name = null,
}: {
  readonly address: string
  /** What people call it, instead of its digits. */
  readonly name?: string | null
}) {
  if (address === '') return '–'
  return <Link to={`/accounts/${address}`}>{name === null ? <Hash value={address} /> : name}</Link>
}
