// SPDX-License-Identifier: MIT
// solc: runs=1000000
pragma solidity ^0.8.37;

import {JumpTarget} from "./lib/JumpTarget.sol";
import {Frame, Machine} from "./lib/Machine.sol";
import {MemoryTree} from "./lib/MemoryTree.sol";
import {OpcodeBase} from "./lib/StepBase.sol";
import {Step, Steps} from "./lib/Steps.sol";

/// @title Verifies STOP, JUMP, JUMPI, PC, JUMPDEST, RETURN, REVERT, and that INVALID and every undefined opcode halt
contract FlowStep is OpcodeBase {
    uint256 private constant STOP = 0x00;
    uint256 private constant JUMP = 0x56;
    uint256 private constant JUMPI = 0x57;
    uint256 private constant PC = 0x58;
    uint256 private constant JUMPDEST = 0x5b;
    uint256 private constant RETURN = 0xf3;
    uint256 private constant REVERT = 0xfd;

    function execute(Step memory s, uint256 opcode, bytes memory code) internal pure override returns (bool) {
        Frame memory frame = s.state.frame;
        if (opcode == STOP) {
            s.state.phase = Machine.RETURN;
            frame.returnHash = Machine.EMPTY_HASH;
            frame.returnLength = 0;
            return true;
        }
        if (opcode == JUMP) return jump(s, 1, 8, code);
        if (opcode == JUMPI) return jump(s, 2, 10, code);
        if (opcode == PC) {
            if (!Steps.fitsStack(frame, 0, 1) || !Steps.charge(frame, 2)) return false;
            Steps.push(frame, frame.pc++);
            return true;
        }
        if (opcode == JUMPDEST) {
            frame.pc++;
            return Steps.charge(frame, 1);
        }
        if (opcode == RETURN || opcode == REVERT) return end(s, opcode == RETURN ? Machine.RETURN : Machine.REVERT);
        if (isDefined(opcode)) revert StepBase_ForeignStep(uint8(s.state.phase), uint8(opcode));
        return false;
    }

    function jump(Step memory s, uint256 pops, uint256 gas, bytes memory code) private pure returns (bool) {
        Frame memory frame = s.state.frame;
        if (!Steps.fitsStack(frame, pops, 0)) return false;
        uint256[] memory v = Steps.pop(s, pops);
        if (!Steps.charge(frame, gas)) return false;
        if (pops == 2 && v[1] == 0) {
            frame.pc++;
            return true;
        }
        if (!JumpTarget.isValid(code, v[0])) return false;
        frame.pc = v[0];
        return true;
    }

    function end(Step memory s, uint256 phase) private pure returns (bool) {
        Frame memory frame = s.state.frame;
        if (!Steps.fitsStack(frame, 2, 0)) return false;
        uint256[] memory v = Steps.pop(s, 2);
        (bool fits, uint256 words) = wordsFor(frame.memoryWords, v[0], v[1]);
        if (!fits || !chargeExpanding(frame, 0, words)) return false;
        frame.returnHash = keccak256(MemoryTree.read(s, v[0], v[1]));
        frame.returnLength = v[1];
        s.state.phase = phase;
        return true;
    }

    /// Whether another member of the family verifies the opcode; INVALID (0xfe) counts as undefined.
    function isDefined(uint256 opcode) private pure returns (bool) {
        if (opcode <= 0x0b) return true;
        if (opcode >= 0x10 && opcode <= 0x1e) return true;
        if (opcode == 0x20) return true;
        if (opcode >= 0x30 && opcode <= 0x4a) return true;
        if (opcode >= 0x50 && opcode <= 0xa4) return true;
        if (opcode >= 0xf0 && opcode <= 0xf5) return true;
        return opcode == 0xfa || opcode == 0xfd || opcode == 0xff;
    }
}
