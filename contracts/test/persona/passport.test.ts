import { encodeAbiParameters, type Hex, keccak256, toHex } from 'viem'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { PERSONA } from '../../../tools/genesis/persona.ts'
import { bytesToHex } from '../../../workers/rollup/bytes.ts'
import { accountKey } from '../../../workers/rollup/keys.ts'
import { createPersona, domainOf, ONCHAIN, type Persona, personOf, ZKTLS } from './persona.ts'

let persona: Persona
let restore: () => void
const [alice, wallet, bob] = [personOf(0), personOf(1), personOf(2)]

beforeAll(async () => {
  persona = await createPersona()
  await persona.mint(alice)
  restore = persona.chain.capture()
})
beforeEach(() => {
  restore()
  restore = persona.chain.capture()
})

const later = () => persona.chain.timestamp() + 100n
const uint = (name: string) => ({ name, type: 'uint256' })

function signLink(signer: PrivateKeyAccount, linked: Hex, deadline: bigint, nonce = 0n) {
  const types = {
    LinkWallet: [
      uint('passport'),
      { name: 'wallet', type: 'address' },
      uint('nonce'),
      uint('deadline'),
    ],
  }
  const message = { passport: 1n, wallet: linked, nonce, deadline }
  const domain = domainOf('Passport', PERSONA.passport)
  return signer.signTypedData({ domain, types, primaryType: 'LinkWallet', message })
}

function signAccount(signer: PrivateKeyAccount, claim: Hex, deadline: bigint, nonce = 0n) {
  const types = {
    LinkAccount: [
      uint('passport'),
      { name: 'claim', type: 'bytes32' },
      uint('nonce'),
      uint('deadline'),
    ],
  }
  const message = { passport: 1n, claim, nonce, deadline }
  const domain = domainOf('Passport', PERSONA.passport)
  return signer.signTypedData({ domain, types, primaryType: 'LinkAccount', message })
}

const resolve = (address: Hex) =>
  persona.chain.read<bigint>(persona.contracts.passport, 'resolve', [address])

async function link(): Promise<Hex> {
  const { chain, contracts } = persona
  const signature = await signLink(wallet, wallet.address, later())
  const args = [1n, wallet.address, later(), signature]
  await chain.send(contracts.passport, 'linkWallet', args, { from: alice.address })
  return signature
}

describe('a passport', () => {
  it('is one per wallet, and stays with its owner', async () => {
    const { chain, contracts } = persona
    const from = alice.address
    expect(await resolve(from)).toBe(1n)
    expect(await chain.errorOf(contracts.passport, 'mint', [], { from })).toBe(
      'Passport_WalletTaken',
    )
    const args = [from, bob.address, 1n]
    expect(await chain.errorOf(contracts.passport, 'transferFrom', args, { from })).toBe(
      'LockedERC721_Locked',
    )
    expect(await chain.read(contracts.passport, 'locked', [1n])).toBe(true)
    expect(await chain.read(contracts.passport, 'supportsInterface', ['0xb45a3c0e'])).toBe(true)
  })

  it('is minted for an owner who signed, until the deadline', async () => {
    const { chain, contracts } = persona
    const types = { Mint: [{ name: 'owner', type: 'address' }, uint('deadline')] }
    const domain = domainOf('Passport', PERSONA.passport)
    const deadline = later()
    const message = { owner: bob.address, deadline }
    const signature = await bob.signTypedData({ domain, types, primaryType: 'Mint', message })
    const wrong = [bob.address, deadline + 1n, signature]
    expect(await chain.errorOf(contracts.passport, 'mintFor', wrong)).toBe(
      'Passport_WrongSignature',
    )
    await chain.send(contracts.passport, 'mintFor', [bob.address, deadline, signature])
    expect(await resolve(bob.address)).toBe(2n)
    await chain.mine(1, 101)
    const late = [bob.address, deadline, signature]
    expect(await chain.errorOf(contracts.passport, 'mintFor', late)).toBe('Passport_Expired')
  })

  it('remembers how many there were', async () => {
    const { chain, contracts } = persona
    const before = chain.timestamp()
    await chain.mine(1, 10)
    await persona.mint(bob)
    expect(await chain.read(contracts.passport, 'supplyAt', [before])).toBe(1n)
    expect(await chain.read(contracts.passport, 'supplyAt', [before + 9n])).toBe(1n)
    expect(await chain.read(contracts.passport, 'supplyAt', [before + 10n])).toBe(2n)
  })

  it('is found where L1 looks for it', async () => {
    const types = [{ type: 'address' }, { type: 'uint256' }]
    const slot = keccak256(encodeAbiParameters(types, [alice.address, 0n]))
    expect(BigInt(await persona.chain.storageOf(PERSONA.passport, slot))).toBe(1n)
  })
})

describe('links of wallets', () => {
  it('need the signature of the wallet, over this very message', async () => {
    const { chain, contracts } = persona
    const from = alice.address
    const deadline = later()
    const good = await signLink(wallet, wallet.address, deadline)
    const corrupted: Hex =
      `${good.slice(0, 20)}${good[20] === '0' ? '1' : '0'}${good.slice(21)}` as Hex
    const others = [
      corrupted,
      await signLink(bob, wallet.address, deadline),
      await signLink(wallet, wallet.address, deadline, 1n),
      await signLink(wallet, bob.address, deadline),
    ]
    for (const signature of others) {
      const args = [1n, wallet.address, deadline, signature]
      expect(await chain.errorOf(contracts.passport, 'linkWallet', args, { from })).toBe(
        'Passport_WrongSignature',
      )
    }
    const args = [1n, wallet.address, deadline, good]
    const stranger = { from: bob.address }
    expect(await chain.errorOf(contracts.passport, 'linkWallet', args, stranger)).toBe(
      'Passport_NotOwner',
    )
    await chain.send(contracts.passport, 'linkWallet', args, { from })
    expect(await resolve(wallet.address)).toBe(1n)
    expect(await chain.errorOf(contracts.passport, 'mint', [], { from: wallet.address })).toBe(
      'Passport_WalletTaken',
    )
  })

  it('end when the owner or the wallet says so, and an old signature does not bring them back', async () => {
    const { chain, contracts } = persona
    const signature = await link()
    const root = await chain.read(contracts.passport, 'getIdentitiesRoot', [1n])
    const args = [1n, wallet.address]
    const stranger = { from: bob.address }
    expect(await chain.errorOf(contracts.passport, 'unlinkWallet', args, stranger)).toBe(
      'Passport_NotOwner',
    )
    await chain.send(contracts.passport, 'unlinkWallet', args, { from: wallet.address })
    expect(await resolve(wallet.address)).toBe(0n)
    expect(await chain.read(contracts.passport, 'getIdentitiesRoot', [1n])).not.toBe(root)
    const again = [1n, wallet.address, later(), signature]
    expect(
      await chain.errorOf(contracts.passport, 'linkWallet', again, { from: alice.address }),
    ).toBe('Passport_WrongSignature')
    const own = [1n, alice.address]
    expect(
      await chain.errorOf(contracts.passport, 'unlinkWallet', own, { from: alice.address }),
    ).toBe('Passport_OwnerStays')
  })

  it('can be relayed when owner and wallet signed; late messages are refused', async () => {
    const { chain, contracts } = persona
    const deadline = later()
    const ours = await signLink(alice, wallet.address, deadline)
    const theirs = await signLink(wallet, wallet.address, deadline)
    const swapped = [1n, wallet.address, deadline, theirs, ours]
    expect(await chain.errorOf(contracts.passport, 'linkWalletFor', swapped)).toBe(
      'Passport_WrongSignature',
    )
    const undo = chain.capture()
    const args = [1n, wallet.address, deadline, ours, theirs]
    await chain.send(contracts.passport, 'linkWalletFor', args)
    expect(await chain.read(contracts.passport, 'walletsOf', [1n])).toEqual([
      alice.address,
      wallet.address,
    ])
    undo()
    await chain.mine(1, 101)
    expect(await chain.errorOf(contracts.passport, 'linkWalletFor', args)).toBe('Passport_Expired')
  })

  it('accept a smart account by ERC-1271', async () => {
    const { chain, contracts } = persona
    await chain.putCode(wallet.address, `0xef0100${PERSONA.simple7702Account.slice(2)}`)
    await link()
    expect(await resolve(wallet.address)).toBe(1n)
    expect(await chain.read(contracts.passport, 'nonceOf', [1n])).toBe(1n)
  })
})

describe('links of Web2 accounts', () => {
  const zktls = privateKeyToAccount(bytesToHex(accountKey('persona-zktls')))
  const claim = keccak256(toHex('provider, handle, salt'))

  it('need a zkTLS validator, hide the handle, belong to one passport, and can be undone', async () => {
    const { chain, contracts } = persona
    const from = alice.address
    const signature = await signAccount(zktls, claim, later())
    const as = (validator: Hex) => [1n, claim, validator, later(), signature]
    expect(await chain.errorOf(contracts.passport, 'linkAccount', as(ONCHAIN), { from })).toBe(
      'Passport_NotZkTls',
    )
    await chain.send(contracts.passport, 'linkAccount', as(ZKTLS), { from })
    expect(await chain.read(contracts.passport, 'accountsOf', [1n])).toEqual([claim])
    expect(await chain.errorOf(contracts.passport, 'linkAccount', as(ZKTLS), { from })).toBe(
      'Passport_WrongSignature',
    )
    const second = [1n, claim, ZKTLS, later(), await signAccount(zktls, claim, later(), 1n)]
    expect(await chain.errorOf(contracts.passport, 'linkAccount', second, { from })).toBe(
      'Passport_ClaimTaken',
    )
    await chain.send(contracts.passport, 'unlinkAccount', [1n, claim], { from })
    expect(await chain.read(contracts.passport, 'accountsOf', [1n])).toEqual([])
  })
})
