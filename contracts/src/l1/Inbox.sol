// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import { BlockHeader } from "@openzeppelin/contracts/utils/BlockHeader.sol";
import { Blockhash } from "@openzeppelin/contracts/utils/Blockhash.sol";
import { Memory } from "@openzeppelin/contracts/utils/Memory.sol";
import { RLP } from "@openzeppelin/contracts/utils/RLP.sol";

import { IDataRegistry } from "../interfaces/IDataRegistry.sol";
import { IInbox } from "../interfaces/IInbox.sol";
import { ISequencerRegistry } from "../interfaces/ISequencerRegistry.sol";
import { AddressAlias } from "../lib/AddressAlias.sol";
import { CellTree } from "../lib/CellTree.sol";

/// @title The rollup's inbox: messages, entries, forced inclusion and the data challenge
contract Inbox is IInbox {
    using RLP for RLP.Encoder;

    struct Settings {
        address sequencers;
        address dataNodes;
        /// Receives the ETH of deposits.
        address bridge;
        uint64 mustIncludeBlocks;
        uint64 forceBlocks;
        uint64 depositOnlyBlocks;
        uint64 dataChallengeWindowSeconds;
        uint256 challengeBond;
    }

    /// @param settledAt Time from which the entry can no longer change, unless a challenge is open.
    /// @param challengeUntil Last second at which a cell can be challenged; 0 if there is no data.
    /// @param openChallenges Challenges without an answer.
    /// @param dataSigners Data nodes that attested the batch.
    struct EntryState {
        uint64 settledAt;
        uint64 challengeUntil;
        uint32 openChallenges;
        bool expired;
        uint64 dataSigners;
    }

    uint8 private constant BATCH = 0;
    uint8 private constant DEPOSIT_ONLY = 1;
    uint8 private constant EMPTY = 2;
    bytes32 private constant DEPOSIT_DOMAIN = keccak256("trex.inbox.deposit");
    bytes32 private constant COMMITTEE_DOMAIN = keccak256("trex.batch.committee");
    bytes32 private constant DATA_DOMAIN = keccak256("trex.batch.data");
    uint256 private constant MESSAGE_DATA_MAX = 65_536;
    uint256 private constant PAYLOAD_LENGTH_MAX = 126_976;
    uint256 private constant COMMITMENT_LENGTH = 48;
    uint256 private constant MESSAGE_GAS_BASE = 21_000;
    uint256 private constant MESSAGE_GAS_PER_BYTE = 40;
    uint256 private constant MESSAGE_GAS_MAX = 1 << 24;
    /// L2 gas that the deposits of one L1 block may ask for together; half of an L2 block.
    uint256 private constant DEPOSIT_GAS_PER_BLOCK = 30_000_000;
    uint256 private constant FORCED_MESSAGES_MAX = 64;
    uint256 private constant SETTLE_STEPS_MAX = 16;

    ISequencerRegistry private immutable SEQUENCERS;
    IDataRegistry private immutable DATA_NODES;
    address private immutable BRIDGE;
    uint64 private immutable MUST_INCLUDE_BLOCKS;
    uint64 private immutable FORCE_BLOCKS;
    uint64 private immutable DEPOSIT_ONLY_BLOCKS;
    uint64 private immutable DATA_WINDOW;
    uint256 private immutable CHALLENGE_BOND;

    bytes32[] private _messages;
    mapping(uint256 index => uint64) private _messageBlocks;
    bytes32[] private _entries;
    mapping(uint256 index => EntryState) private _entryStates;
    mapping(uint256 index => mapping(uint256 cell => CellChallenge)) private _challenges;
    uint64 private _consumedMessages;
    uint64 private _lastOriginNumber;
    uint64 private _lastView;
    uint64 private _lastAppendedBlock;
    uint64 private _depositGasBlock;
    uint64 private _depositGasUsed;
    /// All entries below are settled; a lower bound that only saves gas.
    uint64 private _settledCount;

    constructor(Settings memory settings) {
        SEQUENCERS = ISequencerRegistry(settings.sequencers);
        DATA_NODES = IDataRegistry(settings.dataNodes);
        BRIDGE = settings.bridge;
        MUST_INCLUDE_BLOCKS = settings.mustIncludeBlocks;
        FORCE_BLOCKS = settings.forceBlocks;
        DEPOSIT_ONLY_BLOCKS = settings.depositOnlyBlocks;
        DATA_WINDOW = settings.dataChallengeWindowSeconds;
        CHALLENGE_BOND = settings.challengeBond;
        Entry memory genesis;
        genesis.kind = EMPTY;
        genesis.originNumber = uint64(block.number);
        genesis.originTimestamp = uint64(block.timestamp);
        genesis.originBaseFee = block.basefee;
        BatchHeader memory none;
        _append(genesis, none, "", 0, 0);
    }

    /// @inheritdoc IInbox
    function deposit(address to, uint64 gasLimit, bytes calldata data) external payable returns (uint256 index) {
        if (data.length > MESSAGE_DATA_MAX) revert Inbox_DataTooLong(data.length, MESSAGE_DATA_MAX);
        uint256 minimum = MESSAGE_GAS_BASE + MESSAGE_GAS_PER_BYTE * data.length;
        if (gasLimit < minimum || gasLimit > MESSAGE_GAS_MAX) {
            revert Inbox_GasLimitOutOfRange(gasLimit, minimum, MESSAGE_GAS_MAX);
        }
        _meterDepositGas(gasLimit);
        // An account with an EIP-7702 delegation is no contract: its key's holder sent the transaction.
        address from = msg.sender == tx.origin ? msg.sender : AddressAlias.apply_(msg.sender);
        index = _messages.length;
        bytes32 sourceHash = keccak256(abi.encode(DEPOSIT_DOMAIN, index));
        _queue(from, _encodeDeposit(sourceHash, from, to, gasLimit, data));
        if (msg.value > 0) _send(BRIDGE, msg.value);
    }

    /// @inheritdoc IInbox
    function enqueueTransaction(bytes calldata raw) external returns (uint256 index) {
        if (raw.length > MESSAGE_DATA_MAX) revert Inbox_DataTooLong(raw.length, MESSAGE_DATA_MAX);
        uint8 first = raw.length == 0 ? 0 : uint8(raw[0]);
        bool known = first >= 0xc0 || first == 1 || first == 2 || first == 4;
        if (!known) revert Inbox_InvalidTransactionType(first);
        index = _messages.length;
        _queue(msg.sender, raw);
    }

    /// @inheritdoc IInbox
    function postBatch(
        BatchHeader calldata header,
        bytes calldata commitment,
        bytes calldata originHeader,
        Certificate calldata committee,
        Certificate calldata data
    ) external {
        _checkHeader(header, commitment);
        _checkCertificates(headerHash(header), committee, data);
        Entry memory entry = _origin(header.originNumber, originHeader);
        entry.kind = BATCH;
        entry.cellsRoot = header.cellsRoot;
        entry.payloadLength = header.payloadLength;
        entry.inboxCount = header.inboxCount;
        _lastView = header.lastView;
        uint256 index = _append(entry, header, commitment, committee.signers, data.signers);
        SEQUENCERS.creditBatch(index, msg.sender, committee.signers);
    }

    /// @inheritdoc IInbox
    function forceInclude(bytes calldata originHeader) external {
        uint256 first = _consumedMessages;
        bool isMessageOld = first < _messages.length && _messageBlocks[first] + FORCE_BLOCKS <= block.number;
        bool isSilent = _lastAppendedBlock + DEPOSIT_ONLY_BLOCKS <= block.number;
        if (!isMessageOld && !isSilent) revert Inbox_NotForceable();
        uint256 count = first;
        while (count < _messages.length && count < first + FORCED_MESSAGES_MAX && _messageBlocks[count] < block.number) ++count;
        Entry memory entry = _origin(uint64(block.number - 1), originHeader);
        entry.kind = DEPOSIT_ONLY;
        entry.inboxCount = uint64(count);
        BatchHeader memory none;
        _append(entry, none, "", 0, 0);
    }

    /// @inheritdoc IInbox
    function challengeCell(uint256 index, uint256 cell) external payable {
        EntryState storage state = _entryStates[index];
        if (msg.value != CHALLENGE_BOND) revert Inbox_WrongBond(msg.value, CHALLENGE_BOND);
        if (block.timestamp > state.challengeUntil || state.expired || cell >= CellTree.CELLS) revert Inbox_NotChallengeable();
        CellChallenge storage challenge = _challenges[index][cell];
        if (challenge.challenger != address(0)) revert Inbox_AlreadyChallenged();
        challenge.challenger = msg.sender;
        challenge.deadline = state.settledAt;
        ++state.openChallenges;
        emit CellChallenged(index, cell, msg.sender, state.settledAt, msg.value);
    }

    /// @inheritdoc IInbox
    function answerCell(uint256 index, uint256 cell, bytes calldata cellBytes, bytes32[] calldata proof, Entry calldata entry) external {
        CellChallenge storage challenge = _openChallenge(index, cell);
        if (block.timestamp > challenge.deadline) revert Inbox_ChallengeOver(challenge.deadline);
        if (keccak256(abi.encode(entry)) != _entries[index]) revert Inbox_WrongEntry();
        if (!CellTree.isMember(entry.cellsRoot, cell, cellBytes, proof)) revert Inbox_InvalidCell();
        challenge.answered = true;
        --_entryStates[index].openChallenges;
        emit CellAnswered(index, cell, msg.sender, cellBytes);
        _send(msg.sender, CHALLENGE_BOND);
    }

    /// @inheritdoc IInbox
    function expire(uint256 index, uint256 cell, Entry calldata entry) external {
        CellChallenge storage challenge = _openChallenge(index, cell);
        if (block.timestamp <= challenge.deadline) revert Inbox_ChallengeNotOver(challenge.deadline);
        if (keccak256(abi.encode(entry)) != _entries[index]) revert Inbox_WrongEntry();
        address challenger = challenge.challenger;
        challenge.answered = true;
        EntryState storage state = _entryStates[index];
        Entry memory empty = entry;
        empty.kind = EMPTY;
        state.expired = true;
        state.openChallenges = 0;
        _entries[index] = keccak256(abi.encode(empty));
        emit EntryExpired(index, cell, empty);
        uint256 custodian = DATA_NODES.custodianOf(cell);
        if ((state.dataSigners >> custodian) & 1 == 1) DATA_NODES.slash(custodian, challenger);
        _send(challenger, CHALLENGE_BOND);
    }

    /// @inheritdoc IInbox
    function entryCount() external view returns (uint256) {
        return _entries.length;
    }

    /// @inheritdoc IInbox
    function entryHash(uint256 index) external view returns (bytes32) {
        if (index >= _entries.length) revert Inbox_NoSuchEntry(index);
        return _entries[index];
    }

    /// @inheritdoc IInbox
    function messageCount() external view returns (uint256) {
        return _messages.length;
    }

    /// @inheritdoc IInbox
    function messageHash(uint256 index) external view returns (bytes32) {
        if (index >= _messages.length) revert Inbox_NoSuchMessage(index);
        return _messages[index];
    }

    /// @inheritdoc IInbox
    function messageBlock(uint256 index) external view returns (uint256) {
        if (index >= _messages.length) revert Inbox_NoSuchMessage(index);
        return _messageBlocks[index];
    }

    /// @inheritdoc IInbox
    function consumedMessages() external view returns (uint256) {
        return _consumedMessages;
    }

    /// @inheritdoc IInbox
    function lastOriginNumber() external view returns (uint256) {
        return _lastOriginNumber;
    }

    /// @inheritdoc IInbox
    function lastView() external view returns (uint256) {
        return _lastView;
    }

    /// @inheritdoc IInbox
    function lastAppendedBlock() external view returns (uint256) {
        return _lastAppendedBlock;
    }

    /// @inheritdoc IInbox
    function settledAt(uint256 index) external view returns (uint256) {
        if (index >= _entries.length) revert Inbox_NoSuchEntry(index);
        return _entryStates[index].settledAt;
    }

    /// @inheritdoc IInbox
    function isSettled(uint256 index) external view returns (bool) {
        if (index >= _entries.length) return false;
        for (uint256 i = _settledCount; i <= index; ++i) {
            if (!_isSettledAlone(i)) return false;
        }
        return true;
    }

    /// @inheritdoc IInbox
    function challengeOf(uint256 index, uint256 cell) external view returns (CellChallenge memory) {
        return _challenges[index][cell];
    }

    /// @inheritdoc IInbox
    function challengeBond() external view returns (uint256) {
        return CHALLENGE_BOND;
    }

    /// @inheritdoc IInbox
    function headerHash(BatchHeader calldata header) public pure returns (bytes32) {
        return keccak256(abi.encode(header));
    }

    /// @inheritdoc IInbox
    function committeeDigest(bytes32 hash) public pure returns (bytes32) {
        return keccak256(abi.encode(COMMITTEE_DOMAIN, hash));
    }

    /// @inheritdoc IInbox
    function dataDigest(bytes32 hash) public pure returns (bytes32) {
        return keccak256(abi.encode(DATA_DOMAIN, hash));
    }

    function _encodeDeposit(bytes32 sourceHash, address from, address to, uint64 gasLimit, bytes calldata data)
        private
        view
        returns (bytes memory)
    {
        RLP.Encoder memory fields = RLP.encoder().push(sourceHash).push(from).push(to);
        // Minted and sent on: mint = value. No deposit of a user is a system transaction.
        fields = fields.push(msg.value).push(msg.value).push(uint256(gasLimit)).push(false).push(data);
        return bytes.concat(hex"7e", fields.encode());
    }

    /// Rationale: deposits never skip on L2, so L1 bounds the L2 gas that they can ask for.
    function _meterDepositGas(uint64 gasLimit) private {
        uint64 used = _depositGasBlock == block.number ? _depositGasUsed : 0;
        if (used + gasLimit > DEPOSIT_GAS_PER_BLOCK) revert Inbox_DepositGasExhausted(used + gasLimit, DEPOSIT_GAS_PER_BLOCK);
        _depositGasBlock = uint64(block.number);
        _depositGasUsed = used + gasLimit;
    }

    function _queue(address sender, bytes memory raw) private {
        uint256 index = _messages.length;
        bytes32 hash = keccak256(raw);
        _messages.push(hash);
        _messageBlocks[index] = uint64(block.number);
        emit MessageQueued(index, hash, raw, sender);
    }

    function _checkHeader(BatchHeader calldata header, bytes calldata commitment) private view {
        uint256 count = _entries.length;
        if (header.index != count) revert Inbox_WrongIndex(header.index, count);
        bytes32 parent = _entries[count - 1];
        if (header.parent != parent) revert Inbox_WrongParent(header.parent, parent);
        if (commitment.length != COMMITMENT_LENGTH) revert Inbox_InvalidCommitment();
        bytes32 versionedHash = (sha256(commitment) & ~bytes32(bytes1(0xff))) | bytes32(bytes1(0x01));
        if (header.versionedHash != versionedHash) revert Inbox_WrongVersionedHash(header.versionedHash, versionedHash);
        if (header.payloadLength > PAYLOAD_LENGTH_MAX) {
            revert Inbox_PayloadLengthOutOfRange(header.payloadLength, PAYLOAD_LENGTH_MAX);
        }
        if (header.firstView <= _lastView || header.lastView < header.firstView) {
            revert Inbox_ViewsOutOfRange(header.firstView, header.lastView, uint256(_lastView) + 1);
        }
        uint256 oldest = block.number > FORCE_BLOCKS ? block.number - FORCE_BLOCKS : 0;
        if (oldest < _lastOriginNumber) oldest = _lastOriginNumber;
        if (header.originNumber < oldest || header.originNumber >= block.number) {
            revert Inbox_OriginOutOfRange(header.originNumber, oldest, block.number - 1);
        }
        _checkInboxCount(header.inboxCount, header.originNumber);
    }

    function _checkInboxCount(uint64 inboxCount, uint64 originNumber) private view {
        uint256 queued = _messages.length;
        if (inboxCount < _consumedMessages || inboxCount > queued) {
            revert Inbox_InboxCountOutOfRange(inboxCount, _consumedMessages, queued);
        }
        // Rationale: measured from the origin, which the voters know, and not from the block that happens to include the batch.
        bool isOmitted = inboxCount < queued && _messageBlocks[inboxCount] + MUST_INCLUDE_BLOCKS <= originNumber;
        if (isOmitted) revert Inbox_MessagesOmitted(inboxCount);
    }

    function _checkCertificates(bytes32 hash, Certificate calldata committee, Certificate calldata data) private view {
        SEQUENCERS.verifyCertificate(committeeDigest(hash), committee.signers, committee.signature);
        DATA_NODES.verifyCertificate(dataDigest(hash), data.signers, data.signature);
    }

    /// An entry with the origin's fields, read from a header whose hash L1 confirms.
    function _origin(uint64 number, bytes calldata rlp) private view returns (Entry memory entry) {
        bytes32 hash = keccak256(rlp);
        bytes32 expected = Blockhash.blockHash(number);
        if (hash != expected || hash == 0) revert Inbox_InvalidOriginHeader(hash, expected);
        Memory.Slice[] memory fields = BlockHeader.parseHeader(rlp);
        entry.originNumber = number;
        entry.originHash = hash;
        entry.originTimestamp = uint64(BlockHeader.getTimestamp(fields));
        entry.originBaseFee = BlockHeader.getBaseFeePerGas(fields);
        entry.originPrevrandao = BlockHeader.getPrevRandao(fields);
    }

    function _append(Entry memory entry, BatchHeader memory header, bytes memory commitment, uint256 committeeSigners, uint256 dataSigners)
        private
        returns (uint256 index)
    {
        entry.postedAt = uint64(block.timestamp);
        index = _entries.length;
        _entries.push(keccak256(abi.encode(entry)));
        EntryState storage state = _entryStates[index];
        bool hasData = entry.kind == BATCH;
        state.settledAt = hasData ? entry.postedAt + DATA_WINDOW : entry.postedAt;
        // Rationale: the second half of the window belongs to the answers.
        state.challengeUntil = hasData ? entry.postedAt + DATA_WINDOW / 2 : 0;
        state.dataSigners = uint64(dataSigners);
        _consumedMessages = entry.inboxCount;
        _lastOriginNumber = entry.originNumber;
        _lastAppendedBlock = uint64(block.number);
        emit EntryAppended(index, entry, header, commitment, msg.sender, committeeSigners, dataSigners);
        _advanceSettled();
    }

    function _advanceSettled() private {
        uint64 settled = _settledCount;
        for (uint256 i = 0; i < SETTLE_STEPS_MAX && settled < _entries.length && _isSettledAlone(settled); ++i) ++settled;
        _settledCount = settled;
    }

    function _isSettledAlone(uint256 index) private view returns (bool) {
        EntryState storage state = _entryStates[index];
        return block.timestamp >= state.settledAt && state.openChallenges == 0;
    }

    function _openChallenge(uint256 index, uint256 cell) private view returns (CellChallenge storage challenge) {
        challenge = _challenges[index][cell];
        if (challenge.challenger == address(0) || challenge.answered) revert Inbox_NoOpenChallenge();
    }

    function _send(address to, uint256 amount) private {
        (bool success,) = to.call{ value: amount }("");
        if (!success) revert Inbox_TransferFailed();
    }
}
