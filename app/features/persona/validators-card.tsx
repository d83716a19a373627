import { Button } from '../../ui/button.tsx'
import { formatEther } from '../../ui/format.ts'
import { Hash } from '../../ui/hash.tsx'
import { Table } from '../ledger/sheet.tsx'
import { Card, Mark } from './parts.tsx'
import { useCommand } from './use-engine.ts'
import { type IssuerView, useValidators } from './use-validators.ts'
import { validatorTitles } from './words.ts'

const statusWords: Readonly<Record<IssuerView['status'], string>> = {
  none: 'unknown',
  registered: 'registered: its badges do not count yet',
  listed: 'listed: its badges count',
  revoked: 'revoked: none of its badges counts any more',
  left: 'left: its badges go on counting',
}

/** Who vouches, and the registrar's way to stop one that attests what it did not see. */
export function ValidatorsCard() {
  const issuers = useValidators()
  const { isBusy, run } = useCommand()
  return (
    <Card
      title="Who vouches"
      about="Badge validators: they issue badges and have nothing to do with the rollup's own."
      aside={<Mark source="measured" />}
    >
      <Table label="Badge validators" columns={['Validator', 'Address', 'Bond', 'State', '']}>
        {issuers.map(({ address, kind, status, bondWei }) => (
          <tr key={address}>
            <td>{validatorTitles[kind]}</td>
            <td>
              <Hash value={address} />
            </td>
            <td>{formatEther(bondWei)}</td>
            <td>{statusWords[status]}</td>
            <td>
              {status === 'listed' && (
                <Button
                  look="outline"
                  disabled={isBusy}
                  aria-label={`Revoke ${validatorTitles[kind]} and take its bond`}
                  onClick={() => run({ kind: 'revokeValidator', validator: kind })}
                >
                  Revoke it
                </Button>
              )}
            </td>
          </tr>
        ))}
      </Table>
    </Card>
  )
}
