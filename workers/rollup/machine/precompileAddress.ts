/** Osaka's precompiles: 0x01 to 0x11 and 0x0100. */
export function precompileNumber(address: Uint8Array): number {
  for (let i = 0; i < 18; i++) if (address[i] !== 0) return 0
  const number = ((address[18] ?? 0) << 8) | (address[19] ?? 0)
  return number <= 0x11 || number === 0x100 ? number : 0
}

export function isPrecompile(address: Uint8Array): boolean {
  return precompileNumber(address) !== 0
}
