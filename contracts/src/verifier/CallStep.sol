// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Account, AccountCodec} from "./lib/AccountCodec.sol";
import {Callee} from "./lib/Callee.sol";
import {Frame, Machine} from "./lib/Machine.sol";
import {MemoryTree} from "./lib/MemoryTree.sol";
import {OpcodeBase} from "./lib/StepBase.sol";
import {Step, Steps} from "./lib/Steps.sol";

/// @title Verifies CALL, CALLCODE, DELEGATECALL and STATICCALL up to the start of the callee's frame
contract CallStep is OpcodeBase {
    uint256 private constant DEPTH_MAX = 1024;
    uint256 private constant STIPEND = 2_300;

    struct Request {
        uint256 kind;
        uint256 gas;
        uint256 to;
        /// What moves; 0 for DELEGATECALL and STATICCALL.
        uint256 value;
        uint256 inputOffset;
        uint256 inputLength;
        uint256 outputOffset;
        uint256 outputLength;
        bytes32 codeHash;
    }

    function execute(Step memory s, uint256 opcode, bytes memory) internal pure override returns (bool) {
        Frame memory frame = s.state.frame;
        uint256 kind = kindOf(opcode);
        if (kind == 0) revert StepBase_ForeignStep(uint8(s.state.phase), uint8(opcode));
        uint256 pops = kind <= Machine.KIND_CALLCODE ? 7 : 6;
        if (!Steps.fitsStack(frame, pops, 1)) return false;
        Request memory r = toRequest(kind, Steps.pop(s, pops));
        if (frame.isStatic != 0 && kind == Machine.KIND_CALL && r.value != 0) return false;
        (bool fits, uint256 words) = wordsFor(frame.memoryWords, r.inputOffset, r.inputLength);
        if (!fits) return false;
        (fits, words) = wordsFor(words, r.outputOffset, r.outputLength);
        if (!fits || !chargeExpanding(frame, 0, words)) return false;
        (uint256 cost, uint256 balance) = price(s, r);
        if (!Steps.charge(frame, cost)) return false;
        uint256 available = frame.gas - frame.gas / 64;
        if (r.gas > available) r.gas = available;
        frame.gas -= r.gas;
        if (r.value != 0) r.gas += STIPEND;
        frame.pc++;
        if (frame.depth == DEPTH_MAX || balance < r.value) {
            frame.gas += r.gas;
            frame.returnHash = Machine.EMPTY_HASH;
            frame.returnLength = 0;
            Steps.push(frame, 0);
        } else {
            enter(s, r);
        }
        return true;
    }

    function kindOf(uint256 opcode) private pure returns (uint256) {
        if (opcode == 0xf1) return Machine.KIND_CALL;
        if (opcode == 0xf2) return Machine.KIND_CALLCODE;
        if (opcode == 0xf4) return Machine.KIND_DELEGATECALL;
        if (opcode == 0xfa) return Machine.KIND_STATICCALL;
        return 0;
    }

    function toRequest(uint256 kind, uint256[] memory v) private pure returns (Request memory r) {
        uint256 next = v.length - 4;
        r.kind = kind;
        r.gas = v[0];
        r.to = uint160(v[1]);
        if (next == 3) r.value = v[2];
        r.inputOffset = v[next];
        r.inputLength = v[next + 1];
        // An empty output stands nowhere.
        r.outputLength = v[next + 3];
        if (r.outputLength != 0) r.outputOffset = v[next + 2];
    }

    /// Access, delegation, new account and value; finds the code that runs, and the caller's balance if value moves.
    function price(Step memory s, Request memory r) private pure returns (uint256 cost, uint256 balance) {
        cost = Steps.warm(s, r.to) ? 100 : 2_600;
        Account memory own;
        uint256 delegationGas;
        (r.codeHash, own, delegationGas) = Callee.resolve(s, r.to);
        cost += delegationGas;
        if (r.value == 0) return (cost, 0);
        cost += 9_000;
        if (r.kind == Machine.KIND_CALL) {
            if (Machine.isPrecompile(r.to)) own = Steps.takeAccount(s, r.to).account;
            if (AccountCodec.isEmpty(own)) cost += 25_000;
        }
        balance = Steps.takeAccount(s, s.state.frame.self).account.balance;
    }

    function enter(Step memory s, Request memory r) private pure {
        Frame memory parent = s.state.frame;
        Frame memory child;
        child.inputHash = keccak256(MemoryTree.read(s, r.inputOffset, r.inputLength));
        child.inputLength = r.inputLength;
        bool isDelegate = r.kind == Machine.KIND_DELEGATECALL;
        child.depth = parent.depth + 1;
        child.kind = r.kind;
        child.isStatic = r.kind == Machine.KIND_STATICCALL ? 1 : parent.isStatic;
        child.self = isDelegate || r.kind == Machine.KIND_CALLCODE ? parent.self : r.to;
        child.codeAddress = r.to;
        child.caller = isDelegate ? parent.caller : parent.self;
        child.value = isDelegate ? parent.value : r.value;
        child.codeHash = r.codeHash;
        child.gas = r.gas;
        child.memoryRoot = Machine.EMPTY_MEMORY;
        child.returnHash = Machine.EMPTY_HASH;
        child.outOffset = r.outputOffset;
        child.outLength = r.outputLength;
        child.parentFrameHash = Machine.hashOf(parent);
        s.state.frame = child;
        s.state.phase = Machine.FRAME_START;
    }
}
