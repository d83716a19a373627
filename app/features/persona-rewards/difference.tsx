import styles from './rewards.module.css'

const rows = [
  ['What is wrong', 'Numbers that a contract stores', 'The outcome of executing a transaction'],
  ['Is the block valid?', 'Yes: anyone may store any root', 'Yes: the lie is in the state root'],
  ['Who notices', 'A watcher of the application, on L2', 'A challenger of the rollup, from L1'],
  ['Who judges', 'EpochRewards on L2, by computing one row', 'DisputeGame on L1, by one EVM step'],
  ['How long', 'One challenge', 'A bisection, move by move'],
  ['What falls', 'The reward root alone', 'The state root, and every root built on it'],
  ['Trust in', 'One honest watcher', 'One honest challenger, and the data on L1'],
] as const

/** The two kinds of fraud, line by line. */
export function Difference() {
  return (
    <table className={styles.difference} aria-label="Two kinds of fraud">
      <thead>
        <tr>
          <td />
          <th scope="col">Wrong reward root</th>
          <th scope="col">Wrong state root</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([question, application, rollup]) => (
          <tr key={question}>
            <th scope="row">{question}</th>
            <td>{application}</td>
            <td>{rollup}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
