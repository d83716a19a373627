import { Switch } from 'radix-ui'
import { useId } from 'react'
import { Button } from '../../ui/button.tsx'
import { setBrand, useBrand } from '../persona/brand.ts'
import { Card } from '../persona/parts.tsx'
import { attempt } from '../shell/session-context.ts'
import styles from './campaign.module.css'
import type { Problems } from './draft.ts'
import { Field } from './field.tsx'

/** A logo is shown small; anything larger is something else. */
const logoBytesMax = 512_000

/** The partner's own names and logo. */
export function BrandCard({ problems }: { readonly problems: Problems }) {
  const brand = useBrand()
  const id = useId()
  return (
    <Card title="Whose campaign" about="Names and logo stay on this device.">
      <div className={styles.brand}>
        <Logo logo={brand.logo} />
        <Field label="Project" field="project" problems={problems}>
          {(input) => (
            <input
              {...input}
              maxLength={40}
              value={brand.project}
              onChange={(event) => setBrand({ project: event.target.value })}
            />
          )}
        </Field>
        <Field label="Campaign" field="name" problems={problems}>
          {(input) => (
            <input
              {...input}
              maxLength={60}
              value={brand.campaign}
              onChange={(event) => setBrand({ campaign: event.target.value })}
            />
          )}
        </Field>
      </div>
      <div className={styles.switchLine}>
        <Switch.Root
          id={id}
          className={styles.switch}
          checked={brand.isPublic}
          onCheckedChange={(isPublic) => setBrand({ isPublic })}
        >
          <Switch.Thumb className={styles.thumb} />
        </Switch.Root>
        <label htmlFor={id}>
          Write the campaign's name onto the chain
          <small>Whoever gets a link or a saved run of this world can then read it.</small>
        </label>
      </div>
    </Card>
  )
}

function Logo({ logo }: { readonly logo: string | null }) {
  const read = async (file: File) => {
    if (file.size > logoBytesMax) {
      throw new RangeError(`A logo has at most 512 kB; ${file.name} has more.`)
    }
    setBrand({ logo: await dataUrl(file) })
  }
  return (
    <div className={styles.logo}>
      <label>
        {logo === null ? <span>Logo</span> : <img src={logo} alt="Your logo" />}
        <input
          type="file"
          accept="image/png,image/jpeg,image/svg+xml,image/webp"
          className="visually-hidden"
          onChange={(event) => {
            const file = event.target.files?.[0]
            if (file !== undefined) attempt(() => read(file))
          }}
        />
      </label>
      {logo !== null && <Button onClick={() => setBrand({ logo: null })}>Remove</Button>}
    </div>
  )
}

function dataUrl(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(new TypeError(`${file.name} cannot be read.`))
    reader.readAsDataURL(file)
  })
}
