// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Account} from "./lib/AccountCodec.sol";
import {Frame, Machine, Range, State, Tx} from "./lib/Machine.sol";
import {MemoryTree} from "./lib/MemoryTree.sol";
import {MerklePatricia} from "./lib/MerklePatricia.sol";
import {StepBase} from "./lib/StepBase.sol";
import {AccountProof, Step, Steps} from "./lib/Steps.sol";

/// @title Verifies how a frame starts, and how it ends: returned, reverted or halted
contract FrameStep is StepBase {
    uint256 private constant CODE_BYTE_GAS = 200;
    bytes32 private constant MARKED = bytes32(uint256(1));

    /// EIP-170, or as much as the chain's genesis allows.
    uint256 private immutable CODE_SIZE_MAX;

    constructor(uint256 codeSizeMax) {
        CODE_SIZE_MAX = codeSizeMax;
    }

    function run(Step memory s) internal view override {
        uint256 phase = s.state.phase;
        if (phase == Machine.FRAME_START) start(s);
        else if (phase == Machine.RETURN) succeed(s);
        else if (phase == Machine.REVERT) revertFrame(s);
        else if (phase == Machine.HALT) halt(s);
        else revert StepBase_ForeignStep(uint8(phase), 0);
    }

    function start(Step memory s) private pure {
        Frame memory frame = s.state.frame;
        frame.revertWorldHash = Machine.hashOf(s.state.world);
        if (frame.kind == Machine.KIND_CREATE) {
            if (!createAccount(s)) {
                s.state.phase = Machine.HALT;
                return;
            }
            debitCaller(s);
        } else if (frame.kind == Machine.KIND_CALL && frame.caller != frame.self) {
            Steps.credit(s, frame.self, frame.value);
            debitCaller(s);
        }
        bool isPrecompile = frame.kind != Machine.KIND_CREATE && Machine.isPrecompile(frame.codeAddress);
        s.state.phase = isPrecompile ? Machine.PRECOMPILE : Machine.EXEC;
    }

    /// False on a collision (EIP-684, EIP-7610).
    function createAccount(Step memory s) private pure returns (bool) {
        Frame memory frame = s.state.frame;
        AccountProof memory proof = Steps.takeAccount(s, frame.self);
        Account memory account = proof.account;
        if (account.nonce != 0 || account.codeHash != Machine.EMPTY_HASH) return false;
        if (account.storageRoot != MerklePatricia.EMPTY_ROOT) return false;
        account.nonce = 1;
        unchecked {
            account.balance += frame.value;
        }
        Steps.writeAccount(s, proof);
        Steps.exchangeScratch(s, Steps.scratchKey(Machine.SCRATCH_CREATED, frame.self, 0), MARKED);
        return true;
    }

    /// The caller's balance was checked when the frame was made.
    function debitCaller(Step memory s) private pure {
        Frame memory frame = s.state.frame;
        if (frame.value == 0) return;
        AccountProof memory proof = Steps.takeAccount(s, frame.caller);
        proof.account.balance -= frame.value;
        Steps.writeAccount(s, proof);
    }

    function succeed(Step memory s) private view {
        Frame memory frame = s.state.frame;
        if (frame.kind != Machine.KIND_CREATE) {
            if (frame.depth == 0) endTop(s, 1, frame.gas);
            else resume(s, frame.gas, 1, frame.returnHash, frame.returnLength);
            return;
        }
        if (!deploy(s)) {
            s.state.phase = Machine.HALT;
            return;
        }
        uint256 gas = frame.gas - CODE_BYTE_GAS * frame.returnLength;
        if (frame.depth == 0) endTop(s, 1, gas);
        else resume(s, gas, frame.self, Machine.EMPTY_HASH, 0);
    }

    /// False if the code is too long, too dear, or begins with 0xEF (EIP-3541).
    function deploy(Step memory s) private view returns (bool) {
        Frame memory frame = s.state.frame;
        uint256 size = frame.returnLength;
        if (size > CODE_SIZE_MAX || frame.gas < CODE_BYTE_GAS * size) return false;
        if (size == 0) return true;
        bytes memory code = Steps.takeBlob(s, frame.returnHash);
        if (code[0] == 0xef) return false;
        AccountProof memory proof = Steps.takeAccount(s, frame.self);
        proof.account.codeHash = frame.returnHash;
        Steps.writeAccount(s, proof);
        return true;
    }

    function revertFrame(Step memory s) private pure {
        Frame memory frame = s.state.frame;
        s.state.world = Steps.takeWorld(s, frame.revertWorldHash);
        if (frame.depth == 0) endTop(s, 0, frame.gas);
        else resume(s, frame.gas, 0, frame.returnHash, frame.returnLength);
    }

    function halt(Step memory s) private pure {
        Frame memory frame = s.state.frame;
        s.state.world = Steps.takeWorld(s, frame.revertWorldHash);
        if (frame.depth == 0) endTop(s, 0, 0);
        else resume(s, 0, 0, Machine.EMPTY_HASH, 0);
    }

    /// The transaction's own frame ends.
    function endTop(Step memory s, uint256 status, uint256 gasLeft) private pure {
        State memory state = s.state;
        Frame memory none;
        state.frame = none;
        if (state.transaction.kind == Machine.TX_SYSTEM) {
            Tx memory nothing;
            state.transaction = nothing;
            state.world = Machine.cleanWorld(state.world.stateRoot);
            state.phase = Machine.SYSTEM;
            return;
        }
        state.transaction.status = status;
        state.transaction.gasLeft = gasLeft;
        state.phase = Machine.TX_END;
    }

    /// The parent goes on, with what is left of the child's gas, the result on its stack and the child's return data.
    function resume(Step memory s, uint256 gas, uint256 result, bytes32 returnHash, uint256 returnLength) private pure {
        Frame memory child = s.state.frame;
        Frame memory parent = Steps.takeFrame(s, child.parentFrameHash);
        s.state.frame = parent;
        s.state.phase = Machine.EXEC;
        parent.gas += gas;
        Steps.push(parent, result);
        parent.returnHash = returnHash;
        parent.returnLength = returnLength;
        uint256 size = child.outLength < returnLength ? child.outLength : returnLength;
        if (size == 0) return;
        bytes memory output = Steps.takeBlob(s, returnHash);
        MemoryTree.write(s, child.outOffset, MemoryTree.sliceOf(output, 0, size));
    }
}
