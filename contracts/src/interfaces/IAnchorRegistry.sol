// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title Finalized output roots
/// @notice A root is final when its game was won by the defender, the air gap is over, it is not blacklisted, and its parent is final.
interface IAnchorRegistry {
    /// @notice A root became final.
    event RootFinalized(address indexed game, uint64 indexed entryIndex, bytes32 root);
    event GameBlacklisted(address indexed game);
    event GuardianChanged(address indexed guardian);

    error AnchorRegistry_NotGuardian();
    error AnchorRegistry_UnknownGame(address game);
    error AnchorRegistry_AlreadyFinal(address game);
    error AnchorRegistry_NotWon(address game);
    error AnchorRegistry_AirGapOpen(uint256 until);
    error AnchorRegistry_Blacklisted(address game);
    error AnchorRegistry_ParentNotFinal(address parent);

    /// @notice Makes a game's root final, and the anchor if it is the newest. Anyone may call.
    function finalize(address game) external;

    /// @notice Withdraws trust from a game: it never finalizes and its bonds are refunded. Only the guardian.
    function blacklist(address game) external;

    /// @notice Hands the guardian's role over; zero gives it up.
    function setGuardian(address guardian) external;

    /// @notice Latest final root and the entry that it covers.
    function anchor() external view returns (bytes32 root, uint64 entryIndex);

    /// @notice The game of the anchor; zero for genesis.
    function anchorGame() external view returns (address);

    function isFinal(address game) external view returns (bool);

    function isBlacklisted(address game) external view returns (bool);

    function airGapSeconds() external view returns (uint64);

    function guardian() external view returns (address);
}
