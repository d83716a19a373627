// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

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
        bool isSound = true;
        assembly {
            let next := add(siblings, 32)
            let end := add(next, mul(32, mload(siblings)))
            let differs := xor(a, b)
            for { let i := 0 } lt(i, 256) { i := add(i, 1) } {
                let sibling := 0
                if and(shr(i, bitmap), 1) {
                    sibling := mload(next)
                    isSound := and(isSound, and(lt(next, end), gt(sibling, 0)))
                    next := add(next, 32)
                }
                // A node is hashed in the scratch space, on the side that the key's bit tells.
                let side := shl(5, and(shr(i, key), 1))
                mstore(xor(side, 32), sibling)
                if or(a, sibling) {
                    mstore(side, a)
                    a := keccak256(0, 64)
                }
                if differs {
                    if or(b, sibling) {
                        mstore(side, b)
                        b := keccak256(0, 64)
                    }
                }
            }
            isSound := and(isSound, eq(next, end))
            if iszero(differs) { b := a }
        }
        if (!isSound || a != root) revert SparseMerkle_WrongProof();
        return b;
    }

    /// @notice Checks that `leaf` stands at `key`.
    function check(bytes32 root, bytes32 key, bytes32 leaf, uint256 bitmap, bytes32[] memory siblings) internal pure {
        replace(root, key, leaf, leaf, bitmap, siblings);
    }
}
