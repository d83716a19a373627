// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {RangeMerkle} from "./RangeMerkle.sol";
import {Step, Steps} from "./Steps.sol";

/// @title Reads bytes of a batch's payload out of cells opened against `cellsRoot` (docs/specs/BATCH.md)
library PayloadCells {
    error PayloadCells_WrongCell();
    error PayloadCells_OutOfRange();

    uint256 internal constant CELL_SIZE = 2048;
    uint256 internal constant BODY_SIZE = 1984;
    uint256 internal constant PAYLOAD_MAX = 64 * BODY_SIZE;
    uint256 private constant TREE_DEPTH = 7;
    uint256 private constant ELEMENTS_PER_CELL = 64;

    /// @notice Payload bytes [from, to), from < to. Takes the cells that hold them, and one range without leaves.
    function read(Step memory s, bytes32 cellsRoot, uint256 from, uint256 to) internal pure returns (bytes memory result) {
        if (from >= to || to > PAYLOAD_MAX) revert PayloadCells_OutOfRange();
        uint256 first = from / BODY_SIZE;
        uint256 count = (to - 1) / BODY_SIZE - first + 1;
        bytes memory bodies = new bytes(count * BODY_SIZE);
        bytes32[] memory hashes = new bytes32[](count);
        for (uint256 i = 0; i < count; i++) {
            bytes memory cell = Steps.takeBlob(s);
            if (cell.length != CELL_SIZE) revert PayloadCells_WrongCell();
            hashes[i] = keccak256(cell);
            copyBody(cell, bodies, i * BODY_SIZE);
        }
        bytes32[] memory siblings = Steps.takeRangeSiblings(s);
        if (RangeMerkle.fold(hashes, first, TREE_DEPTH, siblings) != cellsRoot) revert PayloadCells_WrongCell();
        result = new bytes(to - from);
        uint256 start = from - first * BODY_SIZE;
        assembly {
            mcopy(add(result, 32), add(add(bodies, 32), start), mload(result))
        }
    }

    /// @notice Payload bytes [from, from + size), size ≤ 32, out of the cells that come next, as an integer. Nothing is taken or
    /// verified: the caller reads the same bytes with `read`.
    function peek(Step memory s, uint256 from, uint256 size) internal pure returns (uint256 value) {
        bytes[] memory blobs = s.parts.blobs;
        uint256 first = from / BODY_SIZE;
        for (uint256 i = from; i < from + size; i++) {
            uint256 index = s.blobsTaken + i / BODY_SIZE - first;
            uint256 inBody = i % BODY_SIZE;
            value = (value << 8) | uint8(blobs[index][32 * (inBody / 31) + 1 + (inBody % 31)]);
        }
    }

    /// Each field element holds 31 bytes of payload after its top byte, which readers ignore.
    function copyBody(bytes memory cell, bytes memory target, uint256 offset) private pure {
        assembly {
            let to := add(add(target, 32), offset)
            let from := add(cell, 33)
            for { let i := 0 } lt(i, ELEMENTS_PER_CELL) { i := add(i, 1) } {
                mcopy(to, from, 31)
                to := add(to, 31)
                from := add(from, 32)
            }
        }
    }
}
