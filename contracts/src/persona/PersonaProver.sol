// SPDX-License-Identifier: MIT
// solc: viaIR
pragma solidity ^0.8.37;

import { RLP } from "@openzeppelin/contracts/utils/RLP.sol";
import { IAnchorRegistry } from "../interfaces/IAnchorRegistry.sol";
import { IDisputeGame } from "../interfaces/IDisputeGame.sol";
import { IDisputeGameFactory } from "../interfaces/IDisputeGameFactory.sol";
import { OutputProof } from "../lib/OutputProof.sol";
import { MerklePatricia } from "../verifier/lib/MerklePatricia.sol";
import { IBadges } from "./interfaces/IBadges.sol";
import { IEpochRewards } from "./interfaces/IEpochRewards.sol";
import { IPersonaProver } from "./interfaces/IPersonaProver.sol";
import { IndexedMerkle } from "./lib/IndexedMerkle.sol";
import { PersonaPredeploys } from "./lib/PersonaPredeploys.sol";

/// @title Personas on L1
contract PersonaProver is IPersonaProver {
    struct ProvenWallet {
        uint64 entryIndex;
        uint192 passport;
    }

    IDisputeGameFactory private immutable FACTORY;
    IAnchorRegistry private immutable ANCHOR_REGISTRY;

    mapping(uint256 passport => mapping(uint256 kind => ProvenBadge)) private _badges;
    mapping(uint256 campaign => mapping(uint256 passport => ProvenScore)) private _scores;
    mapping(address wallet => ProvenWallet) private _wallets;

    constructor(address factory, address anchorRegistry) {
        FACTORY = IDisputeGameFactory(factory);
        ANCHOR_REGISTRY = IAnchorRegistry(anchorRegistry);
    }

    /// @inheritdoc IPersonaProver
    function proveBadge(uint256 passport, uint256 kind, StateProof calldata proof) external returns (IBadges.Badge memory badge) {
        ProvenBadge storage known = _badges[passport][kind];
        known.entryIndex = _newer(proof.game, known.entryIndex);
        bytes32 slot = keccak256(abi.encode(kind, keccak256(abi.encode(passport, uint256(0)))));
        badge = _badgeOf(_slotValue(PersonaPredeploys.BADGES, slot, proof));
        known.badge = badge;
        emit BadgeProven(passport, kind, known.entryIndex, badge);
    }

    /// @inheritdoc IPersonaProver
    function proveScore(uint256 campaign, IEpochRewards.RowProof calldata row, StateProof calldata proof) external {
        uint256 passport = row.row.passport;
        ProvenScore storage known = _scores[campaign][passport];
        uint64 entryIndex = _newer(proof.game, known.entryIndex);
        uint256 root = _slotValue(PersonaPredeploys.EPOCH_REWARDS, keccak256(abi.encode(campaign, uint256(0))), proof);
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(row.row))));
        bool isThere = passport != 0 && uint256(IndexedMerkle.rootOf(leaf, passport - 1, row.proof)) == root;
        if (!isThere) revert PersonaProver_WrongRow(passport);
        _scores[campaign][passport] =
            ProvenScore({ entryIndex: entryIndex, pms: row.row.pms, trust: row.row.trust, cumulative: row.row.cumulative });
        emit ScoreProven(campaign, passport, entryIndex, row.row.pms, row.row.cumulative);
    }

    /// @inheritdoc IPersonaProver
    function proveWallet(address wallet, StateProof calldata proof) external returns (uint256 passport) {
        ProvenWallet storage known = _wallets[wallet];
        known.entryIndex = _newer(proof.game, known.entryIndex);
        passport = _slotValue(PersonaPredeploys.PASSPORT, keccak256(abi.encode(wallet, uint256(0))), proof);
        known.passport = uint192(passport);
        emit WalletProven(wallet, passport, known.entryIndex);
    }

    /// @inheritdoc IPersonaProver
    function badgeOf(uint256 passport, uint256 kind) external view returns (ProvenBadge memory) {
        return _badges[passport][kind];
    }

    /// @inheritdoc IPersonaProver
    function scoreOf(uint256 campaign, uint256 passport) external view returns (ProvenScore memory) {
        return _scores[campaign][passport];
    }

    /// @inheritdoc IPersonaProver
    function passportOf(address wallet) external view returns (uint256 passport, uint64 entryIndex) {
        ProvenWallet storage known = _wallets[wallet];
        return (known.passport, known.entryIndex);
    }

    /// The entry of a game whose root is final; a fact is never replaced by an older one.
    function _newer(address game, uint64 known) private view returns (uint64 entryIndex) {
        if (!FACTORY.isGame(game)) revert PersonaProver_UnknownGame(game);
        if (!ANCHOR_REGISTRY.isFinal(game)) revert PersonaProver_NotFinal(game);
        entryIndex = IDisputeGame(game).entryIndex();
        if (entryIndex < known) revert PersonaProver_OlderThanKnown(entryIndex, known);
    }

    /// The value of a slot of an L2 contract; zero where the trie proves that there is none.
    function _slotValue(address target, bytes32 slot, StateProof calldata proof) private view returns (uint256) {
        bytes32 claim = IDisputeGame(proof.game).rootClaim();
        bytes32 stateRoot = OutputProof.stateRoot(claim, proof.statePreimage, proof.worldPreimage);
        bytes32 root = OutputProof.storageRoot(stateRoot, target, proof.account, proof.accountProof);
        bytes memory value = MerklePatricia.get(root, keccak256(abi.encode(slot)), proof.storageProof);
        return value.length == 0 ? 0 : RLP.decodeUint256(value);
    }

    /// The fields as Solidity packs them, the first lowest.
    function _badgeOf(uint256 word) private pure returns (IBadges.Badge memory) {
        return IBadges.Badge({
            value: uint96(word),
            issuedAt: uint40(word >> 96),
            expiresAt: uint40(word >> 136),
            revokedAt: uint40(word >> 176),
            validator: uint32(word >> 216)
        });
    }
}
