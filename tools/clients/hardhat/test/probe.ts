/** Run by Hardhat's own test runner, on whichever network it was told. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { network } from 'hardhat'
import { getAddress } from 'viem'

describe('ClientProbe on a devnet', async () => {
  const { viem, ignition } = await network.connect()
  const { assertions } = viem
  const [wallet] = await viem.getWalletClients()
  const by = getAddress(wallet.account.address)
  const client = await viem.getPublicClient()
  const probe = await viem.deployContract('ClientProbe', [7n])

  it('is deployed', async () => {
    assert.equal(await probe.read.value(), 7n)
    assert.notEqual(await client.getCode({ address: probe.address }), undefined)
  })

  it('transacts, and its log is read', async () => {
    await assertions.emitWithArgs(probe.write.set([8n]), probe, 'ValueSet', [by, 8n])
    assert.equal(await probe.read.value(), 8n)
    const logs = await probe.getEvents.ValueSet({ by }, { fromBlock: 0n })
    assert.deepEqual(
      logs.map(({ args }) => args.value),
      [8n],
    )
  })

  it('refuses in words, by a custom error, and by a panic', async () => {
    await assertions.revertWith(probe.read.refuseInWords(), 'not today')
    await assertions.revertWithCustomErrorWithArgs(
      probe.read.refuse([3n], { account: wallet.account }),
      probe,
      'Refused',
      [3n, by],
    )
    await assertions.revert(probe.read.divide([0n]))
  })

  it('meets a transaction that reverts in a block', async () => {
    const data = '0x60006000fd'
    const hash = await wallet.sendTransaction({ data, gas: 100_000n })
    assert.equal((await client.waitForTransactionReceipt({ hash })).status, 'reverted')
  })

  it('is deployed by Ignition', async () => {
    const { default: module } = await import('../ignition/modules/probe.ts')
    const { probe: deployed } = await ignition.deploy(module)
    assert.equal(await deployed.read.value(), 43n)
  })
})
