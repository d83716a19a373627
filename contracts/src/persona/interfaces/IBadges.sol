// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import { IValidators } from "./IValidators.sol";

/// @title Badges on the Ethereum Attestation Service (0x4200…0032)
/// @notice Resolver of one EAS schema per kind of badge. A validator attests with
/// data = abi.encode(uint256 passport, uint256 value, bytes32 evidence), recipient = a wallet of the passport, revocable = true. Per passport
/// and kind one badge is current: to upgrade it, attest again with refUID = the current badge's uid.
interface IBadges {
    /// @param schema UID in the schema registry.
    /// @param validatorKind Kind of validator that may issue it.
    /// @param points What it adds to the passport's points while it counts.
    /// @param lifetimeSeconds A badge must expire, at most so much later; zero: it need not.
    /// @param decaySeconds Its value falls linearly to zero in this time; zero: it does not.
    struct BadgeKind {
        bytes32 schema;
        IValidators.Kind validatorKind;
        uint32 points;
        uint64 lifetimeSeconds;
        uint64 decaySeconds;
        string name;
    }

    /// @notice One storage slot; `value` is lowest. L1 proves it (PersonaProver): slot keccak256(abi.encode(kind, keccak256(abi.encode(passport, 0)))).
    /// @param value What was attested: votes, dollars of liquidity, followers, …
    /// @param expiresAt Zero if it does not expire.
    /// @param revokedAt Zero if it is not revoked.
    /// @param validator Index in the registry of validators.
    struct Badge {
        uint96 value;
        uint40 issuedAt;
        uint40 expiresAt;
        uint40 revokedAt;
        uint32 validator;
    }

    event BadgeKindCreated(uint256 indexed kind, bytes32 indexed schema, IValidators.Kind validatorKind, uint32 points, string name);
    event BadgeIssued(
        uint256 indexed passport, uint256 indexed kind, address indexed validator, bytes32 uid, uint256 value, uint256 expiresAt, bytes32 evidence
    );
    /// @notice Follows `BadgeIssued` if the badge replaces one.
    event BadgeUpgraded(uint256 indexed passport, uint256 indexed kind, bytes32 indexed replacedUid, bytes32 uid);
    event BadgeRevoked(uint256 indexed passport, uint256 indexed kind, address indexed validator, bytes32 uid);

    error Badges_UnknownKind(uint256 kind);
    error Badges_UnknownSchema(bytes32 schema);
    error Badges_TooManyKinds(uint256 limit);
    error Badges_NotValidator(address attester, IValidators.Kind needed);
    error Badges_NotWalletOf(address recipient, uint256 passport);
    error Badges_NotRevocable();
    error Badges_ValueTooLarge(uint256 value);
    error Badges_MustExpire(uint256 expiresAt, uint256 latest);
    error Badges_NotUpgrade(bytes32 refUid, bytes32 currentUid);

    /// @notice Registers the schema "uint256 passport,uint256 <name>,bytes32 evidence" at EAS; kinds are numbered from 0. Only the curator.
    function createKind(
        string calldata name,
        IValidators.Kind validatorKind,
        uint32 points,
        uint64 lifetimeSeconds,
        uint64 decaySeconds
    ) external returns (uint256 kind, bytes32 schema);

    function kindCount() external view returns (uint256);

    function kindOf(uint256 kind) external view returns (BadgeKind memory);

    /// @notice Number of the kind with that schema. Throws `Badges_UnknownSchema`.
    function kindOfSchema(bytes32 schema) external view returns (uint256);

    /// @notice The current badge, whether it counts or not; all zero if there never was one.
    function badgeOf(uint256 passport, uint256 kind) external view returns (Badge memory badge, bytes32 uid);

    /// @notice Badges that the current one replaced, oldest first.
    function historyOf(uint256 passport, uint256 kind) external view returns (Badge[] memory);

    /// @notice Value at the end of second `time`: zero if there was none, it had expired, was revoked, or its validator did not count; otherwise
    /// value · (decaySeconds − age) / decaySeconds, rounded down.
    function valueAt(uint256 passport, uint256 kind, uint256 time) external view returns (uint256);

    /// @notice Sum of the points of all kinds of which the passport had a badge that counted at the end of second `time`. Decay does not touch them.
    function pointsAt(uint256 passport, uint256 time) external view returns (uint256);
}
