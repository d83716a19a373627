// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// A cell of a batch's blob with its way up to `cellsRoot` (docs/specs/BATCH.md).
struct CellOpening {
    /// 2,048 bytes.
    bytes cell;
    /// Seven siblings, from the leaf upwards.
    bytes32[] siblings;
}

/// @title Reads bytes of a batch's payload out of cells opened against `cellsRoot`
library PayloadCells {
    error PayloadCells_WrongCell();
    error PayloadCells_OutOfRange();

    uint256 internal constant CELL_SIZE = 2048;
    uint256 internal constant BODY_SIZE = 1984;
    uint256 internal constant PAYLOAD_MAX = 64 * BODY_SIZE;
    uint256 private constant TREE_DEPTH = 7;
    uint256 private constant ELEMENTS_PER_CELL = 64;

    /// @notice Payload bytes [offset, offset + size). `openings` are exactly the cells that hold them, in order.
    function read(bytes32 cellsRoot, uint256 offset, uint256 size, CellOpening[] memory openings)
        internal
        pure
        returns (bytes memory result)
    {
        if (size > PAYLOAD_MAX || offset > PAYLOAD_MAX - size) revert PayloadCells_OutOfRange();
        if (size == 0) {
            if (openings.length != 0) revert PayloadCells_WrongCell();
            return new bytes(0);
        }
        uint256 first = offset / BODY_SIZE;
        uint256 count = (offset + size - 1) / BODY_SIZE - first + 1;
        if (openings.length != count) revert PayloadCells_WrongCell();
        bytes memory bodies = new bytes(count * BODY_SIZE);
        for (uint256 i = 0; i < count; i++) {
            check(cellsRoot, first + i, openings[i]);
            copyBody(openings[i].cell, bodies, i * BODY_SIZE);
        }
        result = new bytes(size);
        uint256 start = offset - first * BODY_SIZE;
        assembly {
            mcopy(add(result, 32), add(add(bodies, 32), start), size)
        }
    }

    function check(bytes32 cellsRoot, uint256 index, CellOpening memory opening) private pure {
        if (opening.cell.length != CELL_SIZE || opening.siblings.length != TREE_DEPTH) revert PayloadCells_WrongCell();
        bytes32 node = keccak256(opening.cell);
        for (uint256 level = 0; level < TREE_DEPTH; level++) {
            bytes32 sibling = opening.siblings[level];
            node = (index >> level) & 1 == 1
                ? keccak256(abi.encodePacked(sibling, node))
                : keccak256(abi.encodePacked(node, sibling));
        }
        if (node != cellsRoot) revert PayloadCells_WrongCell();
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
