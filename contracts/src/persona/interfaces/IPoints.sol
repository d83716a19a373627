// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title Ecosystem points (0x4200…0033)
/// @notice A ledger, not a token: points come from badges alone, live in the passport, and nobody can send, buy or approve them. Every past
/// second can be asked for: the badges' own history is the checkpoint.
interface IPoints {
    /// @notice Points of a passport now.
    function balanceOf(uint256 passport) external view returns (uint256);

    /// @notice Points at the end of second `time`.
    function balanceAt(uint256 passport, uint256 time) external view returns (uint256);

    /// @notice Points of the passport that a wallet belongs to; zero if it has none.
    function balanceOfWallet(address wallet) external view returns (uint256);

    function name() external view returns (string memory);

    function symbol() external view returns (string memory);
}
