/** The contracts that the page knows by their ABI, the most telling first; libraries and steps of the verifier are inside them. */
import type { Abi } from 'viem'
import { abi as anchorRegistry } from '../../../contracts/generated/AnchorRegistry.ts'
import { abi as bridgedErc20 } from '../../../contracts/generated/BridgedERC20.ts'
import { abi as dataRegistry } from '../../../contracts/generated/DataRegistry.ts'
import { abi as demoToken } from '../../../contracts/generated/DemoToken.ts'
import { abi as disputeGame } from '../../../contracts/generated/DisputeGame.ts'
import { abi as disputeGameFactory } from '../../../contracts/generated/DisputeGameFactory.ts'
import { abi as feeVault } from '../../../contracts/generated/FeeVault.ts'
import { abi as inbox } from '../../../contracts/generated/Inbox.ts'
import { abi as l1Block } from '../../../contracts/generated/L1Block.ts'
import { abi as l1Bridge } from '../../../contracts/generated/L1Bridge.ts'
import { abi as l2Bridge } from '../../../contracts/generated/L2Bridge.ts'
import { abi as l2ToL1MessagePasser } from '../../../contracts/generated/L2ToL1MessagePasser.ts'
import { abi as oneStepVerifier } from '../../../contracts/generated/OneStepVerifier.ts'
import { abi as personaProver } from '../../../contracts/generated/PersonaProver.ts'
import { abi as sequencerRegistry } from '../../../contracts/generated/SequencerRegistry.ts'
import { abi as tokenFactory } from '../../../contracts/generated/TokenFactory.ts'
import { abi as withdrawalCaller } from '../../../contracts/generated/WithdrawalCaller.ts'

export interface KnownContract {
  readonly name: string
  readonly abi: Abi
}

export const PROJECT_CONTRACTS: readonly KnownContract[] = [
  { name: 'DemoToken', abi: demoToken },
  { name: 'L1Bridge', abi: l1Bridge },
  { name: 'L2Bridge', abi: l2Bridge },
  { name: 'BridgedERC20', abi: bridgedErc20 },
  { name: 'TokenFactory', abi: tokenFactory },
  { name: 'Inbox', abi: inbox },
  { name: 'DisputeGame', abi: disputeGame },
  { name: 'DisputeGameFactory', abi: disputeGameFactory },
  { name: 'AnchorRegistry', abi: anchorRegistry },
  { name: 'DataRegistry', abi: dataRegistry },
  { name: 'SequencerRegistry', abi: sequencerRegistry },
  { name: 'L1Block', abi: l1Block },
  { name: 'L2ToL1MessagePasser', abi: l2ToL1MessagePasser },
  { name: 'FeeVault', abi: feeVault },
  { name: 'WithdrawalCaller', abi: withdrawalCaller },
  { name: 'PersonaProver', abi: personaProver },
  { name: 'OneStepVerifier', abi: oneStepVerifier },
]
