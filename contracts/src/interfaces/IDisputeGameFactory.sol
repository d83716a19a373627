// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title Where output roots are proposed
interface IDisputeGameFactory {
    event GameCreated(
        address indexed game,
        uint256 indexed index,
        bytes32 indexed rootClaim,
        uint64 entryIndex,
        address parent,
        address proposer,
        uint256 bond
    );

    error DisputeGameFactory_GameExists(address game);
    error DisputeGameFactory_EntryNotSettled(uint256 entryIndex);
    error DisputeGameFactory_EntryNotNew(uint256 entryIndex, uint256 startEntry);
    error DisputeGameFactory_UnknownParent(address parent);
    error DisputeGameFactory_ParentLost(address parent);
    error DisputeGameFactory_WrongBond(uint256 given, uint256 required);

    /// @notice Proposes the state at the end of `entryIndex`. `msg.value` is `initBond`.
    /// @param parent A game of this factory that is not lost, or zero for the anchor.
    function create(bytes32 rootClaim, uint64 entryIndex, address parent) external payable returns (address game);

    function gameCount() external view returns (uint256);

    function gameAt(uint256 index) external view returns (address);

    function isGame(address game) external view returns (bool);

    /// @notice Address that `create` would give the game; occupied if it exists.
    function gameAddress(bytes32 rootClaim, uint64 entryIndex, address parent) external view returns (address);

    /// @notice Bond of a proposal, in wei.
    function initBond() external view returns (uint256);

    function implementation() external view returns (address);
}
