// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title Membership of a cell in a batch (docs/specs/BATCH.md)
library CellTree {
    uint256 internal constant CELLS = 128;
    uint256 internal constant CELL_LENGTH = 2_048;
    uint256 private constant DEPTH = 7;

    /// @notice Whether `cell` is leaf `index` under `root`.
    /// @param proof Siblings from the bottom.
    function isMember(bytes32 root, uint256 index, bytes calldata cell, bytes32[] calldata proof) internal pure returns (bool) {
        if (index >= CELLS || cell.length != CELL_LENGTH || proof.length != DEPTH) return false;
        bytes32 node = keccak256(cell);
        for (uint256 level = 0; level < DEPTH; ++level) {
            bool isRight = (index >> level) & 1 == 1;
            node = isRight ? keccak256(abi.encode(proof[level], node)) : keccak256(abi.encode(node, proof[level]));
        }
        return node == root;
    }
}
