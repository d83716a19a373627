import { useView } from '../../store/view.ts'
import { Empty } from '../../ui/fields.tsx'
import { BatchCard, CellCard } from './batch-card.tsx'
import { L1BlockCard, L2BlockCard, ViewCard } from './block-cards.tsx'
import { NodeCard } from './node-card.tsx'
import { RootCard } from './root-card.tsx'

/** The thing that was clicked, opened. */
export function Selected() {
  const selection = useView((view) => view.selection)
  if (selection === null) {
    return (
      <Empty title="Nothing selected">
        Click a node, block, cell or root to see what it is, what it knows and what it did. Right
        click a node to crash, slow or corrupt it.
      </Empty>
    )
  }
  switch (selection.kind) {
    case 'node':
      return <NodeCard key={selection.id} id={selection.id} />
    case 'l1-block':
      return <L1BlockCard number={selection.number} />
    case 'l2-block':
      return <L2BlockCard number={selection.number} />
    case 'view':
      return <ViewCard view={selection.view} />
    case 'batch':
      return <BatchCard index={selection.index} />
    case 'cell':
      return <CellCard index={selection.index} column={selection.column} />
    case 'root':
      return <RootCard game={selection.game} />
  }
}
