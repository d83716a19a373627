// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Frame, Machine, Range} from "./lib/Machine.sol";
import {MemoryTree} from "./lib/MemoryTree.sol";
import {OpcodeBase} from "./lib/StepBase.sol";
import {AccountProof, Step, Steps} from "./lib/Steps.sol";

/// @title Verifies KECCAK256, MLOAD, MSTORE, MSTORE8, MCOPY and the copies of call data, code and return data
contract MemoryStep is OpcodeBase {
    uint256 private constant KECCAK256 = 0x20;
    uint256 private constant CALLDATACOPY = 0x37;
    uint256 private constant CODECOPY = 0x39;
    uint256 private constant EXTCODECOPY = 0x3c;
    uint256 private constant RETURNDATACOPY = 0x3e;
    uint256 private constant MLOAD = 0x51;
    uint256 private constant MSTORE = 0x52;
    uint256 private constant MSTORE8 = 0x53;
    uint256 private constant MCOPY = 0x5e;

    function execute(Step memory s, uint256 opcode, bytes memory code) internal pure override returns (bool) {
        Frame memory frame = s.state.frame;
        bool done;
        if (opcode == KECCAK256) done = hash(s);
        else if (opcode == MLOAD) done = load(s);
        else if (opcode == MSTORE) done = store(s, 32);
        else if (opcode == MSTORE8) done = store(s, 1);
        else if (opcode == MCOPY) done = copyMemory(s);
        else if (opcode == EXTCODECOPY) done = copyExternal(s);
        else if (opcode == CALLDATACOPY || opcode == CODECOPY || opcode == RETURNDATACOPY) done = copy(s, opcode, code);
        else revert StepBase_ForeignStep(uint8(s.state.phase), uint8(opcode));
        frame.pc++;
        return done;
    }

    function hash(Step memory s) private pure returns (bool) {
        Frame memory frame = s.state.frame;
        if (!Steps.fitsStack(frame, 2, 1)) return false;
        uint256[] memory v = Steps.pop(s, 2);
        (bool fits, uint256 words) = wordsFor(frame.memoryWords, v[0], v[1]);
        if (!fits || !chargeExpanding(frame, 30 + 6 * ((v[1] + 31) / 32), words)) return false;
        Steps.push(frame, uint256(keccak256(MemoryTree.read(s, v[0], v[1]))));
        return true;
    }

    function load(Step memory s) private pure returns (bool) {
        Frame memory frame = s.state.frame;
        if (!Steps.fitsStack(frame, 1, 1)) return false;
        uint256[] memory v = Steps.pop(s, 1);
        (bool fits, uint256 words) = wordsFor(frame.memoryWords, v[0], 32);
        if (!fits || !chargeExpanding(frame, 3, words)) return false;
        Steps.push(frame, uint256(bytes32(MemoryTree.read(s, v[0], 32))));
        return true;
    }

    function store(Step memory s, uint256 size) private pure returns (bool) {
        Frame memory frame = s.state.frame;
        if (!Steps.fitsStack(frame, 2, 0)) return false;
        uint256[] memory v = Steps.pop(s, 2);
        (bool fits, uint256 words) = wordsFor(frame.memoryWords, v[0], size);
        if (!fits || !chargeExpanding(frame, 3, words)) return false;
        MemoryTree.write(s, v[0], size == 32 ? abi.encode(v[1]) : abi.encodePacked(uint8(v[1])));
        return true;
    }

    /// Both ranges are proven under the old root.
    function copyMemory(Step memory s) private pure returns (bool) {
        Frame memory frame = s.state.frame;
        if (!Steps.fitsStack(frame, 3, 0)) return false;
        uint256[] memory v = Steps.pop(s, 3);
        (bool fits, uint256 words) = wordsFor(frame.memoryWords, v[0], v[2]);
        if (!fits) return false;
        (fits, words) = wordsFor(words, v[1], v[2]);
        if (!fits || !chargeExpanding(frame, 3 + 3 * ((v[2] + 31) / 32), words)) return false;
        MemoryTree.write(s, v[0], MemoryTree.read(s, v[1], v[2]));
        return true;
    }

    function copy(Step memory s, uint256 opcode, bytes memory code) private pure returns (bool) {
        Frame memory frame = s.state.frame;
        if (!Steps.fitsStack(frame, 3, 0)) return false;
        uint256[] memory v = Steps.pop(s, 3);
        if (opcode == RETURNDATACOPY && (v[1] > frame.returnLength || v[2] > frame.returnLength - v[1])) return false;
        (bool fits, uint256 words) = wordsFor(frame.memoryWords, v[0], v[2]);
        if (!fits || !chargeExpanding(frame, 3 + 3 * ((v[2] + 31) / 32), words)) return false;
        if (v[2] == 0) return true;
        bytes memory source = code;
        if (opcode == CALLDATACOPY) source = Steps.takeBlob(s, frame.inputHash);
        else if (opcode == RETURNDATACOPY) source = Steps.takeBlob(s, frame.returnHash);
        MemoryTree.write(s, v[0], MemoryTree.sliceOf(source, v[1], v[2]));
        return true;
    }

    function copyExternal(Step memory s) private pure returns (bool) {
        Frame memory frame = s.state.frame;
        if (!Steps.fitsStack(frame, 4, 0)) return false;
        uint256[] memory v = Steps.pop(s, 4);
        (bool fits, uint256 words) = wordsFor(frame.memoryWords, v[1], v[3]);
        if (!fits || !chargeExpanding(frame, 3 * ((v[3] + 31) / 32), words)) return false;
        uint256 account = uint160(v[0]);
        if (!Steps.charge(frame, Steps.warm(s, account) ? 100 : 2600)) return false;
        if (v[3] == 0) return true;
        AccountProof memory proof = Steps.takeAccount(s, account);
        bytes memory source = Steps.takeCode(s, proof.account.codeHash);
        MemoryTree.write(s, v[1], MemoryTree.sliceOf(source, v[2], v[3]));
        return true;
    }
}
