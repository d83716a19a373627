// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Frame} from "./lib/Machine.sol";
import {MemoryTree} from "./lib/MemoryTree.sol";
import {OpcodeBase} from "./lib/StepBase.sol";
import {Step, Steps} from "./lib/Steps.sol";

/// @title Verifies POP, MSIZE, GAS, PUSH0-32, DUP1-16 and SWAP1-16
contract StackStep is OpcodeBase {
    uint256 private constant POP = 0x50;
    uint256 private constant MSIZE = 0x59;
    uint256 private constant GAS = 0x5a;
    uint256 private constant PUSH0 = 0x5f;
    uint256 private constant PUSH32 = 0x7f;
    uint256 private constant DUP1 = 0x80;
    uint256 private constant SWAP1 = 0x90;
    uint256 private constant SWAP16 = 0x9f;

    function execute(Step memory s, uint256 opcode, bytes memory code) internal pure override returns (bool) {
        Frame memory frame = s.state.frame;
        if (opcode == POP) {
            if (!Steps.fitsStack(frame, 1, 0)) return false;
            Steps.pop(s, 1);
            frame.pc++;
            return Steps.charge(frame, 2);
        }
        if (opcode == MSIZE || opcode == GAS) {
            if (!Steps.fitsStack(frame, 0, 1) || !Steps.charge(frame, 2)) return false;
            Steps.push(frame, opcode == GAS ? frame.gas : frame.memoryWords * 32);
            frame.pc++;
            return true;
        }
        if (opcode >= PUSH0 && opcode <= PUSH32) return pushCode(frame, opcode - PUSH0, code);
        if (opcode >= DUP1 && opcode < SWAP1) return duplicate(s, opcode - DUP1 + 1);
        if (opcode >= SWAP1 && opcode <= SWAP16) return swap(s, opcode - SWAP1 + 1);
        revert StepBase_ForeignStep(uint8(s.state.phase), uint8(opcode));
    }

    /// Bytes behind the end of the code are zero.
    function pushCode(Frame memory frame, uint256 size, bytes memory code) private pure returns (bool) {
        if (!Steps.fitsStack(frame, 0, 1) || !Steps.charge(frame, size == 0 ? 2 : 3)) return false;
        uint256 value = size == 0 ? 0 : uint256(bytes32(MemoryTree.sliceOf(code, frame.pc + 1, 32))) >> (8 * (32 - size));
        Steps.push(frame, value);
        frame.pc += 1 + size;
        return true;
    }

    function duplicate(Step memory s, uint256 n) private pure returns (bool) {
        Frame memory frame = s.state.frame;
        if (!Steps.fitsStack(frame, n, n + 1)) return false;
        uint256[] memory v = Steps.pop(s, n);
        if (!Steps.charge(frame, 3)) return false;
        for (uint256 i = n; i > 0; i--) Steps.push(frame, v[i - 1]);
        Steps.push(frame, v[n - 1]);
        frame.pc++;
        return true;
    }

    function swap(Step memory s, uint256 n) private pure returns (bool) {
        Frame memory frame = s.state.frame;
        if (!Steps.fitsStack(frame, n + 1, n + 1)) return false;
        uint256[] memory v = Steps.pop(s, n + 1);
        if (!Steps.charge(frame, 3)) return false;
        (v[0], v[n]) = (v[n], v[0]);
        for (uint256 i = n + 1; i > 0; i--) Steps.push(frame, v[i - 1]);
        frame.pc++;
        return true;
    }
}
