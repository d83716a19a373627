// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import { Math } from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title Positions of claims as generalized indices: the root is 1, the children of p are 2p and 2p + 1
library GamePosition {
    uint128 internal constant ROOT = 1;

    function depth(uint128 position) internal pure returns (uint256) {
        return Math.log2(position);
    }

    /// @notice Where a counter stands: an attack halves to the left, a defence halves what lies to the right.
    function move(uint128 position, bool isAttack) internal pure returns (uint128) {
        return (isAttack ? position : position | 1) << 1;
    }

    /// @notice The highest position that commits to the same trace index.
    function traceAncestor(uint128 position) internal pure returns (uint128) {
        while (position > 1 && position & 1 == 1) position >>= 1;
        return position;
    }
}
