/** What every opcode and every phase of the machine does, in one plain sentence; and what its operands are called, top of the stack first. */

interface Meaning {
  readonly text: string
  readonly operands: readonly string[]
}

const opcodes: Readonly<Record<string, readonly [text: string, operands?: string]>> = {
  STOP: ['Ends this call; nothing is returned.'],
  ADD: ['Adds two numbers, modulo 2²⁵⁶.', 'a b'],
  MUL: ['Multiplies two numbers, modulo 2²⁵⁶.', 'a b'],
  SUB: ['Subtracts the second number from the first, modulo 2²⁵⁶.', 'a b'],
  DIV: ['Divides, rounding down; by zero gives zero.', 'a b'],
  SDIV: ['Divides signed numbers, rounding towards zero.', 'a b'],
  MOD: ['The remainder of a division; by zero gives zero.', 'a b'],
  SMOD: ['The remainder of a signed division.', 'a b'],
  ADDMOD: [
    'Adds two numbers and takes the remainder by a third, without overflow in between.',
    'a b modulus',
  ],
  MULMOD: [
    'Multiplies two numbers and takes the remainder by a third, without overflow in between.',
    'a b modulus',
  ],
  EXP: ['Raises a number to a power, modulo 2²⁵⁶.', 'base exponent'],
  SIGNEXTEND: ['Stretches a short signed number to a whole word.', 'bytes−1 value'],
  LT: ['Whether the first number is smaller: 1 or 0.', 'a b'],
  GT: ['Whether the first number is greater: 1 or 0.', 'a b'],
  SLT: ['Whether the first signed number is smaller: 1 or 0.', 'a b'],
  SGT: ['Whether the first signed number is greater: 1 or 0.', 'a b'],
  EQ: ['Whether two words are equal: 1 or 0.', 'a b'],
  ISZERO: ['Whether a word is zero: 1 or 0.', 'a'],
  AND: ['Keeps the bits that both words have.', 'a b'],
  OR: ['Keeps the bits that either word has.', 'a b'],
  XOR: ['Keeps the bits in which two words differ.', 'a b'],
  NOT: ['Turns every bit of a word.', 'a'],
  BYTE: ['Takes one byte out of a word.', 'place value'],
  SHL: ['Moves bits to the left, filling with zeros.', 'bits value'],
  SHR: ['Moves bits to the right, filling with zeros.', 'bits value'],
  SAR: ['Moves bits to the right, keeping the sign.', 'bits value'],
  CLZ: ['Counts the zero bits before the first one.', 'value'],
  KECCAK256: ['Hashes a part of memory.', 'offset length'],
  ADDRESS: ['The address whose storage this call works on.'],
  BALANCE: ['How much ETH an address has.', 'address'],
  ORIGIN: ['Who signed the transaction.'],
  CALLER: ['Who made this call.'],
  CALLVALUE: ['How much ETH came with this call.'],
  CALLDATALOAD: ['Reads a word of the call’s input.', 'offset'],
  CALLDATASIZE: ['How long the call’s input is.'],
  CALLDATACOPY: ['Copies a part of the call’s input to memory.', 'to from length'],
  CODESIZE: ['How long the running code is.'],
  CODECOPY: ['Copies a part of the running code to memory.', 'to from length'],
  GASPRICE: ['What the transaction pays for a unit of gas.'],
  EXTCODESIZE: ['How long the code of an address is.', 'address'],
  EXTCODECOPY: ['Copies a part of another address’s code to memory.', 'address to from length'],
  RETURNDATASIZE: ['How much the last call returned.'],
  RETURNDATACOPY: ['Copies a part of what the last call returned to memory.', 'to from length'],
  EXTCODEHASH: ['The hash of an address’s code.', 'address'],
  BLOCKHASH: ['The hash of one of the last 256 blocks.', 'number'],
  COINBASE: ['Who gets the block’s fees.'],
  TIMESTAMP: ['The time of the block.'],
  NUMBER: ['The number of the block.'],
  PREVRANDAO: ['The randomness that L1 gave the block.'],
  GASLIMIT: ['How much gas the block may use.'],
  CHAINID: ['The number of this chain.'],
  SELFBALANCE: ['How much ETH this contract has.'],
  BASEFEE: ['The base fee of the block.'],
  BLOBHASH: ['The hash of a blob of the transaction; on this L2 always zero.', 'index'],
  BLOBBASEFEE: ['The base fee of blobs; on this L2 always one.'],
  POP: ['Throws the top of the stack away.', 'value'],
  MLOAD: ['Reads a word of memory.', 'offset'],
  MSTORE: ['Writes a word to memory.', 'offset value'],
  MSTORE8: ['Writes one byte to memory.', 'offset value'],
  SLOAD: ['Reads a word of the contract’s storage.', 'slot'],
  SSTORE: [
    'Writes a word to the contract’s storage, where balances and everything lasting is kept.',
    'slot value',
  ],
  JUMP: ['Goes on at another place of the code, which must be a JUMPDEST.', 'target'],
  JUMPI: ['Goes on at another place of the code if a word is not zero.', 'target condition'],
  PC: ['Where in the code this instruction stands.'],
  MSIZE: ['How much memory this call has used.'],
  GAS: ['How much gas this call has left.'],
  JUMPDEST: ['Does nothing: a place that jumps may land on.'],
  TLOAD: ['Reads a word of storage that lasts for this transaction only.', 'slot'],
  TSTORE: ['Writes a word to storage that lasts for this transaction only.', 'slot value'],
  MCOPY: ['Copies a part of memory to another place.', 'to from length'],
  PUSH0: ['Puts zero on the stack.'],
  CREATE: ['Makes a new contract.', 'value offset length'],
  CREATE2: [
    'Makes a new contract at an address that depends on its code and a salt.',
    'value offset length salt',
  ],
  CALL: [
    'Calls another contract, with ETH if wished.',
    'gas to value inputAt inputLength outputAt outputLength',
  ],
  CALLCODE: [
    'Runs another contract’s code on this one’s storage (old form).',
    'gas to value inputAt inputLength outputAt outputLength',
  ],
  DELEGATECALL: [
    'Runs another contract’s code on this one’s storage, for the same caller.',
    'gas to inputAt inputLength outputAt outputLength',
  ],
  STATICCALL: [
    'Calls another contract that may change nothing.',
    'gas to inputAt inputLength outputAt outputLength',
  ],
  RETURN: ['Ends this call and returns a part of memory.', 'offset length'],
  REVERT: [
    'Ends this call, undoes what it changed, and returns a part of memory.',
    'offset length',
  ],
  INVALID: ['No instruction: this call fails and loses its gas.'],
  SELFDESTRUCT: [
    'Sends this contract’s ETH away; deletes the contract only if this transaction made it.',
    'beneficiary',
  ],
}

const phases: Readonly<Record<string, string>> = {
  BATCH_OPEN: 'Takes the next batch from L1’s inbox.',
  BLOCK_START:
    'Reads a block’s header out of the batch: time, deposits due, number of transactions, base fee.',
  TX_NEXT:
    'Takes the next transaction: a deposit that L1 has queued, or else the next bytes of the batch.',
  BLOCK_END: 'Hashes the header of the finished block and remembers it.',
  SYSTEM:
    'Prepares a call of the system at the start of a block, such as writing down the parent’s hash.',
  TX_START:
    'Checks the transaction: signature, nonce, balance, gas. An invalid one is skipped, provably.',
  ACCESS: 'Warms one address or slot of the transaction’s access list.',
  AUTHORIZE:
    'Applies one authorization of EIP-7702: an account lends itself the code of a contract.',
  TX_CALL: 'Opens the transaction’s first call, or the first run of the contract that it creates.',
  FRAME_START: 'Begins a call: moves its ETH and remembers the world for a REVERT.',
  EXEC: 'Runs one opcode.',
  PRECOMPILE: 'Runs a built-in contract, such as the recovery of a signer; L1 calls its own.',
  RETURN: 'Ends a call that succeeded, and hands its result to the caller.',
  REVERT: 'Ends a call that was undone: the world is again what it was before.',
  HALT: 'Ends a call that failed: its gas is gone, the world is again what it was before.',
  TX_END: 'Settles the transaction’s gas: refunds the sender, pays the fee.',
  DESTRUCT: 'Deletes one contract that destroyed itself in this transaction.',
  CHEAT:
    'Carries out a cheat of a test network, such as setting a balance; a public rollup skips it.',
  TX_CLOSE: 'Adds the transaction and its receipt to the block.',
}

/** A phase's sentence, or that of the opcode that EXEC runs. Null for a name that the machine does not have. */
export function meaningOf({
  phase,
  opcode,
}: {
  readonly phase: string
  readonly opcode: string
}): Meaning | null {
  if (opcode !== '') return opcodeMeaning(opcode)
  const text = phases[phase]
  return text === undefined ? null : { text, operands: [] }
}

function opcodeMeaning(name: string): Meaning | null {
  const [, family = '', digits = ''] = /^(PUSH|DUP|SWAP|LOG)(\d+)$/.exec(name) ?? []
  const known = opcodes[name]
  if (known !== undefined) return { text: known[0], operands: known[1]?.split(' ') ?? [] }
  const count = Number(digits)
  switch (family) {
    case 'PUSH':
      return {
        text: `Puts ${count === 1 ? 'one byte' : `${count} bytes`} of the code on the stack.`,
        operands: [],
      }
    case 'DUP':
      return { text: `Puts another copy of word ${count} of the stack on top of it.`, operands: [] }
    case 'SWAP':
      return { text: `Changes the top of the stack for word ${count + 1}.`, operands: [] }
    case 'LOG': {
      const topics = Array.from({ length: count }, (_, at) => `topic${at + 1}`)
      return {
        text: `Writes an event with ${count === 1 ? 'one topic' : `${count} topics`} to the receipt.`,
        operands: ['offset', 'length', ...topics],
      }
    }
    default:
      return null
  }
}

const witnessWords: Readonly<Record<string, readonly [title: string, proves: string]>> = {
  state: [
    'Machine state',
    'All records before the step. Their hash is the claim that both sides agree on.',
  ],
  code: [
    'Running code',
    'Its keccak256 is the code hash of the frame: these, and no other, are the instructions.',
  ],
  otherCode: [
    'Another contract’s code',
    'Its keccak256 stands in that account, which the path below opens.',
  ],
  input: ['Call input', 'Its keccak256 and length stand in the frame.'],
  returnData: ['Return data', 'Its keccak256 and length stand in the frame.'],
  rawTransaction: [
    'Raw transaction',
    'Its keccak256 was taken from the batch or the inbox one step before.',
  ],
  parentFrame: [
    'Calling frame',
    'The frame that goes on when this one ends; its hash stands in this one.',
  ],
  snapshot: ['World before the call', 'What a REVERT brings back; its hash stands in the frame.'],
  logsBloom: [
    'Bloom of the logs',
    'The transaction’s filter of events; its hash stands in the world record.',
  ],
  blockBloom: [
    'Bloom of the block',
    'The block’s filter of events; its hash stands in the block record.',
  ],
  entry: [
    'Inbox entry',
    'What L1’s inbox keeps of the batch; its hash is read from the inbox contract itself.',
  ],
  cell: ['Data cell', 'A piece of the batch as the data nodes hold it.'],
  stackTop: [
    'Top of the stack',
    'The words that the opcode pops, and the hash of the stack below them.',
  ],
  item: ['List item', 'One item of a list in the transaction, and the hash of the rest.'],
  memory: [
    'Memory',
    'The words that the opcode touches, with the tree path to the root of memory.',
  ],
  blockHashes: ['Block hashes', 'One leaf of the ring of the last 256 hashes, with its path.'],
  cellProof: [
    'Path of the cells',
    'That these cells stand under the root that L1 accepted with the batch.',
  ],
  scratch: [
    'Mark of this transaction',
    'Whether a slot or address was touched before (it sets the gas), with its path.',
  ],
  account: ['Path of the account', 'Trie nodes from the state root to the account.'],
  committedAccount: [
    'Path before the transaction',
    'The same account under the state root that the transaction began with.',
  ],
  slot: [
    'Path of the slot',
    'Trie nodes from the account’s storage root to the slot: its value now.',
  ],
  committedSlot: [
    'Path of the original value',
    'The slot as the transaction found it: gas and refund depend on it.',
  ],
  encoding: ['Encoding', 'Offsets, lengths and padding of the ABI.'],
}

export function witnessMeaning(name: string): { readonly title: string; readonly proves: string } {
  const [title, proves] = witnessWords[name] ?? [name, '']
  return { title, proves }
}
