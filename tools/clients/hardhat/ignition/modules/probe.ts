import { buildModule } from '@nomicfoundation/hardhat-ignition/modules'

// biome-ignore lint/style/noDefaultExport: Ignition reads the default export.
export default buildModule('Probe', (module) => {
  const probe = module.contract('ClientProbe', [42n])
  module.call(probe, 'set', [43n])
  return { probe }
})
