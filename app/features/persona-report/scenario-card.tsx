import { Switch } from 'radix-ui'
import { useId, useState } from 'react'
import { notify } from '../../store/view.ts'
import { Button } from '../../ui/button.tsx'
import { download } from '../../ui/download.ts'
import { Card } from '../persona/parts.tsx'
import persona from '../persona/persona.module.css'
import campaign from '../persona-campaign/campaign.module.css'
import { attempt } from '../shell/session-context.ts'
import { currentScenario } from './open-scenario.ts'
import { OpenScenarioButton } from './open-scenario-button.tsx'
import styles from './report.module.css'
import { scenarioToLink, writeScenario } from './scenario-file.ts'

/** The demonstration as one file or one link. Names and logo go along only where that is switched on. */
export function ScenarioCard() {
  const [withBrand, setWithBrand] = useState(false)
  const id = useId()
  const save = () => {
    const text = writeScenario(currentScenario(withBrand))
    download('persona-scenario.json', text, 'application/json')
  }
  const share = async () => {
    const text = scenarioToLink(currentScenario(withBrand))
    await navigator.clipboard.writeText(`${location.href.split('#')[0]}#/personas?demo=${text}`)
    notify(
      'info',
      withBrand
        ? 'Link copied. It holds your names; a logo is too large for a link.'
        : 'Link copied. It holds people, conditions and amounts, and no names.',
    )
  }
  return (
    <Card
      title="The scenario"
      about="How many people, whom the campaign looks for, what it pays: enough to run the same demonstration again."
    >
      <div className={campaign.switchLine}>
        <Switch.Root
          id={id}
          className={campaign.switch}
          checked={withBrand}
          onCheckedChange={setWithBrand}
        >
          <Switch.Thumb className={campaign.thumb} />
        </Switch.Root>
        <label htmlFor={id}>
          Put your names and logo into it
          <small>Otherwise they stay on this device.</small>
        </label>
      </div>
      <div className={styles.exports}>
        <Button look="outline" onClick={save}>
          Save as one file
        </Button>
        <Button look="outline" onClick={() => attempt(share)}>
          Copy a link
        </Button>
        <OpenScenarioButton />
      </div>
      <p className={persona.quiet}>
        What happened on chain is saved by “Share, save or open” at the top.
      </p>
    </Card>
  )
}
