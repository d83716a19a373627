/** Lies of an executor about one step, by the level at which each is caught. */
import type { FraudInfo } from './faults.ts'

export const STATE_FRAUDS: readonly FraudInfo[] = [
  {
    name: 'fraud-sstore',
    role: 'executor',
    level: 'opcode',
    decidedAt: { phases: ['EXEC'], opcodes: ['SSTORE'] },
    action: 'Make the executor write a wrong balance',
    description:
      'One SSTORE inside a token transfer stores another value than the EVM computed; every later root builds on it.',
    outcome:
      'The challenger disputes the root; the game ends at that SSTORE, which L1 executes itself.',
  },
  {
    name: 'fraud-arithmetic',
    role: 'executor',
    level: 'opcode',
    decidedAt: { phases: ['EXEC'], opcodes: ['ADD'] },
    action: 'Make the executor miscalculate',
    description: 'One arithmetic opcode leaves a wrong word on the stack.',
    outcome: 'The game ends at that opcode; L1 computes it again from two words of the stack.',
  },
  {
    name: 'fraud-jump',
    role: 'executor',
    level: 'opcode',
    decidedAt: { phases: ['EXEC'], opcodes: ['JUMP'] },
    action: 'Make the executor jump where it must not',
    description:
      'A jump lands inside the data of a PUSH, at a byte that only looks like a JUMPDEST, and the contract runs on.',
    outcome: 'The game ends at that JUMP; L1 scans the code and halts the frame.',
  },
  {
    name: 'fraud-gas',
    role: 'executor',
    level: 'opcode',
    decidedAt: { phases: ['EXEC'], opcodes: ['SLOAD'] },
    action: 'Make the executor charge too little gas',
    description: 'A storage slot that nobody touched yet is charged as if it were warm.',
    outcome: 'The game ends at that SLOAD; the proof of the warm slots shows L1 that it was cold.',
  },
  {
    name: 'fraud-blockhash',
    role: 'executor',
    level: 'opcode',
    decidedAt: { phases: ['EXEC'], opcodes: ['BLOCKHASH'] },
    action: 'Make the executor invent a block hash',
    description: 'BLOCKHASH gives a contract the hash of a block that never was.',
    outcome: 'The game ends at that opcode; L1 reads the hash from the ring of the last 256.',
  },
  {
    name: 'fraud-revert',
    role: 'executor',
    level: 'frame end',
    decidedAt: { phases: ['REVERT'] },
    action: 'Make the executor keep what was reverted',
    description: 'A call reverts, yet what it wrote stays.',
    outcome: 'The game ends where the frame reverts; L1 restores the state from before the call.',
  },
  {
    name: 'fraud-create2',
    role: 'executor',
    level: 'frame end',
    decidedAt: { phases: ['RETURN'] },
    action: 'Make the executor give a wrong CREATE2 address',
    description: 'A contract is told that its child lives at an address that the executor owns.',
    outcome: 'The game ends where the creation returns; L1 hands over the address that it derived.',
  },
  {
    name: 'fraud-code',
    role: 'executor',
    level: 'frame end',
    decidedAt: { phases: ['RETURN'] },
    action: 'Make the executor deploy other code',
    description: 'A new contract gets code that gives all its money to the executor.',
    outcome:
      'The game ends where the creation returns; L1 stores the hash of the code that was returned.',
  },
  {
    name: 'fraud-precompile',
    role: 'executor',
    level: 'precompile',
    decidedAt: { phases: ['PRECOMPILE'] },
    action: 'Make the executor forge a hash',
    description: 'The SHA-256 precompile gives a contract a digest with one bit flipped.',
    outcome: 'The game ends at that call; L1 calls its own precompile with the same input.',
  },
  {
    name: 'fraud-signature',
    role: 'executor',
    level: 'transaction start',
    decidedAt: { phases: ['TX_START'] },
    action: 'Make the executor forge a signature',
    description: 'A transfer is charged to its recipient, as if that one had signed it.',
    outcome: "The game ends at the transaction's first step; L1 recovers the signer itself.",
  },
  {
    name: 'fraud-invalid',
    role: 'executor',
    level: 'transaction start',
    decidedAt: { phases: ['TX_START'] },
    action: 'Make the executor run a transaction that cannot be paid',
    description:
      'A sender spends the same money twice: the second transaction is invalid, but executed.',
    outcome:
      "The game ends at the transaction's first step; the account's proof shows L1 what was left.",
  },
  {
    name: 'fraud-skip',
    role: 'executor',
    level: 'transaction start',
    decidedAt: { phases: ['TX_START'] },
    action: 'Make the executor skip a valid transaction',
    description:
      'A valid transaction is treated as if it were invalid: it has no effect and no receipt.',
    outcome:
      "The game ends at the transaction's first step; L1 recovers its signer and checks nonce and balance.",
  },
  {
    name: 'fraud-inject',
    role: 'executor',
    level: 'loading a transaction',
    decidedAt: { phases: ['TX_NEXT'] },
    action: 'Make the executor slip a transaction in',
    description:
      'A transaction that the committee never ordered empties an account whose key leaked.',
    outcome:
      'The game ends where the transaction is loaded; L1 reads the right one from the cells of the batch.',
  },
  {
    name: 'fraud-reorder',
    role: 'executor',
    level: 'loading a transaction',
    decidedAt: { phases: ['TX_NEXT'] },
    action: 'Make the executor swap two transactions',
    description:
      'The later of two transactions is executed first, as a front-runner would like it.',
    outcome:
      'The game ends where the transaction is loaded; the cells of the batch hold the order.',
  },
  {
    name: 'fraud-censor',
    role: 'executor',
    level: 'loading a transaction',
    decidedAt: { phases: ['TX_NEXT'] },
    action: 'Make the executor drop an ordered transaction',
    description: 'A transaction that is in the batch is left out.',
    outcome:
      'The game ends where the transaction is loaded; the cells of the batch show that it is next.',
  },
  {
    name: 'fraud-deposit',
    role: 'executor',
    level: 'loading a transaction',
    decidedAt: { phases: ['TX_NEXT'] },
    action: 'Make the executor forge a deposit',
    description: 'A deposit that L1 never queued mints ETH on L2.',
    outcome: "The game ends where the deposit is read; the inbox's hash on L1 contradicts it.",
  },
  {
    name: 'fraud-omit-deposit',
    role: 'executor',
    level: 'block start',
    decidedAt: { phases: ['BLOCK_START'] },
    action: 'Make the executor ignore a deposit',
    description: 'A block passes over the deposits that it must take from L1.',
    outcome:
      'The game ends where the block begins; the inbox on L1 tells how many messages are due.',
  },
  {
    name: 'fraud-timestamp',
    role: 'executor',
    level: 'block start',
    decidedAt: { phases: ['BLOCK_START'] },
    action: 'Make the executor turn the clock forward',
    description: 'A block claims to be of an hour later, so that whatever waits for time is due.',
    outcome:
      'The game ends where the block begins; L1 reads the time from the batch and clamps it.',
  },
  {
    name: 'fraud-basefee',
    role: 'executor',
    level: 'block start',
    decidedAt: { phases: ['BLOCK_START'] },
    action: 'Make the executor halve the base fee',
    description: 'A block charges half of what EIP-1559 demands.',
    outcome:
      'The game ends where the block begins; L1 computes the base fee from the block before.',
  },
  {
    name: 'fraud-fee',
    role: 'executor',
    level: 'transaction end',
    decidedAt: { phases: ['TX_END'] },
    action: 'Make the executor steal a fee',
    description:
      'At the end of a transaction its fee goes to the executor instead of the fee vault.',
    outcome: "The game ends at the transaction's last step, where fees are settled.",
  },
  {
    name: 'fraud-refund',
    role: 'executor',
    level: 'transaction end',
    decidedAt: { phases: ['TX_END'] },
    action: 'Make the executor steal unused gas',
    description:
      'What a transaction did not use of its gas is paid back to the executor instead of its sender.',
    outcome: "The game ends at the transaction's last step, where gas is paid back.",
  },
  {
    name: 'fraud-selfdestruct',
    role: 'executor',
    level: 'transaction end',
    decidedAt: { phases: ['DESTRUCT'] },
    action: 'Make the executor keep a destroyed contract',
    description: 'A contract that destroyed itself in the transaction that created it stays.',
    outcome:
      'The game ends where the list of destroyed contracts is worked off; L1 deletes the account.',
  },
  {
    name: 'fraud-log',
    role: 'executor',
    level: 'logs and headers',
    decidedAt: { phases: ['EXEC'], opcodes: ['LOG0', 'LOG1', 'LOG2', 'LOG3', 'LOG4'] },
    action: 'Make the executor forge a log',
    description:
      'A token transfer is right, but its event tells of 1,000 tokens: who trusts logs is deceived.',
    outcome: 'The game ends at that LOG; L1 reads the memory that was logged.',
  },
  {
    name: 'fraud-withdrawal',
    role: 'executor',
    level: 'logs and headers',
    decidedAt: { phases: ['EXEC'], opcodes: ['SSTORE'] },
    action: 'Make the executor forge a withdrawal',
    description:
      'Beside a real withdrawal the executor writes one for itself, to be paid by the bridge on L1.',
    outcome: 'The game ends at the SSTORE that writes withdrawals.',
  },
  {
    name: 'fraud-header',
    role: 'executor',
    level: 'logs and headers',
    decidedAt: { phases: ['BLOCK_END'] },
    action: 'Make the executor forge a block hash',
    description: 'A finished block gets a hash that its header does not have.',
    outcome: 'The game ends where the block ends; L1 encodes the header and hashes it.',
  },
  {
    name: 'fraud-decoding',
    role: 'executor',
    level: 'batch open',
    decidedAt: { phases: ['BATCH_OPEN'] },
    action: 'Make the executor misread a batch',
    description: 'A batch full of blocks is read as if nothing in it could be decoded.',
    outcome:
      'The game ends where the batch is opened; the inbox on L1 tells what kind of entry it is.',
  },
  {
    name: 'fraud-length',
    role: 'executor',
    level: 'trace length',
    decidedAt: { phases: ['BLOCK_START'] },
    action: 'Make the executor stop too early',
    description:
      'A batch is closed while a block of it is left: the trace is shorter than the batch is long.',
    outcome:
      'The game ends where the last block would begin; the cells of the batch show L1 that it is there.',
  },
  {
    name: 'fraud-overrun',
    role: 'executor',
    level: 'trace length',
    decidedAt: { phases: ['BATCH_OPEN'] },
    action: 'Make the executor go on after the end',
    description:
      'Behind the end of the last batch the executor appends one more step, in which it pays itself 1,000 ETH.',
    outcome:
      'The game ends at that step; L1 knows which batch is the last, and that a finished machine stands still.',
  },
  {
    name: 'fraud-cheat',
    role: 'executor',
    level: 'cheat',
    decidedAt: { phases: ['CHEAT'] },
    action: 'Make the executor stretch a cheat',
    description:
      'It sends a cheat, as any user of a devnet may, and claims that it did more than it says: 1,000 ETH for itself.',
    outcome:
      'The game ends at that cheat; L1 reads its bytes and changes the one account that it names.',
  },
  {
    name: 'fraud-reward',
    role: 'executor',
    level: 'opcode',
    decidedAt: { phases: ['EXEC'], opcodes: ['SSTORE'] },
    action: 'Make the executor inflate a reward',
    description:
      'When a Persona claims a reward, one SSTORE gives it more tokens than the campaign paid; every later root builds on it.',
    outcome:
      'The challenger disputes the root; the game ends at that SSTORE. A wrong reward root is another matter: that is challenged on L2.',
  },
]
