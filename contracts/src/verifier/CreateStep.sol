// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {AccountCodec} from "./lib/AccountCodec.sol";
import {Callee} from "./lib/Callee.sol";
import {Frame, Machine, World} from "./lib/Machine.sol";
import {MemoryTree} from "./lib/MemoryTree.sol";
import {OpcodeBase} from "./lib/StepBase.sol";
import {AccountProof, ScratchProof, Step, Steps} from "./lib/Steps.sol";

/// @title Verifies CREATE, CREATE2 and SELFDESTRUCT
contract CreateStep is OpcodeBase {
    uint256 private constant CREATE = 0xf0;
    uint256 private constant CREATE2 = 0xf5;
    uint256 private constant SELFDESTRUCT = 0xff;
    uint256 private constant DEPTH_MAX = 1024;

    /// EIP-3860, or as much as the chain's genesis allows.
    uint256 private immutable INITCODE_SIZE_MAX;

    constructor(uint256 initcodeSizeMax) {
        INITCODE_SIZE_MAX = initcodeSizeMax;
    }

    function execute(Step memory s, uint256 opcode, bytes memory) internal view override returns (bool) {
        if (opcode == CREATE || opcode == CREATE2) return create(s, opcode == CREATE2);
        if (opcode == SELFDESTRUCT) return destroy(s);
        revert StepBase_ForeignStep(uint8(s.state.phase), uint8(opcode));
    }

    function create(Step memory s, bool hasSalt) private view returns (bool) {
        Frame memory frame = s.state.frame;
        uint256 pops = hasSalt ? 4 : 3;
        if (!Steps.fitsStack(frame, pops, 1)) return false;
        uint256[] memory v = Steps.pop(s, pops);
        if (frame.isStatic != 0 || v[2] > INITCODE_SIZE_MAX) return false;
        (bool fits, uint256 words) = wordsFor(frame.memoryWords, v[1], v[2]);
        uint256 gas = 32_000 + (hasSalt ? 8 : 2) * ((v[2] + 31) / 32);
        if (!fits || !chargeExpanding(frame, gas, words)) return false;
        frame.returnHash = Machine.EMPTY_HASH;
        frame.returnLength = 0;
        frame.pc++;
        AccountProof memory own = Steps.takeAccount(s, frame.self);
        uint256 nonce = own.account.nonce;
        if (frame.depth == DEPTH_MAX || own.account.balance < v[0] || nonce == type(uint64).max) {
            Steps.push(frame, 0);
            return true;
        }
        own.account.nonce++;
        Steps.writeAccount(s, own);
        bytes32 initcodeHash = keccak256(MemoryTree.read(s, v[1], v[2]));
        uint256 created = hasSalt
            ? uint160(uint256(keccak256(abi.encodePacked(hex"ff", address(uint160(frame.self)), v[3], initcodeHash))))
            : Callee.createAddress(frame.self, nonce);
        Steps.warm(s, created);
        enter(s, created, v[0], initcodeHash);
        return true;
    }

    function enter(Step memory s, uint256 created, uint256 value, bytes32 initcodeHash) private pure {
        Frame memory parent = s.state.frame;
        Frame memory child;
        child.gas = parent.gas - parent.gas / 64;
        parent.gas -= child.gas;
        child.depth = parent.depth + 1;
        child.kind = Machine.KIND_CREATE;
        child.self = created;
        child.codeAddress = created;
        child.caller = parent.self;
        child.value = value;
        child.codeHash = initcodeHash;
        child.inputHash = Machine.EMPTY_HASH;
        child.memoryRoot = Machine.EMPTY_MEMORY;
        child.returnHash = Machine.EMPTY_HASH;
        child.parentFrameHash = Machine.hashOf(parent);
        s.state.frame = child;
        s.state.phase = Machine.FRAME_START;
    }

    function destroy(Step memory s) private pure returns (bool) {
        Frame memory frame = s.state.frame;
        if (!Steps.fitsStack(frame, 1, 0)) return false;
        uint256 heir = uint160(Steps.pop(s, 1)[0]);
        if (frame.isStatic != 0 || !Steps.charge(frame, 5_000)) return false;
        uint256 gas = Steps.warm(s, heir) ? 0 : 2_600;
        AccountProof memory own = Steps.takeAccount(s, frame.self);
        uint256 balance = own.account.balance;
        AccountProof memory other;
        if (balance != 0) {
            other = Steps.takeAccount(s, heir);
            if (AccountCodec.isEmpty(other.account)) gas += 25_000;
        }
        if (!Steps.charge(frame, gas)) return false;
        ScratchProof memory mark = Steps.takeScratch(s, Steps.scratchKey(Machine.SCRATCH_CREATED, frame.self, 0));
        bool isNew = mark.leaf.value == bytes32(uint256(1));
        if (balance != 0) {
            if (heir != frame.self) {
                unchecked {
                    other.account.balance += balance;
                }
                Steps.writeAccount(s, other);
                clearBalance(s, Steps.takeAccount(s, frame.self));
            } else if (isNew) {
                clearBalance(s, own);
            }
        }
        World memory world = s.state.world;
        if (isNew) world.destructHash = keccak256(abi.encode(world.destructHash, frame.self));
        frame.returnHash = Machine.EMPTY_HASH;
        frame.returnLength = 0;
        s.state.phase = Machine.RETURN;
        return true;
    }

    function clearBalance(Step memory s, AccountProof memory proof) private pure {
        proof.account.balance = 0;
        Steps.writeAccount(s, proof);
    }
}
