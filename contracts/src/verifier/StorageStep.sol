// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Frame, Machine, World} from "./lib/Machine.sol";
import {MerklePatricia} from "./lib/MerklePatricia.sol";
import {Rlp} from "./lib/Rlp.sol";
import {OpcodeBase} from "./lib/StepBase.sol";
import {AccountProof, ScratchProof, Step, Steps} from "./lib/Steps.sol";

/// @title Verifies SLOAD, SSTORE, TLOAD and TSTORE
contract StorageStep is OpcodeBase {
    uint256 private constant SLOAD = 0x54;
    uint256 private constant SSTORE = 0x55;
    uint256 private constant TLOAD = 0x5c;
    uint256 private constant TSTORE = 0x5d;
    bytes32 private constant MARKED = bytes32(uint256(1));

    function execute(Step memory s, uint256 opcode, bytes memory) internal pure override returns (bool) {
        bool done;
        if (opcode == SLOAD) done = load(s);
        else if (opcode == SSTORE) done = store(s);
        else if (opcode == TLOAD) done = loadTransient(s);
        else if (opcode == TSTORE) done = storeTransient(s);
        else revert StepBase_ForeignStep(uint8(s.state.phase), uint8(opcode));
        s.state.frame.pc++;
        return done;
    }

    function load(Step memory s) private pure returns (bool) {
        Frame memory frame = s.state.frame;
        if (!Steps.fitsStack(frame, 1, 1)) return false;
        bytes32 slot = bytes32(Steps.pop(s, 1)[0]);
        if (!Steps.charge(frame, warmSlot(s, slot) ? 100 : 2100)) return false;
        AccountProof memory own = Steps.takeAccount(s, frame.self);
        (, uint256 value) = Steps.takeSlot(s, own.account.storageRoot, slot);
        Steps.push(frame, value);
        return true;
    }

    function store(Step memory s) private pure returns (bool) {
        Frame memory frame = s.state.frame;
        if (!Steps.fitsStack(frame, 2, 0)) return false;
        uint256[] memory v = Steps.pop(s, 2);
        // EIP-2200: the stipend of a call must not suffice to write.
        if (frame.isStatic != 0 || frame.gas <= 2300) return false;
        bytes32 slot = bytes32(v[0]);
        uint256 gas = warmSlot(s, slot) ? 0 : 2100;
        AccountProof memory own = Steps.takeAccount(s, frame.self);
        (MerklePatricia.Walk memory walk, uint256 current) = Steps.takeSlot(s, own.account.storageRoot, slot);
        uint256 original = originalValue(s, slot);
        if (!Steps.charge(frame, gas + costOf(original, current, v[1]))) return false;
        if (v[1] == current) return true;
        refund(s.state.world, original, current, v[1]);
        own.account.storageRoot = MerklePatricia.put(walk, v[1] == 0 ? new bytes(0) : Rlp.encode(v[1]));
        Steps.writeAccount(s, own);
        return true;
    }

    /// The slot's value when the transaction began.
    function originalValue(Step memory s, bytes32 slot) private pure returns (uint256 value) {
        AccountProof memory before = Steps.takeAccount(s, s.state.transaction.committedRoot, s.state.frame.self);
        (, value) = Steps.takeSlot(s, before.account.storageRoot, slot);
    }

    /// EIP-2200 with EIP-2929's prices.
    function costOf(uint256 original, uint256 current, uint256 value) private pure returns (uint256) {
        if (value == current || original != current) return 100;
        return original == 0 ? 20_000 : 2_900;
    }

    /// EIP-3529; the value changes.
    function refund(World memory world, uint256 original, uint256 current, uint256 value) private pure {
        if (original != 0) {
            if (original != current && current == 0) world.refund -= 4_800;
            if (value == 0) world.refund += 4_800;
        }
        if (original != current && original == value) world.refund += original == 0 ? 19_900 : 2_800;
    }

    function loadTransient(Step memory s) private pure returns (bool) {
        Frame memory frame = s.state.frame;
        if (!Steps.fitsStack(frame, 1, 1)) return false;
        bytes32 slot = bytes32(Steps.pop(s, 1)[0]);
        if (!Steps.charge(frame, 100)) return false;
        ScratchProof memory proof = Steps.takeScratch(s, Steps.scratchKey(Machine.SCRATCH_TRANSIENT, frame.self, slot));
        Steps.push(frame, uint256(proof.leaf.value));
        return true;
    }

    function storeTransient(Step memory s) private pure returns (bool) {
        Frame memory frame = s.state.frame;
        if (!Steps.fitsStack(frame, 2, 0)) return false;
        uint256[] memory v = Steps.pop(s, 2);
        if (frame.isStatic != 0 || !Steps.charge(frame, 100)) return false;
        Steps.exchangeScratch(s, Steps.scratchKey(Machine.SCRATCH_TRANSIENT, frame.self, bytes32(v[0])), bytes32(v[1]));
        return true;
    }

    /// Marks a slot of the frame's account as warm; true if it was.
    function warmSlot(Step memory s, bytes32 slot) private pure returns (bool) {
        bytes32 key = Steps.scratchKey(Machine.SCRATCH_WARM_SLOT, s.state.frame.self, slot);
        return Steps.exchangeScratch(s, key, MARKED) != 0;
    }
}
