// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import { IBadges } from "./IBadges.sol";
import { IEpochRewards } from "./IEpochRewards.sol";

/// @title Personas on L1
/// @notice Proves what L2 says of a Persona from a final output root: root → machine state → state root → account → storage slot.
interface IPersonaProver {
    /// @param game Its root must be final at the AnchorRegistry.
    /// @param statePreimage Preimage of the root claim (docs/specs/MACHINE.md).
    /// @param worldPreimage Preimage of the World hash in it.
    /// @param account RLP of the L2 contract's account; `accountProof` proves it in the state trie.
    /// @param storageProof Proof of the slot in the account's storage trie.
    struct StateProof {
        address game;
        bytes statePreimage;
        bytes worldPreimage;
        bytes account;
        bytes[] accountProof;
        bytes[] storageProof;
    }

    /// @param entryIndex Entry of the inbox whose root proved it; a proof from an older one does not replace it.
    struct ProvenBadge {
        uint64 entryIndex;
        IBadges.Badge badge;
    }

    struct ProvenScore {
        uint64 entryIndex;
        uint256 pms;
        uint256 trust;
        uint256 cumulative;
    }

    event BadgeProven(uint256 indexed passport, uint256 indexed kind, uint64 indexed entryIndex, IBadges.Badge badge);
    event ScoreProven(uint256 indexed campaign, uint256 indexed passport, uint64 indexed entryIndex, uint256 pms, uint256 cumulative);
    event WalletProven(address indexed wallet, uint256 indexed passport, uint64 indexed entryIndex);

    error PersonaProver_NotFinal(address game);
    error PersonaProver_OlderThanKnown(uint64 entryIndex, uint64 known);
    error PersonaProver_UnknownGame(address game);
    error PersonaProver_WrongRow(uint256 passport);

    /// @notice Proves the current badge of a passport (all zero if it has none).
    function proveBadge(uint256 passport, uint256 kind, StateProof calldata proof) external returns (IBadges.Badge memory);

    /// @notice Proves the campaign's last final rewards root on L2, and a passport's row under it: score, trust and reward of its epoch.
    function proveScore(uint256 campaign, IEpochRewards.RowProof calldata row, StateProof calldata proof) external;

    /// @notice Proves which passport a wallet belongs to; zero if none.
    function proveWallet(address wallet, StateProof calldata proof) external returns (uint256 passport);

    function badgeOf(uint256 passport, uint256 kind) external view returns (ProvenBadge memory);

    function scoreOf(uint256 campaign, uint256 passport) external view returns (ProvenScore memory);

    function passportOf(address wallet) external view returns (uint256 passport, uint64 entryIndex);
}
