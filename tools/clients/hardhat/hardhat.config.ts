/** A Hardhat project as others write it, whose networks are a devnet's. */
import { createRequire } from 'node:module'
import hardhatIgnitionViem from '@nomicfoundation/hardhat-ignition-viem'
import hardhatNodeTestRunner from '@nomicfoundation/hardhat-node-test-runner'
import hardhatViem from '@nomicfoundation/hardhat-viem'
import hardhatViemAssertions from '@nomicfoundation/hardhat-viem-assertions'
import { configVariable, defineConfig } from 'hardhat/config'

const accounts = { mnemonic: 'test test test test test test test test test test test junk' }

// biome-ignore lint/style/noDefaultExport: Hardhat reads the default export.
export default defineConfig({
  plugins: [hardhatIgnitionViem, hardhatNodeTestRunner, hardhatViem, hardhatViemAssertions],
  solidity: {
    version: '0.8.37',
    // npm's compiler, so that nothing is downloaded.
    path: createRequire(import.meta.url).resolve('solc/soljson.js'),
    settings: { evmVersion: 'osaka' },
  },
  networks: {
    // Here the node's own accounts sign.
    trexL1: { type: 'http', url: configVariable('TREX_L1'), accounts: 'remote' },
    trexL2: { type: 'http', url: configVariable('TREX_L2'), accounts },
  },
})
