import { Link } from 'react-router'
import type { DisputeView, PartyView } from '../../../workers/protocol/projection.ts'
import { formatEther, formatGas, nodeTitle, plural, shortHash } from '../../ui/format.ts'
import { partyName } from './party-name.ts'
import { isBy, type Scene } from './scene.ts'
import styles from './step.module.css'

interface PayoutsProps {
  readonly dispute: DisputeView
  readonly scene: Scene
}

/** Whose bond went where: what the contract credited when it resolved the claims. */
export function Payouts({ dispute, scene }: PayoutsProps) {
  return (
    <section className={styles.decisive} aria-label="Whose bond went where">
      <h3>Whose bond went where</h3>
      <ul className={styles.flows}>
        {flowsOf(dispute).map(({ from, to, amountWei, bonds, transactionHash }) => (
          <li key={`${from}-${to}`} data-lost={from !== to}>
            <strong>{formatEther(amountWei, 3)}</strong>
            <span>
              {from === to
                ? `${plural(bonds, 'bond')} of ${from} went back to it`
                : `${plural(bonds, 'bond')} of ${from} went to ${to}`}
            </span>
            <Link className={styles.txLink} to={`/tx/${transactionHash}`}>
              {shortHash(transactionHash)}
            </Link>
          </li>
        ))}
      </ul>
      <div className={styles.states}>
        <table>
          <thead>
            <tr>
              <th scope="col">Party</th>
              <th scope="col">staked</th>
              <th scope="col">credited</th>
              <th scope="col">outcome</th>
              <th scope="col">gas for moves and step</th>
            </tr>
          </thead>
          <tbody>
            {scene.parties.map(({ party, bondedWei, wonWei, gasUsed }) => (
              <tr key={`${party.side}-${party.address}`}>
                <th scope="row">{partyName(party)}</th>
                <td>{formatEther(bondedWei, 3)}</td>
                <td>{formatEther(wonWei, 3)}</td>
                <td data-differs={wonWei < bondedWei && !party.honest}>
                  {signed(wonWei - bondedWei)}
                </td>
                <td>{formatGas(gasUsed)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

function signed(wei: bigint): string {
  return wei < 0n ? `− ${formatEther(-wei, 3)}` : `+ ${formatEther(wei, 3)}`
}

interface Flow {
  readonly from: string
  readonly to: string
  readonly amountWei: bigint
  readonly bonds: number
  /** Of the last of them. */
  readonly transactionHash: string
}

function flowsOf(dispute: DisputeView): readonly Flow[] {
  const flows = new Map<string, Flow>()
  for (const { claimIndex, winner, amountWei, transactionHash } of dispute.payouts) {
    const claim = dispute.claims.find(({ index }) => index === claimIndex)
    const isBack = claim?.claimant.toLowerCase() === winner.toLowerCase()
    const party = claim && dispute.parties.find((one) => isBy(claim, one))
    const from = party === undefined ? shortHash(claim?.claimant ?? '') : groupName(party)
    const to = isBack ? from : winnerName(dispute, winner)
    const known = flows.get(`${from}-${to}`)
    flows.set(`${from}-${to}`, {
      from,
      to,
      amountWei: (known?.amountWei ?? 0n) + amountWei,
      bonds: (known?.bonds ?? 0) + 1,
      transactionHash,
    })
  }
  return [...flows.values()]
}

function winnerName(dispute: DisputeView, winner: string): string {
  const party = dispute.parties.find(
    ({ address }) => address.toLowerCase() === winner.toLowerCase(),
  )
  return party === undefined ? shortHash(winner) : groupName(party)
}

/** All other names of a node together: their bonds come from one purse. */
const groupName = (party: PartyView): string =>
  party.alias === 0 || party.node === null
    ? partyName(party)
    : `the aliases of ${nodeTitle(party.node)}`
