/**
 * The part of the L1 contracts that executors and challengers read and call (contracts/src/interfaces). A test compares it with the
 * compiled interfaces.
 */
import { parseAbi } from 'viem'

export const inboxAbi = parseAbi([
  'struct Entry { uint8 kind; bytes32 cellsRoot; uint64 payloadLength; uint64 inboxCount; uint64 originNumber; bytes32 originHash; uint64 originTimestamp; uint256 originBaseFee; bytes32 originPrevrandao; uint64 postedAt; }',
  'struct BatchHeader { uint64 index; bytes32 parent; bytes32 versionedHash; bytes32 cellsRoot; uint64 payloadLength; uint64 inboxCount; uint64 originNumber; uint64 firstView; uint64 lastView; }',
  'event MessageQueued(uint256 indexed index, bytes32 messageHash, bytes raw, address indexed sender)',
  'event EntryAppended(uint256 indexed index, Entry entry, BatchHeader header, bytes commitment, address indexed poster, uint256 committeeSigners, uint256 dataSigners)',
  'event EntryExpired(uint256 indexed index, uint256 indexed cell, Entry entry)',
])

export const factoryAbi = parseAbi([
  'event GameCreated(address indexed game, uint256 indexed index, bytes32 indexed rootClaim, uint64 entryIndex, address parent, address proposer, uint256 bond)',
  'function create(bytes32 rootClaim, uint64 entryIndex, address parent) payable returns (address game)',
])

export const gameAbi = parseAbi([
  'event Moved(uint256 indexed claimIndex, uint256 indexed parentIndex, address indexed claimant, uint256 position, bytes32 value, bool isAttack, uint256 bond, uint64 clockDuration, uint64 clockTimestamp)',
  'event Stepped(uint256 indexed claimIndex, address indexed claimant, bool isAttack, uint256 traceIndex, bytes32 preState, bytes32 postState)',
  'event ClaimResolved(uint256 indexed claimIndex, bool countered, address indexed recipient, uint256 bond)',
  'event Resolved(uint8 status, uint8 distribution)',
  'event CreditClaimed(address indexed recipient, uint256 amount)',
  'function move(bytes32 disputed, uint256 parentIndex, bytes32 value, bool isAttack) payable',
  'function step(uint256 claimIndex, bool isAttack, bytes proof)',
  'function resolveClaim(uint256 claimIndex)',
  'function resolve() returns (uint8)',
  'function claimCredit(address recipient)',
])

export const anchorAbi = parseAbi([
  'event RootFinalized(address indexed game, uint64 indexed entryIndex, bytes32 root)',
  'event GameBlacklisted(address indexed game)',
  'function finalize(address game)',
])
