// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IInbox} from "../interfaces/IInbox.sol";
import {Block, Machine, Range, Tx, World} from "./lib/Machine.sol";
import {MerklePatricia} from "./lib/MerklePatricia.sol";
import {PayloadCells} from "./lib/PayloadCells.sol";
import {RangeMerkle} from "./lib/RangeMerkle.sol";
import {Rlp} from "./lib/Rlp.sol";
import {StepBase} from "./lib/StepBase.sol";
import {Step, Steps} from "./lib/Steps.sol";

/// @title Verifies the steps that open batches and blocks, choose transactions and close blocks
contract BlockStep is StepBase {
    uint256 private constant HEADER_SIZE = 18;
    uint256 private constant TRANSACTION_SIZE_MAX = 65_536;
    uint256 private constant TIMESTAMP_DRIFT = 3_600;
    uint256 private constant SYSTEM_GAS = 1_000_000;
    uint256 private constant SYSTEM_ADDRESS = 0x00fffffffffffffffffffffffffffffffffffffffe;
    /// EIP-2935, EIP-4788 and the L1Block predeploy.
    uint256 private constant HISTORY = 0x000000F90827F1C53a10cb7A02335B175320002935;
    uint256 private constant BEACON_ROOTS = 0x00000F3df6D732807Ef1319fB7B8bB8522d0Beac02;
    uint256 private constant L1_BLOCK = 0x004200000000000000000000000000000000000015;
    bytes32 private constant EMPTY_OMMERS = 0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347;
    /// sha256 of no bytes.
    bytes32 private constant EMPTY_REQUESTS = 0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855;

    /// What a block's header in the payload, or a deposit-only entry, states.
    struct Stated {
        bool exists;
        uint256 timestamp;
        uint256 inboxCount;
        uint256 transactions;
    }

    function run(Step memory s) internal view override {
        uint256 phase = s.state.phase;
        if (phase == Machine.BATCH_OPEN) openBatch(s);
        else if (phase == Machine.BLOCK_START) startBlock(s);
        else if (phase == Machine.SYSTEM) startSystemCall(s);
        else if (phase == Machine.TX_NEXT) chooseTransaction(s);
        else if (phase == Machine.BLOCK_END) endBlock(s);
        else revert StepBase_ForeignStep(uint8(phase), 0);
    }

    function openBatch(Step memory s) private view {
        Block memory b = s.state.block_;
        bytes32 hash = IInbox(s.context.inbox).entryHash(b.batchIndex);
        IInbox.Entry memory e = abi.decode(Steps.takeBlob(s, hash), (IInbox.Entry));
        if (e.kind > 1) {
            b.batchIndex++;
            return;
        }
        b.entryHash = hash;
        b.cursor = 0;
        b.blockIndex = 0;
        s.state.phase = Machine.BLOCK_START;
    }

    function startBlock(Step memory s) private pure {
        Block memory b = s.state.block_;
        IInbox.Entry memory e = takeEntry(s);
        Stated memory stated =
            e.kind == 1 ? Stated(b.blockIndex == 0, e.originTimestamp, e.inboxCount, 0) : readHeader(s, e);
        if (!stated.exists) {
            b.batchIndex++;
            b.entryHash = 0;
            b.cursor = 0;
            b.blockIndex = 0;
            s.state.phase = Machine.BATCH_OPEN;
            return;
        }
        b.baseFee = nextBaseFee(b.baseFee, b.gasUsed, b.gasLimit / 2);
        uint256 target = min(max(b.inboxCount, stated.inboxCount), e.inboxCount);
        b.inboxTarget = max(target, b.inboxCount);
        b.timestamp = max(b.timestamp, min(stated.timestamp, uint256(e.originTimestamp) + TIMESTAMP_DRIFT));
        b.number++;
        b.prevrandao = e.originPrevrandao;
        b.transactionsLeft = stated.transactions;
        b.gasUsed = 0;
        clearBlock(b);
        b.systemStage = 0;
        s.state.phase = Machine.SYSTEM;
    }

    function readHeader(Step memory s, IInbox.Entry memory e)
        private
        pure
        returns (Stated memory stated)
    {
        Block memory b = s.state.block_;
        uint256 length = min(e.payloadLength, PayloadCells.PAYLOAD_MAX);
        uint256 from = b.cursor;
        // The payload's first byte is its version.
        uint256 header = max(from, 1);
        uint256 end = min(length, header + HEADER_SIZE);
        bytes memory payload;
        if (end > from) payload = PayloadCells.read(s, e.cellsRoot, from, end);
        if (length < header + HEADER_SIZE || (from == 0 && payload[0] != 0x01)) return stated;
        b.cursor = header + HEADER_SIZE;
        uint256 word;
        uint256 skip = header - from;
        assembly {
            word := mload(add(add(payload, 32), skip))
        }
        return Stated(true, word >> 192, uint64(word >> 128), uint16(word >> 112));
    }

    /// EIP-1559 with elasticity 2 and denominator 8.
    function nextBaseFee(uint256 baseFee, uint256 used, uint256 target) private pure returns (uint256) {
        if (used > target) return baseFee + max(1, baseFee * (used - target) / target / 8);
        return baseFee - baseFee * (target - used) / target / 8;
    }

    function startSystemCall(Step memory s) private pure {
        Block memory b = s.state.block_;
        // L1Block is set once for a batch, which has one L1 origin.
        if (b.systemStage == 3 || (b.systemStage == 2 && b.blockIndex > 0)) {
            b.systemStage = 0;
            s.state.phase = Machine.TX_NEXT;
            return;
        }
        IInbox.Entry memory e = takeEntry(s);
        Tx memory t;
        bytes memory data;
        if (b.systemStage == 0) {
            (t.to, data) = (HISTORY, abi.encode(b.parentHash));
        } else if (b.systemStage == 1) {
            (t.to, data) = (BEACON_ROOTS, abi.encode(e.originHash));
        } else {
            (t.to, data) = (L1_BLOCK, l1BlockCall(e));
        }
        t.source = Machine.SOURCE_SYSTEM;
        t.kind = Machine.TX_SYSTEM;
        t.origin = SYSTEM_ADDRESS;
        t.gasLimit = SYSTEM_GAS;
        t.gas = SYSTEM_GAS;
        t.dataHash = keccak256(data);
        t.dataLength = data.length;
        t.committedRoot = s.state.world.stateRoot;
        s.state.transaction = t;
        b.systemStage++;
        s.state.phase = Machine.TX_CALL;
    }

    function l1BlockCall(IInbox.Entry memory e) private pure returns (bytes memory) {
        return abi.encodeWithSignature(
            "setL1Block(uint64,uint64,uint256,bytes32,bytes32)",
            e.originNumber,
            e.originTimestamp,
            e.originBaseFee,
            e.originHash,
            e.originPrevrandao
        );
    }

    function chooseTransaction(Step memory s) private view {
        Block memory b = s.state.block_;
        if (b.inboxCount < b.inboxTarget) {
            startTransaction(s, IInbox(s.context.inbox).messageHash(b.inboxCount), Machine.SOURCE_INBOX);
            b.inboxCount++;
        } else if (b.transactionsLeft > 0) {
            loadTransaction(s);
        } else {
            s.state.phase = Machine.BLOCK_END;
        }
    }

    function loadTransaction(Step memory s) private pure {
        Block memory b = s.state.block_;
        IInbox.Entry memory e = takeEntry(s);
        uint256 length = min(e.payloadLength, PayloadCells.PAYLOAD_MAX);
        // The cells of a whole transaction are taken, so its stated size decides how many there are.
        (bool isComplete, bytes memory raw) = readTransaction(s, e.cellsRoot, b.cursor, length);
        if (!isComplete) {
            b.transactionsLeft = 0;
            b.cursor = length;
            s.state.phase = Machine.BLOCK_END;
            return;
        }
        startTransaction(s, keccak256(raw), Machine.SOURCE_PAYLOAD);
        b.cursor += 3 + raw.length;
        b.transactionsLeft--;
    }

    function readTransaction(Step memory s, bytes32 cellsRoot, uint256 cursor, uint256 length)
        private
        pure
        returns (bool, bytes memory raw)
    {
        if (length < cursor + 3) return (false, raw);
        uint256 size = PayloadCells.peek(s, cursor, 3);
        bool isComplete = size > 0 && size <= TRANSACTION_SIZE_MAX && cursor + 3 + size <= length;
        raw = PayloadCells.read(s, cellsRoot, cursor, cursor + 3 + (isComplete ? size : 0));
        if (!isComplete) return (false, raw);
        return (true, withoutPrefix(raw));
    }

    /// The bytes behind the three of the length.
    function withoutPrefix(bytes memory data) private pure returns (bytes memory raw) {
        raw = new bytes(data.length - 3);
        assembly {
            mcopy(add(raw, 32), add(data, 35), mload(raw))
        }
    }

    function startTransaction(Step memory s, bytes32 hash, uint256 source) private pure {
        Tx memory t;
        t.hash = hash;
        t.source = source;
        s.state.transaction = t;
        s.state.phase = Machine.TX_START;
    }

    function endBlock(Step memory s) private pure {
        Block memory b = s.state.block_;
        IInbox.Entry memory e = takeEntry(s);
        bytes memory bloom = Steps.takeBlob(s, b.bloomHash);
        bytes32 hash = keccak256(Rlp.encodeList(bytes.concat(headerHead(s, bloom), headerTail(b, e))));
        Range memory range = Steps.takeRange(s, b.ringRoot, Machine.RING_DEPTH, b.number % 256, 1);
        range.leaves[0] = hash;
        b.ringRoot = RangeMerkle.fold(range.leaves, b.number % 256, Machine.RING_DEPTH, range.siblings);
        b.parentHash = hash;
        b.blockIndex++;
        b.inboxTarget = 0;
        b.transactionsLeft = 0;
        clearBlock(b);
        s.state.phase = Machine.BLOCK_START;
    }

    /// RLP items of an Osaka header from parentHash to logsBloom.
    function headerHead(Step memory s, bytes memory bloom) private pure returns (bytes memory) {
        Block memory b = s.state.block_;
        bytes memory roots = bytes.concat(
            Rlp.encode(s.state.world.stateRoot), Rlp.encode(b.transactionsHash), Rlp.encode(b.receiptsHash)
        );
        bytes memory coinbase = Rlp.encode(address(uint160(b.coinbase)));
        return bytes.concat(Rlp.encode(b.parentHash), Rlp.encode(EMPTY_OMMERS), coinbase, roots, Rlp.encode(bloom));
    }

    /// RLP items of an Osaka header from difficulty to requestsHash.
    function headerTail(Block memory b, IInbox.Entry memory e) private pure returns (bytes memory) {
        bytes memory numbers = bytes.concat(
            Rlp.encode(uint256(0)),
            Rlp.encode(b.number),
            Rlp.encode(b.gasLimit),
            Rlp.encode(b.gasUsed),
            Rlp.encode(b.timestamp)
        );
        // Empty extraData, prevrandao, and the eight zero bytes of a nonce.
        bytes memory middle =
            bytes.concat(Rlp.EMPTY_STRING, Rlp.encode(b.prevrandao), hex"880000000000000000", Rlp.encode(b.baseFee));
        // No withdrawals, no blob gas used or in excess.
        bytes memory end = bytes.concat(
            Rlp.encode(MerklePatricia.EMPTY_ROOT),
            Rlp.EMPTY_STRING,
            Rlp.EMPTY_STRING,
            Rlp.encode(e.originHash),
            Rlp.encode(EMPTY_REQUESTS)
        );
        return bytes.concat(numbers, middle, end);
    }

    function clearBlock(Block memory b) private pure {
        b.transactionCount = 0;
        b.transactionsHash = 0;
        b.receiptsHash = 0;
        b.bloomHash = Machine.ZERO_BLOOM_HASH;
    }

    function takeEntry(Step memory s) private pure returns (IInbox.Entry memory) {
        return abi.decode(Steps.takeBlob(s, s.state.block_.entryHash), (IInbox.Entry));
    }

    function min(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }

    function max(uint256 a, uint256 b) private pure returns (uint256) {
        return a > b ? a : b;
    }
}
