import { useView, viewStore } from '../../store/view.ts'
import { GLOSSARY } from '../../ui/glossary.ts'
import { Modal } from '../../ui/modal.tsx'
import styles from './help.module.css'

const keys = [
  ['Space', 'Play and pause; everything freezes mid-air'],
  ['.', 'Step to the next event'],
  ['F', 'Keep this moment, to fork the future from it'],
  ['← →', 'Step through the moves of a dispute; Home and End jump'],
  ['Esc', 'Let go of what is selected'],
  ['?', 'This help'],
] as const

/** Keys, doors and every word of the page. */
export function HelpDialog() {
  const open = useView((view) => view.helpOpen)
  return (
    <Modal
      open={open}
      onOpenChange={(helpOpen) => viewStore.setState({ helpOpen })}
      title="Help"
      description="Keys, doors for developers, and a glossary."
    >
      <div className={styles.help}>
        <dl className={styles.keys}>
          {keys.map(([key, text]) => (
            <div key={key}>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
        <section>
          <h3>For developers</h3>
          <p>
            Both chains are EIP-1193 providers in this page; EIP-6963 announces them as one wallet.
            In the console:{' '}
            <code>
              await trex.l2.request({'{'} method: 'eth_blockNumber' {'}'})
            </code>
            . The accounts of the mnemonic <code>test test … junk</code> are funded on both.
          </p>
        </section>
        <section>
          <h3>Words</h3>
          <dl className={styles.words}>
            {Object.values(GLOSSARY).map(([title, sentence]) => (
              <div key={title}>
                <dt>{title}</dt>
                <dd>{sentence}</dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
    </Modal>
  )
}
