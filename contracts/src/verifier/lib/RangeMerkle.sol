// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title Ranges of neighbouring leaves of a binary keccak tree
/// @notice Siblings run from the bottom level up; per level first the left one (if the range's first index is odd), then the right
/// one (if its last index is even). `node = keccak256(left ‖ right)`.
library RangeMerkle {
    error RangeMerkle_WrongProof();

    /// @notice The root of a tree of which `leaves` stand at [first, first + leaves.length).
    function fold(bytes32[] memory leaves, uint256 first, uint256 depth, bytes32[] memory siblings)
        internal
        pure
        returns (bytes32 root)
    {
        uint256 count = leaves.length;
        if (count == 0 || first + count > (1 << depth)) revert RangeMerkle_WrongProof();
        // Nodes of a level with room for a sibling on either side.
        bytes32[] memory nodes = new bytes32[](count + 2);
        assembly {
            mcopy(add(nodes, 64), add(leaves, 32), mul(32, count))
        }
        uint256 used = 0;
        for (uint256 level = 0; level < depth; level++) {
            uint256 start = 1;
            if (first & 1 == 1) {
                if (used == siblings.length) revert RangeMerkle_WrongProof();
                nodes[0] = siblings[used++];
                start = 0;
            }
            if ((first + count) & 1 == 1) {
                if (used == siblings.length) revert RangeMerkle_WrongProof();
                nodes[count + 1] = siblings[used++];
            }
            uint256 end = first + count;
            first >>= 1;
            count = ((end + 1) >> 1) - first;
            hashLevel(nodes, start, count);
        }
        if (used != siblings.length) revert RangeMerkle_WrongProof();
        return nodes[1];
    }

    /// Hashes `count` pairs of nodes from index `start`, and writes them from index 1.
    function hashLevel(bytes32[] memory nodes, uint256 start, uint256 count) private pure {
        assembly {
            let from := add(add(nodes, 32), mul(32, start))
            let to := add(nodes, 64)
            for { let end := add(to, mul(32, count)) } lt(to, end) { to := add(to, 32) } {
                mstore(to, keccak256(from, 64))
                from := add(from, 64)
            }
        }
    }
}
