// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import { Clones } from "@openzeppelin/contracts/proxy/Clones.sol";

import { IAnchorRegistry } from "../interfaces/IAnchorRegistry.sol";
import { IDisputeGame } from "../interfaces/IDisputeGame.sol";
import { IDisputeGameFactory } from "../interfaces/IDisputeGameFactory.sol";
import { IInbox } from "../interfaces/IInbox.sol";
import { GamePosition } from "../lib/GamePosition.sol";

/// @title Where output roots are proposed
contract DisputeGameFactory is IDisputeGameFactory {
    address private immutable IMPLEMENTATION;
    IAnchorRegistry private immutable ANCHOR_REGISTRY;
    IInbox private immutable INBOX;

    address[] private _games;
    mapping(address game => bool) private _isGame;

    constructor(address implementation_, address anchorRegistry, address inbox) {
        IMPLEMENTATION = implementation_;
        ANCHOR_REGISTRY = IAnchorRegistry(anchorRegistry);
        INBOX = IInbox(inbox);
    }

    /// @inheritdoc IDisputeGameFactory
    function create(bytes32 rootClaim, uint64 entryIndex, address parent) external payable returns (address game) {
        if (msg.value != initBond()) revert DisputeGameFactory_WrongBond(msg.value, initBond());
        (bytes32 startRoot, uint64 startEntry) = _start(parent);
        if (entryIndex <= startEntry) revert DisputeGameFactory_EntryNotNew(entryIndex, startEntry);
        if (!INBOX.isSettled(entryIndex)) revert DisputeGameFactory_EntryNotSettled(entryIndex);
        game = gameAddress(rootClaim, entryIndex, parent);
        if (_isGame[game]) revert DisputeGameFactory_GameExists(game);
        Clones.cloneDeterministic(IMPLEMENTATION, _salt(rootClaim, entryIndex, parent));
        uint256 index = _games.length;
        _games.push(game);
        _isGame[game] = true;
        emit GameCreated(game, index, rootClaim, entryIndex, parent, msg.sender, msg.value);
        IDisputeGame(game).initialize{ value: msg.value }(msg.sender, rootClaim, entryIndex, parent, startRoot, startEntry);
    }

    /// @inheritdoc IDisputeGameFactory
    function gameCount() external view returns (uint256) {
        return _games.length;
    }

    /// @inheritdoc IDisputeGameFactory
    function gameAt(uint256 index) external view returns (address) {
        return _games[index];
    }

    /// @inheritdoc IDisputeGameFactory
    function isGame(address game) external view returns (bool) {
        return _isGame[game];
    }

    /// @inheritdoc IDisputeGameFactory
    function gameAddress(bytes32 rootClaim, uint64 entryIndex, address parent) public view returns (address) {
        return Clones.predictDeterministicAddress(IMPLEMENTATION, _salt(rootClaim, entryIndex, parent));
    }

    /// @inheritdoc IDisputeGameFactory
    function initBond() public view returns (uint256) {
        return IDisputeGame(IMPLEMENTATION).requiredBond(GamePosition.ROOT);
    }

    /// @inheritdoc IDisputeGameFactory
    function implementation() external view returns (address) {
        return IMPLEMENTATION;
    }

    function _start(address parent) private view returns (bytes32 root, uint64 entryIndex) {
        if (parent == address(0)) return ANCHOR_REGISTRY.anchor();
        if (!_isGame[parent]) revert DisputeGameFactory_UnknownParent(parent);
        bool isLost = IDisputeGame(parent).status() == IDisputeGame.Status.ChallengerWins;
        if (isLost || ANCHOR_REGISTRY.isBlacklisted(parent)) revert DisputeGameFactory_ParentLost(parent);
        return (IDisputeGame(parent).rootClaim(), IDisputeGame(parent).entryIndex());
    }

    function _salt(bytes32 rootClaim, uint64 entryIndex, address parent) private pure returns (bytes32) {
        return keccak256(abi.encode(rootClaim, entryIndex, parent));
    }
}
