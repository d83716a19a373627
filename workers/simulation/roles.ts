/** Every role and job of the product by name, each loaded when a host first needs it. */
import { RoleContractError } from '../kernel/errors.ts'
import type { JobRegistry } from '../kernel/jobs.ts'
import type { RoleFactory } from '../kernel/role.ts'
import type { RoleRegistry } from '../kernel/roleHost.ts'
import { initKeccak, keccak256 } from '../rollup/keccak.ts'
import { initSecp256k1 } from '../rollup/secp256k1.ts'
import { WORLD_CODECS } from '../rollup/trie/world.ts'
import type { HostContent } from './host.ts'

export const roles: RoleRegistry = async (role) => {
  switch (role) {
    case 'l1':
      return (await import('../l1/l1.ts')).createL1Role
    case 'sequencer':
      // A role's factory knows its own configuration; the kernel hands it over as plain data.
      return (await import('../sequencer/sequencer.ts')).createSequencerRole as RoleFactory
    case 'executor':
      return (await import('../executor/executor.ts')).createExecutorRole
    case 'da':
      return (await import('../da/da.ts')).createDataRole as RoleFactory
    case 'challenger':
      return (await import('../challenger/challenger.ts')).createChallengerRole
    default:
      throw new RoleContractError(`No role "${role}".`)
  }
}

export const jobs: JobRegistry = async (name) => {
  const { dataJobs } = await import('../rollup/data/jobs.ts')
  return dataJobs[name]
}

/** What every host of the product runs. Call `prepareHost` before the first event. */
export const hostContent: HostContent = {
  roles,
  jobs,
  hash: (bytes) => keccak256(bytes),
  named: WORLD_CODECS,
}

/** Rationale: roles' modules are loaded later, and derive accounts as they are. */
export const prepareHost = async (): Promise<void> => {
  await Promise.all([initKeccak(), initSecp256k1()])
}
