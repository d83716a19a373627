// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title Rexy: an avatar that badges dress (0x4200…0039)
/// @notice ERC-721 with the passport's number, locked to its owner. Traits are read from the badges at each look. Our design; the litepaper has none.
interface IRexy {
    /// @param hue Skin, 0 to 359 degrees, from the passport's number.
    /// @param spikes One per badge that counts, at most 8.
    /// @param level ⌊log2(1 + points)⌋.
    /// @param gear Bitmap of the kinds of badges that count.
    struct Traits {
        uint16 hue;
        uint8 spikes;
        uint8 level;
        uint64 gear;
    }

    event RexyHatched(uint256 indexed passport, address indexed owner);

    error Rexy_NotOwner(address caller, uint256 passport);

    /// @notice Mints the Rexy of the caller's passport.
    function hatch(uint256 passport) external;

    function traitsOf(uint256 passport) external view returns (Traits memory);
}
