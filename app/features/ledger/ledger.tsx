import { Route, Routes } from 'react-router'
import { AccountPage } from './account-page.tsx'
import { AccountsPage } from './accounts-page.tsx'
import { BatchesPage, BatchPage } from './batches.tsx'
import { BlockPage } from './block-page.tsx'
import { BlocksPage } from './blocks-page.tsx'
import { DepositsPage, WithdrawalsPage } from './bridge-pages.tsx'
import { DisputesPage, RootsPage } from './roots-pages.tsx'
import { Sheet } from './sheet.tsx'
import { TransactionPage } from './transaction-page.tsx'

/** Everything that has a name, with an address of its own. */
export function Ledger() {
  return (
    <Routes>
      <Route path="/blocks" element={<BlocksPage />} />
      <Route path="/blocks/:number" element={<BlockPage />} />
      <Route path="/tx/:hash" element={<TransactionPage />} />
      <Route path="/batches" element={<BatchesPage />} />
      <Route path="/batches/:index" element={<BatchPage />} />
      <Route path="/output-roots" element={<RootsPage />} />
      <Route path="/disputes" element={<DisputesPage />} />
      <Route path="/accounts" element={<AccountsPage />} />
      <Route path="/accounts/:address" element={<AccountPage />} />
      <Route path="/deposits" element={<DepositsPage />} />
      <Route path="/withdrawals" element={<WithdrawalsPage />} />
      <Route
        path="*"
        element={
          <Sheet
            title="Nothing here"
            about="This address names nothing that the page knows. The tabs above lead to what is there."
          />
        }
      />
    </Routes>
  )
}
