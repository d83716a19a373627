import { useParams } from 'react-router'
import { useWorld } from '../../store/world.ts'
import { Empty } from '../../ui/fields.tsx'
import { Theatre } from './theatre.tsx'

/** One dispute, from the false claim to the one step that decides it. */
export function DisputePage() {
  const { game } = useParams()
  const dispute = useWorld(({ disputes }) => disputes.find((entry) => entry.game === game))
  if (dispute === undefined) {
    return (
      <Empty title="No such dispute">
        It is over since long, or nobody has moved yet: an undisputed root just waits out its
        window.
      </Empty>
    )
  }
  return <Theatre key={dispute.game} dispute={dispute} />
}
