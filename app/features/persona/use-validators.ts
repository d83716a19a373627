import { useEffect, useState } from 'react'
import { decodeFunctionResult, encodeFunctionData, type Hex } from 'viem'
import { abi } from '../../../contracts/generated/IValidators.ts'
import { VALIDATOR_KINDS, type ValidatorKind } from '../../../workers/protocol/persona.ts'
import type { World } from '../../../workers/protocol/world.ts'
import { usePersonas } from '../../store/persona.ts'
import { useSession } from '../shell/session-context.ts'

const registry = '0x4200000000000000000000000000000000000030'
const statuses = ['none', 'registered', 'listed', 'revoked', 'left'] as const

/** An issuer of badges, as the registry on L2 has it. */
export interface IssuerView {
  readonly address: string
  readonly name: string
  readonly kind: ValidatorKind
  readonly status: (typeof statuses)[number]
  readonly bondWei: bigint
}

/** All that ever registered, read again with every block that the engine has read; empty before the first answer. */
export function useValidators(): readonly IssuerView[] {
  const { world } = useSession()
  const block = usePersonas(({ setup }) => setup.blockNumber)
  const [issuers, setIssuers] = useState<readonly IssuerView[]>([])
  useEffect(() => {
    let isCurrent = true
    // `block` only paces the question.
    void block
    readIssuers(world).then(
      (found) => isCurrent && setIssuers(found),
      // The executor may be down; what was known stays in sight.
      () => undefined,
    )
    return () => {
      isCurrent = false
    }
  }, [world, block])
  return issuers
}

async function readIssuers(world: World): Promise<readonly IssuerView[]> {
  const call = async (data: Hex): Promise<Hex> =>
    (await world.rpc('l2', {
      method: 'eth_call',
      params: [{ to: registry, data }, 'latest'],
    })) as Hex
  const counted = await call(encodeFunctionData({ abi, functionName: 'validatorCount' }))
  const count = decodeFunctionResult({ abi, functionName: 'validatorCount', data: counted })
  return Promise.all(
    Array.from({ length: Number(count) }, async (_, index) => {
      const at = encodeFunctionData({ abi, functionName: 'validatorAt', args: [BigInt(index)] })
      const address = decodeFunctionResult({
        abi,
        functionName: 'validatorAt',
        data: await call(at),
      })
      const of = encodeFunctionData({ abi, functionName: 'validatorOf', args: [address] })
      const data = await call(of)
      const found = decodeFunctionResult({ abi, functionName: 'validatorOf', data })
      return {
        address,
        name: found.name,
        kind: VALIDATOR_KINDS[found.kind] ?? 'onchain',
        status: statuses[found.status] ?? 'none',
        bondWei: found.bondWei,
      }
    }),
  )
}
