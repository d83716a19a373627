// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title Binary keccak trees in which a leaf's position counts
/// @notice Rationale: OpenZeppelin's MerkleProof sorts each pair, so it says that a leaf is there, not where. A reward root could then hide a second
/// leaf of the same passport, which nobody can ask for (docs/decisions/0035).
library IndexedMerkle {
    error IndexedMerkle_WrongSet();

    /// @notice ⌈log2(count)⌉.
    function depthOf(uint256 count) internal pure returns (uint256 depth) {
        while (1 << depth < count) ++depth;
    }

    /// @notice Root over `leaf` at `index`; `proof` holds its siblings from the bottom.
    function rootOf(bytes32 leaf, uint256 index, bytes32[] calldata proof) internal pure returns (bytes32 node) {
        node = leaf;
        for (uint256 level = 0; level < proof.length; ++level) {
            bool isRight = (index >> level) & 1 == 1;
            node = isRight ? hashPair(proof[level], node) : hashPair(node, proof[level]);
        }
    }

    /// @notice Root over many leaves at ascending `indices`. Both arrays are overwritten.
    /// @param siblings Nodes that are neither given nor computed, level by level from the bottom, from left to right; all must be used.
    function rootOfMany(bytes32[] memory leaves, uint256[] memory indices, uint256 depth, bytes32[] calldata siblings)
        internal
        pure
        returns (bytes32)
    {
        uint256 count = leaves.length;
        if (count == 0 || indices.length != count || indices[count - 1] >> depth != 0) revert IndexedMerkle_WrongSet();
        uint256 used = 0;
        for (uint256 level = 0; level < depth; ++level) {
            uint256 kept = 0;
            for (uint256 i = 0; i < count; ++i) {
                uint256 index = indices[i];
                bytes32 node = leaves[i];
                if (index & 1 == 0 && i + 1 < count && indices[i + 1] == index + 1) {
                    node = hashPair(node, leaves[++i]);
                } else {
                    if (used == siblings.length) revert IndexedMerkle_WrongSet();
                    bytes32 sibling = siblings[used++];
                    node = index & 1 == 1 ? hashPair(sibling, node) : hashPair(node, sibling);
                }
                indices[kept] = index >> 1;
                leaves[kept++] = node;
            }
            count = kept;
        }
        if (used != siblings.length) revert IndexedMerkle_WrongSet();
        return leaves[0];
    }

    function hashPair(bytes32 left, bytes32 right) internal pure returns (bytes32 node) {
        assembly ("memory-safe") {
            mstore(0, left)
            mstore(32, right)
            node := keccak256(0, 64)
        }
    }
}
