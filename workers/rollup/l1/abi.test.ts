import { type Abi, toEventSelector, toFunctionSelector } from 'viem'
import { describe, expect, it } from 'vitest'
import * as IAnchorRegistry from '../../../contracts/generated/IAnchorRegistry.ts'
import * as IDisputeGame from '../../../contracts/generated/IDisputeGame.ts'
import * as IDisputeGameFactory from '../../../contracts/generated/IDisputeGameFactory.ts'
import * as IInbox from '../../../contracts/generated/IInbox.ts'
import { anchorAbi, factoryAbi, gameAbi, inboxAbi } from './abi.ts'

/** Everything that tells two ABI items apart on the wire: selector, and which parameters are indexed. */
function wireForms(abi: Abi): ReadonlySet<string> {
  const forms = new Set<string>()
  for (const item of abi) {
    if (item.type === 'function') forms.add(toFunctionSelector(item))
    if (item.type === 'event') {
      forms.add(toEventSelector(item) + item.inputs.map((input) => (input.indexed ? 1 : 0)))
    }
  }
  return forms
}

describe('the ABI that nodes use', () => {
  it.each([
    ['IInbox', inboxAbi, IInbox.abi],
    ['IDisputeGameFactory', factoryAbi, IDisputeGameFactory.abi],
    ['IDisputeGame', gameAbi, IDisputeGame.abi],
    ['IAnchorRegistry', anchorAbi, IAnchorRegistry.abi],
  ] as const)('is part of %s', (_, ours, compiled) => {
    const forms = wireForms(compiled as Abi)
    for (const form of wireForms(ours as Abi)) expect(forms).toContain(form)
  })
})
