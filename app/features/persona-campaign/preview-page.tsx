import styles from './campaign.module.css'
import { PreviewCard } from './preview-card.tsx'
import { SeenByAlice } from './seen-by-alice.tsx'
import { usePreview } from './use-preview.ts'

/** What a draft means, to the project and to a person, before anything is sent. */
export function PreviewPage() {
  const { preview } = usePreview()
  return (
    <div className={styles.eyesApart}>
      <PreviewCard preview={preview} />
      <SeenByAlice preview={preview} />
    </div>
  )
}
