// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Frame, Machine, Range} from "./Machine.sol";
import {RangeMerkle} from "./RangeMerkle.sol";
import {Step, Steps} from "./Steps.sol";

/// @title Bytes of the EVM's memory behind its Merkle root
library MemoryTree {
    /// @notice Proves the words that hold bytes [offset, offset + length) of a memory; length is above 0.
    function open(Step memory s, bytes32 root, uint256 offset, uint256 length) internal pure returns (Range memory) {
        uint256 first = offset / 32;
        uint256 last = (offset + length - 1) / 32;
        return Steps.takeRange(s, root, Machine.MEMORY_DEPTH, first, last - first + 1);
    }

    /// @notice Bytes [offset, offset + length) of the frame's memory; takes nothing if there are none.
    function read(Step memory s, uint256 offset, uint256 length) internal pure returns (bytes memory data) {
        data = new bytes(length);
        if (length == 0) return data;
        bytes32[] memory leaves = open(s, s.state.frame.memoryRoot, offset, length).leaves;
        assembly {
            mcopy(add(data, 32), add(add(leaves, 32), mod(offset, 32)), length)
        }
    }

    /// @notice Writes bytes at `offset` into the frame's memory; takes nothing if there are none.
    function write(Step memory s, uint256 offset, bytes memory data) internal pure {
        if (data.length == 0) return;
        Frame memory frame = s.state.frame;
        Range memory range = open(s, frame.memoryRoot, offset, data.length);
        frame.memoryRoot = rootAfter(range, offset, data);
    }

    /// @notice Root of the memory after `data` overwrites what stands at `offset` of an opened range.
    function rootAfter(Range memory range, uint256 offset, bytes memory data) internal pure returns (bytes32) {
        bytes32[] memory leaves = range.leaves;
        assembly {
            mcopy(add(add(leaves, 32), mod(offset, 32)), add(data, 32), mload(data))
        }
        return RangeMerkle.fold(leaves, offset / 32, Machine.MEMORY_DEPTH, range.siblings);
    }

    /// @notice Bytes [offset, offset + length) of `source`, with zeros behind its end.
    function sliceOf(bytes memory source, uint256 offset, uint256 length) internal pure returns (bytes memory data) {
        data = new bytes(length);
        if (offset >= source.length) return data;
        uint256 available = source.length - offset;
        if (available > length) available = length;
        assembly {
            mcopy(add(data, 32), add(add(source, 32), offset), available)
        }
    }
}
