// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import { Math } from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title log2 with 48 fractional bits, the same bits in every language (docs/specs/PERSONA.md, section 3)
library BinaryLogarithm {
    uint256 private constant FRACTION_BITS = 48;

    /// @param x From 1 to 2^96 − 1.
    function log2(uint256 x) internal pure returns (uint256 result) {
        uint256 whole = Math.log2(x);
        uint256 y = x << (127 - whole);
        result = whole << FRACTION_BITS;
        // Rationale: y² < 2^256, so nothing overflows. Each squaring doubles the logarithm; its whole part is the next bit.
        for (uint256 bit = 1 << (FRACTION_BITS - 1); bit != 0; bit >>= 1) {
            unchecked {
                y = (y * y) >> 127;
            }
            if (y >> 128 != 0) {
                y >>= 1;
                result |= bit;
            }
        }
    }
}
