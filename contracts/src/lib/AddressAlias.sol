// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title Aliases of L1 contracts on L2
/// @notice As on OP Stack and Arbitrum: a contract of L1 speaks on L2 as its address + 0x1111…1111, so that it cannot be confused with a
/// contract that someone else deployed at the same address on L2.
library AddressAlias {
    uint160 private constant OFFSET = uint160(0x1111000000000000000000000000000000001111);

    function apply_(address l1Address) internal pure returns (address) {
        unchecked {
            // Wrapping around 2¹⁶⁰ is the definition.
            return address(uint160(l1Address) + OFFSET);
        }
    }
}
