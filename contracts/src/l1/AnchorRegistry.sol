// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import { IAnchorRegistry } from "../interfaces/IAnchorRegistry.sol";
import { IDisputeGame } from "../interfaces/IDisputeGame.sol";
import { IDisputeGameFactory } from "../interfaces/IDisputeGameFactory.sol";

/// @title Finalized output roots
contract AnchorRegistry is IAnchorRegistry {
    IDisputeGameFactory private immutable FACTORY;
    uint64 private immutable AIR_GAP;

    address private _guardian;
    address private _anchorGame;
    bytes32 private _anchorRoot;
    uint64 private _anchorEntry;
    mapping(address game => bool) private _final;
    mapping(address game => bool) private _blacklisted;

    /// @param genesisRoot Hash of the machine state at the end of inbox entry `genesisEntry`.
    constructor(address factory, uint64 airGap, address guardian_, bytes32 genesisRoot, uint64 genesisEntry) {
        FACTORY = IDisputeGameFactory(factory);
        AIR_GAP = airGap;
        _guardian = guardian_;
        _anchorRoot = genesisRoot;
        _anchorEntry = genesisEntry;
        emit GuardianChanged(guardian_);
    }

    /// @inheritdoc IAnchorRegistry
    function finalize(address game) external {
        if (!FACTORY.isGame(game)) revert AnchorRegistry_UnknownGame(game);
        if (_blacklisted[game]) revert AnchorRegistry_Blacklisted(game);
        if (_final[game]) revert AnchorRegistry_AlreadyFinal(game);
        IDisputeGame won = IDisputeGame(game);
        if (won.status() != IDisputeGame.Status.DefenderWins) revert AnchorRegistry_NotWon(game);
        uint256 gapEnd = uint256(won.resolvedAt()) + AIR_GAP;
        if (block.timestamp < gapEnd) revert AnchorRegistry_AirGapOpen(gapEnd);
        address parent = won.parentGame();
        if (parent != address(0) && !isFinal(parent)) revert AnchorRegistry_ParentNotFinal(parent);
        _final[game] = true;
        uint64 entryIndex = won.entryIndex();
        bytes32 root = won.rootClaim();
        if (entryIndex > _anchorEntry) {
            _anchorGame = game;
            _anchorRoot = root;
            _anchorEntry = entryIndex;
        }
        emit RootFinalized(game, entryIndex, root);
    }

    /// @inheritdoc IAnchorRegistry
    function blacklist(address game) external {
        _assertGuardian();
        if (!FACTORY.isGame(game)) revert AnchorRegistry_UnknownGame(game);
        _blacklisted[game] = true;
        emit GameBlacklisted(game);
    }

    /// @inheritdoc IAnchorRegistry
    function setGuardian(address guardian_) external {
        _assertGuardian();
        _guardian = guardian_;
        emit GuardianChanged(guardian_);
    }

    /// @inheritdoc IAnchorRegistry
    function anchor() external view returns (bytes32 root, uint64 entryIndex) {
        return (_anchorRoot, _anchorEntry);
    }

    /// @inheritdoc IAnchorRegistry
    function anchorGame() external view returns (address) {
        return _anchorGame;
    }

    /// @inheritdoc IAnchorRegistry
    function isFinal(address game) public view returns (bool) {
        return _final[game] && !_blacklisted[game];
    }

    /// @inheritdoc IAnchorRegistry
    function isBlacklisted(address game) external view returns (bool) {
        return _blacklisted[game];
    }

    /// @inheritdoc IAnchorRegistry
    function airGapSeconds() external view returns (uint64) {
        return AIR_GAP;
    }

    /// @inheritdoc IAnchorRegistry
    function guardian() external view returns (address) {
        return _guardian;
    }

    function _assertGuardian() private view {
        if (msg.sender != _guardian) revert AnchorRegistry_NotGuardian();
    }
}
