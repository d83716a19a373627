// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Frame, World} from "./lib/Machine.sol";
import {MemoryTree} from "./lib/MemoryTree.sol";
import {OpcodeBase} from "./lib/StepBase.sol";
import {Step, Steps} from "./lib/Steps.sol";

/// @title Verifies LOG0 to LOG4
contract LogStep is OpcodeBase {
    error LogStep_WrongBloom();

    uint256 private constant LOG0 = 0xa0;
    uint256 private constant LOG4 = 0xa4;
    uint256 private constant BLOOM_SIZE = 256;

    function execute(Step memory s, uint256 opcode, bytes memory) internal pure override returns (bool) {
        if (opcode < LOG0 || opcode > LOG4) revert StepBase_ForeignStep(uint8(s.state.phase), uint8(opcode));
        Frame memory frame = s.state.frame;
        uint256 topics = opcode - LOG0;
        if (!Steps.fitsStack(frame, 2 + topics, 0)) return false;
        uint256[] memory v = Steps.pop(s, 2 + topics);
        if (frame.isStatic != 0) return false;
        (bool fits, uint256 words) = wordsFor(frame.memoryWords, v[0], v[1]);
        if (!fits || !chargeExpanding(frame, 375 + 375 * topics + 8 * v[1], words)) return false;
        addLog(s, v, keccak256(MemoryTree.read(s, v[0], v[1])));
        frame.pc++;
        return true;
    }

    /// @param v offset, length, then the topics
    function addLog(Step memory s, uint256[] memory v, bytes32 dataHash) private pure {
        World memory world = s.state.world;
        uint256 self = s.state.frame.self;
        bytes memory bloom = Steps.takeBlob(s, world.bloomHash);
        if (bloom.length != BLOOM_SIZE) revert LogStep_WrongBloom();
        // logHash, address, topic count, four topics, data hash
        uint256[8] memory words;
        words[0] = uint256(world.logHash);
        words[1] = self;
        words[2] = v.length - 2;
        addToBloom(bloom, keccak256(abi.encodePacked(address(uint160(self)))));
        for (uint256 i = 2; i < v.length; i++) {
            words[i + 1] = v[i];
            addToBloom(bloom, keccak256(abi.encodePacked(v[i])));
        }
        words[7] = uint256(dataHash);
        world.logHash = keccak256(abi.encode(words));
        world.bloomHash = keccak256(bloom);
    }

    /// Yellow Paper's M3:2048: three bits, each named by the low 11 bits of a pair of the hash's first six bytes.
    function addToBloom(bytes memory bloom, bytes32 hash) private pure {
        for (uint256 shift = 240; shift >= 208; shift -= 16) {
            uint256 bit = (uint256(hash) >> shift) & 2047;
            uint256 index = BLOOM_SIZE - 1 - bit / 8;
            bloom[index] = bytes1(uint8(bloom[index]) | uint8(1 << (bit % 8)));
        }
    }
}
