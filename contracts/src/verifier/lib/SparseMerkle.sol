// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title Sparse binary Merkle tree of depth 256 over words
/// @notice An absent leaf is 0, and a subtree of absent leaves is 0 as well: node(0, 0) = 0, else keccak256(left ‖ right).
/// Bit 255 of the key decides at the root. A proof names by bit i of `bitmap` whether the sibling at height i (0 = leaf level)
/// is non-zero, and lists the non-zero siblings from the leaf upwards.
library SparseMerkle {
    error SparseMerkle_WrongProof();

    /// @notice Checks that `leaf` stands at `key` and returns the root after it is replaced by `newLeaf`.
    function replace(bytes32 root, bytes32 key, bytes32 leaf, bytes32 newLeaf, uint256 bitmap, bytes32[] memory siblings)
        internal
        pure
        returns (bytes32)
    {
        bytes32 a = leaf;
        bytes32 b = newLeaf;
        uint256 used = 0;
        uint256 path = uint256(key);
        for (uint256 i = 0; i < 256; i++) {
            bytes32 sibling = 0;
            if ((bitmap >> i) & 1 == 1) {
                if (used >= siblings.length || siblings[used] == 0) revert SparseMerkle_WrongProof();
                sibling = siblings[used++];
            }
            bool isRight = (path >> i) & 1 == 1;
            a = isRight ? node(sibling, a) : node(a, sibling);
            b = isRight ? node(sibling, b) : node(b, sibling);
        }
        if (a != root || used != siblings.length) revert SparseMerkle_WrongProof();
        return b;
    }

    /// @notice Checks that `leaf` stands at `key`.
    function check(bytes32 root, bytes32 key, bytes32 leaf, uint256 bitmap, bytes32[] memory siblings) internal pure {
        replace(root, key, leaf, leaf, bitmap, siblings);
    }

    function node(bytes32 left, bytes32 right) private pure returns (bytes32 result) {
        if (left == 0 && right == 0) return 0;
        assembly {
            mstore(0, left)
            mstore(32, right)
            result := keccak256(0, 64)
        }
    }
}
