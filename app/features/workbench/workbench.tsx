import { ConsolePage } from './console/console-page.tsx'
import { ContractsPage } from './contracts/contracts-page.tsx'
import { MempoolPage } from './mempool-page.tsx'

const pages = {
  contracts: ContractsPage,
  console: ConsolePage,
  mempool: MempoolPage,
} as const

export type WorkbenchPage = keyof typeof pages

/** Tools for who develops against the world. Loaded when one is opened. */
export function Workbench({ page }: { readonly page: WorkbenchPage }) {
  const Page = pages[page]
  return <Page />
}
