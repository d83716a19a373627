/** Contracts that come compiled from npm, by name: the artifact's path in node_modules. */
export const VENDORED: Readonly<Record<string, string>> = {
  SchemaRegistry:
    '@ethereum-attestation-service/eas-contracts/artifacts/contracts/SchemaRegistry.sol/SchemaRegistry.json',
  EAS: '@ethereum-attestation-service/eas-contracts/artifacts/contracts/EAS.sol/EAS.json',
  EntryPointV07: '@account-abstraction/contracts-v0.7/artifacts/EntryPoint.json',
  EntryPoint: '@account-abstraction/contracts/artifacts/EntryPoint.json',
  Simple7702Account: '@account-abstraction/contracts/artifacts/Simple7702Account.json',
}
