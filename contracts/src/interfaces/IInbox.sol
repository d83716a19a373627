// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title The rollup's inbox
/// @notice One append-only list of messages (deposits, forced transactions) and one of entries (batches). Derivation and the one-step
/// verifier read nothing else. Formats: docs/specs/BATCH.md. Entry 0 is written at deployment: kind 2, no blocks; L2's genesis state is
/// the state at its end, and the first batch has index 1.
interface IInbox {
    /// @param kind 0 batch, 1 deposit-only, 2 empty (genesis or expired).
    /// @param postedAt L1 time of the appending block, unix seconds.
    struct Entry {
        uint8 kind;
        bytes32 cellsRoot;
        uint64 payloadLength;
        uint64 inboxCount;
        uint64 originNumber;
        bytes32 originHash;
        uint64 originTimestamp;
        uint256 originBaseFee;
        bytes32 originPrevrandao;
        uint64 postedAt;
    }

    /// @param index Index of the entry that the batch becomes.
    /// @param parent `entryHash(index - 1)`.
    /// @param versionedHash 0x01 ‖ sha256(KZG commitment)[1:].
    /// @param inboxCount Number of messages consumed once the batch is executed.
    /// @param firstView, lastView Views of the committee whose blocks the batch holds.
    struct BatchHeader {
        uint64 index;
        bytes32 parent;
        bytes32 versionedHash;
        bytes32 cellsRoot;
        uint64 payloadLength;
        uint64 inboxCount;
        uint64 originNumber;
        uint64 firstView;
        uint64 lastView;
    }

    /// @param signers Bitmap of members.
    /// @param signature Aggregate, G2 in EIP-2537 form (256 bytes).
    struct Certificate {
        uint256 signers;
        bytes signature;
    }

    /// @param challenger Who asked for the cell.
    /// @param deadline Last second at which the cell can be answered.
    struct CellChallenge {
        address challenger;
        uint64 deadline;
        bool answered;
    }

    /// @param raw EIP-2718 bytes; `messageHash` is their keccak256 and what the contract stores.
    /// @param sender `from` of a deposit (aliased if a contract); who queued it, for a forced transaction.
    event MessageQueued(uint256 indexed index, bytes32 messageHash, bytes raw, address indexed sender);
    /// @param header Zero for entries of kind 1 and 2.
    /// @param commitment KZG commitment (48 bytes); empty for kinds 1 and 2.
    /// @param dataSigners Data nodes that attested the batch.
    event EntryAppended(uint256 indexed index, Entry entry, BatchHeader header, bytes commitment, address indexed poster, uint256 committeeSigners, uint256 dataSigners);
    event CellChallenged(uint256 indexed index, uint256 indexed cell, address indexed challenger, uint64 deadline, uint256 bond);
    event CellAnswered(uint256 indexed index, uint256 indexed cell, address indexed answerer, bytes cellBytes);
    /// @param entry The entry as it is now: kind 2.
    event EntryExpired(uint256 indexed index, uint256 indexed cell, Entry entry);

    error Inbox_DataTooLong(uint256 length, uint256 maximum);
    error Inbox_GasLimitOutOfRange(uint256 gasLimit, uint256 minimum, uint256 maximum);
    error Inbox_DepositGasExhausted(uint256 used, uint256 maximum);
    error Inbox_InvalidTransactionType(uint8 first);
    error Inbox_WrongIndex(uint256 index, uint256 expected);
    error Inbox_WrongParent(bytes32 parent, bytes32 expected);
    error Inbox_InvalidCommitment();
    error Inbox_WrongVersionedHash(bytes32 given, bytes32 expected);
    error Inbox_PayloadLengthOutOfRange(uint256 length, uint256 maximum);
    error Inbox_InboxCountOutOfRange(uint256 count, uint256 minimum, uint256 maximum);
    error Inbox_MessagesOmitted(uint256 oldestOmitted);
    error Inbox_OriginOutOfRange(uint256 number, uint256 minimum, uint256 maximum);
    error Inbox_InvalidOriginHeader(bytes32 hash, bytes32 expected);
    error Inbox_ViewsOutOfRange(uint256 firstView, uint256 lastView, uint256 minimum);
    error Inbox_NotForceable();
    error Inbox_NoSuchEntry(uint256 index);
    error Inbox_NoSuchMessage(uint256 index);
    error Inbox_WrongEntry();
    error Inbox_NotChallengeable();
    error Inbox_WrongBond(uint256 given, uint256 required);
    error Inbox_AlreadyChallenged();
    error Inbox_NoOpenChallenge();
    error Inbox_ChallengeNotOver(uint256 deadline);
    error Inbox_ChallengeOver(uint256 deadline);
    error Inbox_InvalidCell();
    error Inbox_TransferFailed();

    /// @notice Queues a deposit that mints `msg.value` to `msg.sender` on L2 (aliased by +0x1111…1111 if it is a contract) and calls `to`
    /// with that value. `to` = 0 is the zero address, never a creation.
    /// @param gasLimit L2 gas of the call: at least 21,000 + 40 per byte of `data`, at most 2²⁴.
    /// @return index Index of the message.
    function deposit(address to, uint64 gasLimit, bytes calldata data) external payable returns (uint256 index);

    /// @notice Queues a user's signed L2 transaction (EIP-2718 bytes, types 0-2 and 4).
    function enqueueTransaction(bytes calldata raw) external returns (uint256 index);

    /// @notice Appends a batch. Anyone may call; the certificates decide.
    /// @param commitment KZG commitment, 48 bytes.
    /// @param originHeader RLP of the header of L1 block `header.originNumber`.
    function postBatch(
        BatchHeader calldata header,
        bytes calldata commitment,
        bytes calldata originHeader,
        Certificate calldata committee,
        Certificate calldata data
    ) external;

    /// @notice Appends a deposit-only entry when the oldest message waited `forceBlocks`, or nothing was appended for `depositOnlyBlocks`.
    /// @param originHeader RLP of the header of the preceding L1 block.
    function forceInclude(bytes calldata originHeader) external;

    /// @notice Demands that a cell of a batch be published. `msg.value` is `challengeBond`. Possible in the first half of the data
    /// challenge window; the answer must come before its end.
    function challengeCell(uint256 index, uint256 cell) external payable;

    /// @notice Publishes a challenged cell and takes the challenger's bond.
    /// @param cellBytes 2,048 bytes.
    /// @param proof The seven siblings of the cell's leaf, from the bottom.
    function answerCell(uint256 index, uint256 cell, bytes calldata cellBytes, bytes32[] calldata proof, Entry calldata entry) external;

    /// @notice Makes an entry empty whose challenged cell was not answered in time; slashes the custodian if it had attested the batch.
    function expire(uint256 index, uint256 cell, Entry calldata entry) external;

    function entryCount() external view returns (uint256);

    /// @notice keccak256(abi.encode(Entry)).
    function entryHash(uint256 index) external view returns (bytes32);

    function messageCount() external view returns (uint256);

    /// @notice keccak256 of the message's EIP-2718 bytes.
    function messageHash(uint256 index) external view returns (bytes32);

    /// @notice L1 block in which the message was queued.
    function messageBlock(uint256 index) external view returns (uint256);

    /// @notice inboxCount of the last entry.
    function consumedMessages() external view returns (uint256);

    /// @notice originNumber of the last entry.
    function lastOriginNumber() external view returns (uint256);

    /// @notice lastView of the last batch.
    function lastView() external view returns (uint256);

    /// @notice L1 block that appended the last entry.
    function lastAppendedBlock() external view returns (uint256);

    /// @notice Time from which the entry can be settled: `postedAt` + data challenge window; `postedAt` for kinds 1 and 2.
    function settledAt(uint256 index) external view returns (uint256);

    /// @notice Whether the entry and all before it can no longer change.
    function isSettled(uint256 index) external view returns (bool);

    function challengeOf(uint256 index, uint256 cell) external view returns (CellChallenge memory);

    function challengeBond() external view returns (uint256);

    /// @notice keccak256(abi.encode(header)).
    function headerHash(BatchHeader calldata header) external pure returns (bytes32);

    /// @notice What committee members sign for a batch.
    function committeeDigest(bytes32 hash) external pure returns (bytes32);

    /// @notice What data nodes sign for a batch.
    function dataDigest(bytes32 hash) external pure returns (bytes32);
}
