/** Every term of the page in one sentence. Tooltips, help and empty states read from here. */
export const GLOSSARY = {
  l1: [
    'L1',
    'An Ethereum chain of its own that runs in this tab; its contracts hold the money and judge every dispute.',
  ],
  l2: [
    'L2',
    'The rollup: blocks that the executor computes from the order that the committee agreed on.',
  ],
  slot: ['Slot', 'The fixed beat in which L1 makes a block, whether it has transactions or not.'],
  rollup: [
    'Optimistic rollup',
    'A chain that runs off L1, publishes its data there, and is believed unless somebody proves it wrong.',
  ],
  committee: [
    'Sequencer committee',
    'Nodes with stake on L1 that agree on the order of transactions, without executing them.',
  ],
  view: [
    'View',
    'One round of the committee: a leader proposes, the others vote; it ends in a certificate.',
  ],
  leader: ['Leader', 'The sequencer whose turn it is to propose a block; turns follow stake.'],
  notarize: ['Notarize', 'First vote: this proposal is the only one I accept in this view.'],
  finalize: [
    'Finalize',
    'Second vote: I saw a quorum notarize it; with a quorum of these the order never changes.',
  ],
  nullify: ['Nullify', 'A vote to skip a view whose leader stayed silent.'],
  quorum: ['Quorum', 'More than two thirds of the stake; any two quorums share an honest member.'],
  certificate: [
    'Certificate',
    'One BLS signature that stands for a quorum of votes; L1 can check it.',
  ],
  slashing: [
    'Slashing',
    'Taking stake away from a sequencer for which there is proof of two conflicting votes.',
  ],
  executor: [
    'Executor',
    'Runs the ordered transactions, spreads the data, posts batches, and stakes a bond on each state root.',
  ],
  block: ['Block', 'A list of transactions and the state after them.'],
  unsafe: ['Unsafe', 'Ordered by the committee, not yet on L1: a promise of the sequencers.'],
  safe: ['Safe', 'Posted to L1: anybody can derive it from L1 and the data nodes.'],
  settled: ['Settled', 'The window for asking after missing data has closed.'],
  finalized: [
    'Finalized',
    'Its state root survived the dispute window: L1 pays withdrawals against it.',
  ],
  batch: ['Batch', 'The transactions of some seconds of L2, packed into one blob of data.'],
  cell: ['Cell', 'One of 128 pieces of a batch with its own proof; any 64 rebuild all of it.'],
  dataNode: [
    'Data node',
    'Keeps some columns of cells of every batch and hands them to anyone who asks.',
  ],
  sampling: [
    'Sampling',
    'Asking for a few random cells: if they are there, the whole is there, almost surely.',
  ],
  recovery: ['Recovery', 'Computing missing cells from any 64 others.'],
  root: ['State root', 'One hash that stands for every balance and contract on L2 after a batch.'],
  bond: ['Bond', 'Money that a party loses if its claim turns out false.'],
  disputeWindow: [
    'Dispute window',
    'The time in which anybody may challenge a state root; after it the root counts.',
  ],
  challenger: [
    'Challenger',
    'Derives and executes everything again from L1 and the data nodes, and disputes any root that differs.',
  ],
  dispute: [
    'Dispute',
    'A game on L1 that halves the disagreement with every move until one step of the EVM is left.',
  ],
  alias: [
    'Alias',
    'Another account of the same party. L1 cannot tell it from a stranger; only the world that runs here knows.',
  ],
  freeloader: [
    'Freeloader',
    'Somebody who copies honest claims into other places, to win a bond without knowing the truth.',
  ],
  sybil: [
    'Sybil',
    'One of many names of a single party. Each must stake a bond of its own for every claim.',
  ],
  claim: [
    'Claim',
    'A hash of the machine state at one point of the execution, with a bond behind it.',
  ],
  position: [
    'Position',
    'Which point of the execution a claim is about: its depth and place in the tree of halves.',
  ],
  attack: ['Attack', 'I disagree with this claim: the error lies before it.'],
  defend: ['Defend', 'I agree with this claim: the error lies after it.'],
  chessClock: [
    'Chess clock',
    'Time that a side has for all its moves together; it runs while the other side waits.',
  ],
  step: [
    'One step',
    'The single EVM step that is left in the end; L1 executes it itself and sees who lied.',
  ],
  machineState: [
    'Machine state',
    'Everything that the next EVM step depends on, hashed into 32 bytes.',
  ],
  witness: [
    'Witness',
    'The few pieces of state that the step touches, with proofs against the machine hash.',
  ],
  gas: ['Gas', 'What a computation costs on Ethereum.'],
  deposit: ['Deposit', 'Money locked on L1 and minted on L2; it cannot be skipped by anyone.'],
  withdrawal: [
    'Withdrawal',
    'Money burnt on L2 and paid on L1, once proven against a finalized root.',
  ],
  fork: [
    'Fork',
    'L2 begins with the state of another chain at one block; what is touched is fetched, verified and put in.',
  ],
  seed: [
    'Seed',
    'The number from which all chance in this world comes: same seed, same clicks, same run.',
  ],
  eventHash: [
    'Event hash',
    'A fingerprint of everything that happened so far; equal runs have equal hashes on every machine.',
  ],
  virtualTime: ['Virtual time', 'The clock of this world: it can be paused, slowed and hurried.'],
  reorg: ['Reorg', 'L1 replaces its last blocks by others; the rollup derives again.'],
} as const satisfies Readonly<Record<string, readonly [string, string]>>

export type TermName = keyof typeof GLOSSARY
