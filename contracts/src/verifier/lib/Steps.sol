// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IOneStepVerifier} from "../../interfaces/IOneStepVerifier.sol";
import {Account, AccountCodec} from "./AccountCodec.sol";
import {Frame, Machine, Parts, Range, Scratch, State, World} from "./Machine.sol";
import {MerklePatricia} from "./MerklePatricia.sol";
import {RangeMerkle} from "./RangeMerkle.sol";
import {Rlp} from "./Rlp.sol";
import {SparseMerkle} from "./SparseMerkle.sol";

/// One step under verification: the state that rules edit, and the witness's queues with how far each is read.
struct Step {
    State state;
    Parts parts;
    IOneStepVerifier.Context context;
    uint256 blobsTaken;
    uint256 wordsTaken;
    uint256 rangesTaken;
    uint256 scratchTaken;
    uint256 trieTaken;
}

/// An account with the proof that it was read with, so that it can be written.
struct AccountProof {
    MerklePatricia.Walk walk;
    Account account;
}

/// A leaf of the scratch tree with its proof.
struct ScratchProof {
    bytes32 key;
    Scratch leaf;
}

/// @title What rules take from a witness (docs/specs/MACHINE.md, section 3)
library Steps {
    error Steps_WitnessTooShort();
    error Steps_WrongBlob();
    error Steps_WrongStack();
    error Steps_WrongRange();

    uint256 private constant STACK_MAX = 1024;

    // Blobs

    function takeBlob(Step memory step) internal pure returns (bytes memory) {
        if (step.blobsTaken == step.parts.blobs.length) revert Steps_WitnessTooShort();
        return step.parts.blobs[step.blobsTaken++];
    }

    function takeBlob(Step memory step, bytes32 expected) internal pure returns (bytes memory blob) {
        blob = takeBlob(step);
        if (keccak256(blob) != expected) revert Steps_WrongBlob();
    }

    function takeCode(Step memory step, bytes32 codeHash) internal pure returns (bytes memory) {
        return codeHash == Machine.EMPTY_HASH ? new bytes(0) : takeBlob(step, codeHash);
    }

    function takeFrame(Step memory step, bytes32 expected) internal pure returns (Frame memory) {
        return Machine.toFrame(takeBlob(step), expected);
    }

    function takeWorld(Step memory step, bytes32 expected) internal pure returns (World memory) {
        return Machine.toWorld(takeBlob(step), expected);
    }

    // Stack

    function takeWord(Step memory step) internal pure returns (bytes32) {
        if (step.wordsTaken == step.parts.words.length) revert Steps_WitnessTooShort();
        return step.parts.words[step.wordsTaken++];
    }

    /// @notice Pops `count` words, top first. The caller has checked the stack's length.
    function pop(Step memory step, uint256 count) internal pure returns (uint256[] memory values) {
        values = new uint256[](count);
        if (count == 0) return values;
        for (uint256 i = 0; i < count; i++) values[i] = uint256(takeWord(step));
        bytes32 below = takeWord(step);
        bytes32 top = below;
        for (uint256 i = count; i > 0; i--) top = Machine.pair(top, bytes32(values[i - 1]));
        Frame memory frame = step.state.frame;
        if (top != frame.stackHash) revert Steps_WrongStack();
        frame.stackHash = below;
        frame.stackLength -= count;
    }

    function push(Frame memory frame, uint256 value) internal pure {
        frame.stackHash = Machine.pair(frame.stackHash, bytes32(value));
        frame.stackLength++;
    }

    /// @notice Whether an opcode that pops and pushes so many words fits the stack.
    function fitsStack(Frame memory frame, uint256 pops, uint256 pushes) internal pure returns (bool) {
        return frame.stackLength >= pops && frame.stackLength - pops + pushes <= STACK_MAX;
    }

    /// @notice Charges gas; false if there is too little, and then nothing is charged.
    function charge(Frame memory frame, uint256 gas) internal pure returns (bool) {
        if (frame.gas < gas) return false;
        frame.gas -= gas;
        return true;
    }

    // Trees

    /// @notice The leaves [first, first + count) of a tree.
    function takeRange(Step memory step, bytes32 root, uint256 depth, uint256 first, uint256 count)
        internal
        pure
        returns (Range memory range)
    {
        if (step.rangesTaken == step.parts.ranges.length) revert Steps_WitnessTooShort();
        range = step.parts.ranges[step.rangesTaken++];
        if (range.leaves.length != count) revert Steps_WrongRange();
        if (RangeMerkle.fold(range.leaves, first, depth, range.siblings) != root) revert Steps_WrongRange();
    }

    /// @notice The siblings of a range whose leaves the caller computes; its own list of leaves must be empty.
    function takeRangeSiblings(Step memory step) internal pure returns (bytes32[] memory) {
        if (step.rangesTaken == step.parts.ranges.length) revert Steps_WitnessTooShort();
        Range memory range = step.parts.ranges[step.rangesTaken++];
        if (range.leaves.length != 0) revert Steps_WrongRange();
        return range.siblings;
    }

    function scratchKey(uint256 kind, uint256 account, bytes32 slot) internal pure returns (bytes32) {
        return keccak256(abi.encode(kind, account, slot));
    }

    function takeScratch(Step memory step, bytes32 key) internal pure returns (ScratchProof memory proof) {
        if (step.scratchTaken == step.parts.scratch.length) revert Steps_WitnessTooShort();
        proof.key = key;
        proof.leaf = step.parts.scratch[step.scratchTaken++];
        Scratch memory leaf = proof.leaf;
        SparseMerkle.check(step.state.world.scratchRoot, key, leaf.value, leaf.bitmap, leaf.siblings);
    }

    /// @notice Reads a leaf and sets it; returns what stood there.
    function exchangeScratch(Step memory step, bytes32 key, bytes32 value) internal pure returns (bytes32 old) {
        if (step.scratchTaken == step.parts.scratch.length) revert Steps_WitnessTooShort();
        Scratch memory leaf = step.parts.scratch[step.scratchTaken++];
        World memory world = step.state.world;
        old = leaf.value;
        world.scratchRoot = SparseMerkle.replace(world.scratchRoot, key, old, value, leaf.bitmap, leaf.siblings);
    }

    /// @notice Marks an address as warm; true if it was.
    function warm(Step memory step, uint256 account) internal pure returns (bool) {
        State memory s = step.state;
        if (Machine.isPrecompile(account) || account == s.block_.coinbase) return true;
        if (account == s.transaction.origin || account == s.transaction.to) return true;
        return exchangeScratch(step, scratchKey(Machine.SCRATCH_WARM_ADDRESS, account, 0), bytes32(uint256(1))) != 0;
    }

    // State trie

    function takeWalk(Step memory step, bytes32 root, bytes32 key) internal pure returns (MerklePatricia.Walk memory) {
        if (step.trieTaken == step.parts.trie.length) revert Steps_WitnessTooShort();
        return MerklePatricia.walk(root, key, step.parts.trie[step.trieTaken++]);
    }

    function takeAccount(Step memory step, bytes32 root, uint256 account) internal pure returns (AccountProof memory proof) {
        proof.walk = takeWalk(step, root, keccak256(abi.encodePacked(address(uint160(account)))));
        proof.account = AccountCodec.decode(MerklePatricia.valueOf(proof.walk));
    }

    /// @notice An account under the current state root.
    function takeAccount(Step memory step, uint256 account) internal pure returns (AccountProof memory) {
        return takeAccount(step, step.state.world.stateRoot, account);
    }

    /// @notice Writes an account back with the proof that it was read with; an empty one (EIP-161) is deleted.
    function writeAccount(Step memory step, AccountProof memory proof) internal pure {
        proof.account.exists = !AccountCodec.isEmpty(proof.account);
        step.state.world.stateRoot = MerklePatricia.put(proof.walk, AccountCodec.encode(proof.account));
    }

    /// @notice EIP-7702: the address that 23 bytes of code, 0xef0100 ‖ address, delegate to.
    function delegateOf(bytes memory code) internal pure returns (bool isDelegation, uint256 target) {
        if (code.length != 23 || bytes3(code) != 0xef0100) return (false, 0);
        assembly {
            target := shr(96, mload(add(code, 35)))
        }
        return (true, target);
    }

    /// @notice Adds wei to an account; takes nothing if there is nothing to add.
    function credit(Step memory step, uint256 account, uint256 amount) internal pure {
        if (amount == 0) return;
        AccountProof memory proof = takeAccount(step, account);
        unchecked {
            // Modulo 2^256, so that the rule is total; no chain holds so much wei.
            proof.account.balance += amount;
        }
        writeAccount(step, proof);
    }

    function takeSlot(Step memory step, bytes32 storageRoot, bytes32 slot)
        internal
        pure
        returns (MerklePatricia.Walk memory walk, uint256 value)
    {
        walk = takeWalk(step, storageRoot, keccak256(abi.encodePacked(slot)));
        bytes memory item = MerklePatricia.valueOf(walk);
        if (item.length > 0) value = Rlp.toUint(Rlp.sliceOf(item));
    }
}
