/** Loads a preset's genesis, which `tools/contracts.ts` writes. */
import type { CodeLimits } from '../rollup/codeLimits.ts'
import type { GenesisFile, WorldGenesis } from '../rollup/genesisFile.ts'
import { parseGenesisFile } from '../rollup/genesisFile.ts'
import type { PresetName } from '../rollup/parameters.ts'

/** Throws `GenesisFileError` if the file was written by another version. */
export async function loadGenesis(
  preset: PresetName,
  codeLimits?: CodeLimits,
): Promise<WorldGenesis> {
  const { default: file } = await GENESIS_FILES[preset]()
  return parseGenesisFile(file as unknown as GenesisFile, preset, codeLimits)
}

/** One import per preset, so that a bundle loads the one that it needs. */
const GENESIS_FILES: Readonly<Record<PresetName, () => Promise<{ default: unknown }>>> = {
  classroom: () =>
    import('../../contracts/generated/genesis-classroom.json', { with: { type: 'json' } }),
  demo: () => import('../../contracts/generated/genesis-demo.json', { with: { type: 'json' } }),
  'mainnet-like': () =>
    import('../../contracts/generated/genesis-mainnet-like.json', { with: { type: 'json' } }),
  'arbitrum-one': () =>
    import('../../contracts/generated/genesis-arbitrum-one.json', { with: { type: 'json' } }),
}
