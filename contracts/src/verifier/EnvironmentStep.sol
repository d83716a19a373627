// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {AccountCodec} from "./lib/AccountCodec.sol";
import {Block, Frame, Machine, State} from "./lib/Machine.sol";
import {MemoryTree} from "./lib/MemoryTree.sol";
import {OpcodeBase} from "./lib/StepBase.sol";
import {AccountProof, Step, Steps} from "./lib/Steps.sol";

/// @title Verifies the opcodes that read the frame, the transaction, the block and other accounts
contract EnvironmentStep is OpcodeBase {
    uint256 private constant BALANCE = 0x31;
    uint256 private constant CALLDATALOAD = 0x35;
    uint256 private constant EXTCODESIZE = 0x3b;
    uint256 private constant EXTCODEHASH = 0x3f;
    uint256 private constant BLOCKHASH = 0x40;
    uint256 private constant SELFBALANCE = 0x47;
    uint256 private constant BLOBHASH = 0x49;

    function execute(Step memory s, uint256 opcode, bytes memory code) internal pure override returns (bool) {
        bool done;
        if (opcode == BALANCE || opcode == EXTCODESIZE || opcode == EXTCODEHASH) done = readAccount(s, opcode);
        else if (opcode == CALLDATALOAD) done = loadInput(s);
        else if (opcode == BLOCKHASH) done = readBlockHash(s);
        else if (opcode == BLOBHASH) done = readBlobHash(s);
        else if (opcode == SELFBALANCE) done = readOwnBalance(s);
        else done = readField(s, opcode, code);
        s.state.frame.pc++;
        return done;
    }

    function readField(Step memory s, uint256 opcode, bytes memory code) private pure returns (bool) {
        Frame memory frame = s.state.frame;
        uint256 value = opcode < 0x40 ? frameField(s, opcode, code) : blockField(s, opcode);
        if (!Steps.fitsStack(frame, 0, 1) || !Steps.charge(frame, 2)) return false;
        Steps.push(frame, value);
        return true;
    }

    function frameField(Step memory s, uint256 opcode, bytes memory code) private pure returns (uint256) {
        Frame memory frame = s.state.frame;
        if (opcode == 0x30) return frame.self;
        if (opcode == 0x32) return s.state.transaction.origin;
        if (opcode == 0x33) return frame.caller;
        if (opcode == 0x34) return frame.value;
        if (opcode == 0x36) return frame.inputLength;
        if (opcode == 0x38) return code.length;
        if (opcode == 0x3a) return s.state.transaction.gasPrice;
        if (opcode == 0x3d) return frame.returnLength;
        revert StepBase_ForeignStep(uint8(s.state.phase), uint8(opcode));
    }

    function blockField(Step memory s, uint256 opcode) private pure returns (uint256) {
        Block memory b = s.state.block_;
        if (opcode == 0x41) return b.coinbase;
        if (opcode == 0x42) return b.timestamp;
        if (opcode == 0x43) return b.number;
        if (opcode == 0x44) return uint256(b.prevrandao);
        if (opcode == 0x45) return b.gasLimit;
        if (opcode == 0x46) return b.chainId;
        if (opcode == 0x48) return b.baseFee;
        // BLOBBASEFEE: L2 has no blobs.
        if (opcode == 0x4a) return 1;
        revert StepBase_ForeignStep(uint8(s.state.phase), uint8(opcode));
    }

    function readAccount(Step memory s, uint256 opcode) private pure returns (bool) {
        Frame memory frame = s.state.frame;
        if (!Steps.fitsStack(frame, 1, 1)) return false;
        uint256 account = uint160(Steps.pop(s, 1)[0]);
        if (!Steps.charge(frame, Steps.warm(s, account) ? 100 : 2600)) return false;
        AccountProof memory proof = Steps.takeAccount(s, account);
        uint256 value;
        if (opcode == BALANCE) value = proof.account.balance;
        else if (opcode == EXTCODESIZE) value = Steps.takeCode(s, proof.account.codeHash).length;
        else value = AccountCodec.isEmpty(proof.account) ? 0 : uint256(proof.account.codeHash);
        Steps.push(frame, value);
        return true;
    }

    function loadInput(Step memory s) private pure returns (bool) {
        Frame memory frame = s.state.frame;
        if (!Steps.fitsStack(frame, 1, 1)) return false;
        uint256 offset = Steps.pop(s, 1)[0];
        if (!Steps.charge(frame, 3)) return false;
        bytes memory input = Steps.takeBlob(s, frame.inputHash);
        Steps.push(frame, uint256(bytes32(MemoryTree.sliceOf(input, offset, 32))));
        return true;
    }

    function readBlockHash(Step memory s) private pure returns (bool) {
        Frame memory frame = s.state.frame;
        if (!Steps.fitsStack(frame, 1, 1)) return false;
        uint256 number = Steps.pop(s, 1)[0];
        if (!Steps.charge(frame, 20)) return false;
        Block memory b = s.state.block_;
        uint256 value = 0;
        if (number < b.number && b.number - number <= 256) {
            value = uint256(Steps.takeRange(s, b.ringRoot, Machine.RING_DEPTH, number % 256, 1).leaves[0]);
        }
        Steps.push(frame, value);
        return true;
    }

    function readBlobHash(Step memory s) private pure returns (bool) {
        Frame memory frame = s.state.frame;
        if (!Steps.fitsStack(frame, 1, 1)) return false;
        Steps.pop(s, 1);
        if (!Steps.charge(frame, 3)) return false;
        Steps.push(frame, 0);
        return true;
    }

    function readOwnBalance(Step memory s) private pure returns (bool) {
        Frame memory frame = s.state.frame;
        if (!Steps.fitsStack(frame, 0, 1) || !Steps.charge(frame, 5)) return false;
        Steps.push(frame, Steps.takeAccount(s, frame.self).account.balance);
        return true;
    }
}
