// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

// The records of docs/specs/MACHINE.md, section 1: words only, so that a record in memory is its own encoding.

struct Block {
    uint256 chainId;
    uint256 coinbase;
    uint256 gasLimit;
    uint256 batchIndex;
    bytes32 entryHash;
    uint256 cursor;
    uint256 blockIndex;
    uint256 inboxCount;
    uint256 inboxTarget;
    uint256 transactionsLeft;
    uint256 systemStage;
    uint256 number;
    uint256 timestamp;
    bytes32 prevrandao;
    uint256 baseFee;
    bytes32 parentHash;
    bytes32 ringRoot;
    uint256 gasUsed;
    uint256 transactionCount;
    bytes32 transactionsHash;
    bytes32 receiptsHash;
    bytes32 bloomHash;
}

struct Tx {
    bytes32 hash;
    uint256 source;
    uint256 kind;
    uint256 origin;
    uint256 to;
    uint256 isCreate;
    uint256 gasPrice;
    uint256 gasLimit;
    uint256 gas;
    uint256 floorGas;
    uint256 value;
    bytes32 dataHash;
    uint256 dataLength;
    bytes32 accessHash;
    bytes32 authorizationHash;
    bytes32 committedRoot;
    uint256 status;
    uint256 gasLeft;
    uint256 gasUsed;
}

struct World {
    bytes32 stateRoot;
    bytes32 scratchRoot;
    uint256 refund;
    bytes32 logHash;
    bytes32 bloomHash;
    bytes32 destructHash;
}

struct Frame {
    uint256 depth;
    uint256 kind;
    uint256 isStatic;
    uint256 self;
    uint256 codeAddress;
    uint256 caller;
    uint256 value;
    bytes32 codeHash;
    bytes32 inputHash;
    uint256 inputLength;
    uint256 gas;
    uint256 pc;
    bytes32 stackHash;
    uint256 stackLength;
    bytes32 memoryRoot;
    uint256 memoryWords;
    bytes32 returnHash;
    uint256 returnLength;
    uint256 outOffset;
    uint256 outLength;
    bytes32 parentFrameHash;
    bytes32 revertWorldHash;
}

struct State {
    uint256 phase;
    Block block_;
    Tx transaction;
    World world;
    Frame frame;
}

struct Range {
    bytes32[] leaves;
    bytes32[] siblings;
}

struct Scratch {
    bytes32 value;
    uint256 bitmap;
    bytes32[] siblings;
}

struct Parts {
    bytes[] blobs;
    bytes32[] words;
    Range[] ranges;
    Scratch[] scratch;
    bytes[][] trie;
}

/// @title Constants and hashes of the machine (docs/specs/MACHINE.md, section 1)
library Machine {
    error Machine_WrongRecord();

    uint256 internal constant BATCH_OPEN = 0;
    uint256 internal constant BLOCK_START = 1;
    uint256 internal constant TX_NEXT = 2;
    uint256 internal constant BLOCK_END = 3;
    uint256 internal constant SYSTEM = 4;
    uint256 internal constant TX_START = 5;
    uint256 internal constant ACCESS = 6;
    uint256 internal constant AUTHORIZE = 7;
    uint256 internal constant TX_CALL = 8;
    uint256 internal constant FRAME_START = 9;
    uint256 internal constant EXEC = 10;
    uint256 internal constant PRECOMPILE = 11;
    uint256 internal constant RETURN = 12;
    uint256 internal constant REVERT = 13;
    uint256 internal constant HALT = 14;
    uint256 internal constant TX_END = 15;
    uint256 internal constant DESTRUCT = 16;
    uint256 internal constant TX_CLOSE = 17;
    uint256 internal constant CHEAT = 18;

    uint256 internal constant KIND_CALL = 1;
    uint256 internal constant KIND_CALLCODE = 2;
    uint256 internal constant KIND_DELEGATECALL = 3;
    uint256 internal constant KIND_STATICCALL = 4;
    uint256 internal constant KIND_CREATE = 5;

    uint256 internal constant SOURCE_INBOX = 1;
    uint256 internal constant SOURCE_PAYLOAD = 2;
    uint256 internal constant SOURCE_SYSTEM = 3;
    uint256 internal constant TX_CHEAT = 0x7d;
    uint256 internal constant TX_DEPOSIT = 0x7e;
    uint256 internal constant TX_SYSTEM = 0xff;

    uint256 internal constant CHEAT_SET_BALANCE = 1;
    uint256 internal constant CHEAT_ADD_BALANCE = 2;
    uint256 internal constant CHEAT_SET_NONCE = 3;
    uint256 internal constant CHEAT_SET_CODE = 4;
    uint256 internal constant CHEAT_SET_STORAGE = 5;
    uint256 internal constant CHEAT_SEND = 6;

    uint256 internal constant SCRATCH_WARM_ADDRESS = 1;
    uint256 internal constant SCRATCH_WARM_SLOT = 2;
    uint256 internal constant SCRATCH_TRANSIENT = 3;
    uint256 internal constant SCRATCH_CREATED = 4;

    bytes32 private constant TAG_STATE = keccak256("trex.machine.state.1");
    bytes32 private constant TAG_BLOCK = keccak256("trex.machine.block.1");
    bytes32 private constant TAG_TX = keccak256("trex.machine.tx.1");
    bytes32 private constant TAG_WORLD = keccak256("trex.machine.world.1");
    bytes32 private constant TAG_FRAME = keccak256("trex.machine.frame.1");

    uint256 internal constant BLOCK_WORDS = 22;
    uint256 internal constant TX_WORDS = 19;
    uint256 internal constant WORLD_WORDS = 6;
    uint256 internal constant FRAME_WORDS = 22;

    bytes32 internal constant EMPTY_HASH = 0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470;
    /// keccak256 of 256 zero bytes.
    bytes32 internal constant ZERO_BLOOM_HASH = 0xd397b3b043d87fcd6fad1291ff0bfd16401c274896d8c63a923727f077b8e0b5;
    /// Root of an empty memory: 17 levels over zero words.
    bytes32 internal constant EMPTY_MEMORY = 0xe1d3b5c807b281e4683cc6d6315cf95b9ade8641defcb32372f1c126e398ef7a;
    uint256 internal constant MEMORY_DEPTH = 17;
    uint256 internal constant RING_DEPTH = 8;

    function hashOf(State memory s) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(TAG_STATE, s.phase, hashOf(s.block_), hashOf(s.transaction), hashOf(s.world), hashOf(s.frame))
        );
    }

    function hashOf(Block memory b) internal pure returns (bytes32) {
        uint256 pointer;
        assembly {
            pointer := b
        }
        return hashWords(TAG_BLOCK, pointer, BLOCK_WORDS);
    }

    function hashOf(Tx memory t) internal pure returns (bytes32) {
        uint256 pointer;
        assembly {
            pointer := t
        }
        return hashWords(TAG_TX, pointer, TX_WORDS);
    }

    function hashOf(World memory w) internal pure returns (bytes32) {
        uint256 pointer;
        assembly {
            pointer := w
        }
        return hashWords(TAG_WORLD, pointer, WORLD_WORDS);
    }

    function hashOf(Frame memory f) internal pure returns (bytes32) {
        uint256 pointer;
        assembly {
            pointer := f
        }
        return hashWords(TAG_FRAME, pointer, FRAME_WORDS);
    }

    /// @notice A World from its words, checked against its hash.
    function toWorld(bytes memory words, bytes32 expected) internal pure returns (World memory w) {
        if (words.length != 32 * WORLD_WORDS) revert Machine_WrongRecord();
        assembly {
            mcopy(w, add(words, 32), mul(32, WORLD_WORDS))
        }
        if (hashOf(w) != expected) revert Machine_WrongRecord();
    }

    /// @notice A Frame from its words, checked against its hash.
    function toFrame(bytes memory words, bytes32 expected) internal pure returns (Frame memory f) {
        if (words.length != 32 * FRAME_WORDS) revert Machine_WrongRecord();
        assembly {
            mcopy(f, add(words, 32), mul(32, FRAME_WORDS))
        }
        if (hashOf(f) != expected) revert Machine_WrongRecord();
    }

    /// @notice The World in which a transaction starts.
    function cleanWorld(bytes32 stateRoot) internal pure returns (World memory w) {
        w.stateRoot = stateRoot;
        w.bloomHash = ZERO_BLOOM_HASH;
    }

    function copy(World memory w) internal pure returns (World memory result) {
        assembly {
            mcopy(result, w, mul(32, WORLD_WORDS))
        }
    }

    function copy(Frame memory f) internal pure returns (Frame memory result) {
        assembly {
            mcopy(result, f, mul(32, FRAME_WORDS))
        }
    }

    /// @notice 1 to 0x11 and 0x100.
    function isPrecompile(uint256 a) internal pure returns (bool) {
        return (a >= 1 && a <= 0x11) || a == 0x100;
    }

    /// @notice keccak256(left ‖ right) without allocating.
    function pair(bytes32 left, bytes32 right) internal pure returns (bytes32 result) {
        assembly {
            mstore(0, left)
            mstore(32, right)
            result := keccak256(0, 64)
        }
    }

    function hashWords(bytes32 tag, uint256 pointer, uint256 count) private pure returns (bytes32 result) {
        assembly {
            let free := mload(0x40)
            mstore(free, tag)
            mcopy(add(free, 32), pointer, mul(32, count))
            result := keccak256(free, add(32, mul(32, count)))
        }
    }
}
