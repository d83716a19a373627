// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import { Attestation, IEAS } from "@ethereum-attestation-service/eas-contracts/contracts/IEAS.sol";
import { ISchemaRegistry } from "@ethereum-attestation-service/eas-contracts/contracts/ISchemaRegistry.sol";
import { SchemaResolver } from "@ethereum-attestation-service/eas-contracts/contracts/resolver/SchemaResolver.sol";
import { AccessControl } from "@openzeppelin/contracts/access/AccessControl.sol";
import { IBadges } from "./interfaces/IBadges.sol";
import { IPassport } from "./interfaces/IPassport.sol";
import { IValidators } from "./interfaces/IValidators.sol";
import { PersonaPredeploys } from "./lib/PersonaPredeploys.sol";

/// @dev First in line of inheritance, so that L1 finds it at slot 0.
abstract contract CurrentBadges {
    mapping(uint256 passport => mapping(uint256 kind => IBadges.Badge)) internal _badges;
}

/// @title Badges on the Ethereum Attestation Service
contract Badges is CurrentBadges, SchemaResolver, AccessControl, IBadges {
    bytes32 public constant CURATOR_ROLE = keccak256("CURATOR_ROLE");
    uint256 private constant KINDS_MAX = 64;
    IValidators private constant VALIDATORS = IValidators(PersonaPredeploys.VALIDATORS);
    IPassport private constant PASSPORT = IPassport(PersonaPredeploys.PASSPORT);
    ISchemaRegistry private constant SCHEMAS = ISchemaRegistry(PersonaPredeploys.SCHEMA_REGISTRY);

    BadgeKind[] private _kinds;
    /// Number of the kind, plus one.
    mapping(bytes32 schema => uint256) private _kindOfSchema;
    mapping(uint256 passport => mapping(uint256 kind => bytes32)) private _uids;
    mapping(uint256 passport => mapping(uint256 kind => Badge[])) private _replaced;
    /// Bitmap of the kinds that a passport ever had.
    mapping(uint256 passport => uint256) private _had;

    constructor(address curator) SchemaResolver(IEAS(PersonaPredeploys.EAS)) {
        _grantRole(DEFAULT_ADMIN_ROLE, curator);
        _grantRole(CURATOR_ROLE, curator);
    }

    /// @inheritdoc IBadges
    function createKind(
        string calldata name,
        IValidators.Kind validatorKind,
        uint32 points,
        uint64 lifetimeSeconds,
        uint64 decaySeconds
    ) external onlyRole(CURATOR_ROLE) returns (uint256 kind, bytes32 schema) {
        kind = _kinds.length;
        if (kind == KINDS_MAX) revert Badges_TooManyKinds(KINDS_MAX);
        schema = SCHEMAS.register(string.concat("uint256 passport,uint256 ", name, ",bytes32 evidence"), this, true);
        _kinds.push(
            BadgeKind({
                schema: schema,
                validatorKind: validatorKind,
                points: points,
                lifetimeSeconds: lifetimeSeconds,
                decaySeconds: decaySeconds,
                name: name
            })
        );
        _kindOfSchema[schema] = kind + 1;
        emit BadgeKindCreated(kind, schema, validatorKind, points, name);
    }

    /// @inheritdoc IBadges
    function kindCount() external view returns (uint256) {
        return _kinds.length;
    }

    /// @inheritdoc IBadges
    function kindOf(uint256 kind) external view returns (BadgeKind memory) {
        if (kind >= _kinds.length) revert Badges_UnknownKind(kind);
        return _kinds[kind];
    }

    /// @inheritdoc IBadges
    function kindOfSchema(bytes32 schema) public view returns (uint256) {
        uint256 found = _kindOfSchema[schema];
        if (found == 0) revert Badges_UnknownSchema(schema);
        return found - 1;
    }

    /// @inheritdoc IBadges
    function badgeOf(uint256 passport, uint256 kind) external view returns (Badge memory badge, bytes32 uid) {
        return (_badges[passport][kind], _uids[passport][kind]);
    }

    /// @inheritdoc IBadges
    function historyOf(uint256 passport, uint256 kind) external view returns (Badge[] memory) {
        return _replaced[passport][kind];
    }

    /// @inheritdoc IBadges
    function valueAt(uint256 passport, uint256 kind, uint256 time) external view returns (uint256) {
        if (kind >= _kinds.length) revert Badges_UnknownKind(kind);
        Badge memory badge = _badgeAt(passport, kind, time);
        if (!_countsAt(badge, time)) return 0;
        uint256 decay = _kinds[kind].decaySeconds;
        if (decay == 0) return badge.value;
        uint256 age = time - badge.issuedAt;
        return age >= decay ? 0 : (uint256(badge.value) * (decay - age)) / decay;
    }

    /// @inheritdoc IBadges
    function pointsAt(uint256 passport, uint256 time) external view returns (uint256 points) {
        uint256 had = _had[passport];
        for (uint256 kind = 0; had != 0; ++kind) {
            if (had & 1 == 1 && _countsAt(_badgeAt(passport, kind, time), time)) points += _kinds[kind].points;
            had >>= 1;
        }
    }

    /// @dev Called by EAS for each attestation of our schemas.
    function onAttest(Attestation calldata attestation, uint256) internal override returns (bool) {
        uint256 kind = kindOfSchema(attestation.schema);
        BadgeKind storage terms = _kinds[kind];
        (uint256 passport, uint256 value, bytes32 evidence) = abi.decode(attestation.data, (uint256, uint256, bytes32));
        _checkTerms(terms, attestation, passport, value);
        bytes32 current = _uids[passport][kind];
        Badge memory old = _badges[passport][kind];
        if (current != 0) {
            if (_countsAt(old, block.timestamp)) _checkUpgrade(attestation, current, terms.validatorKind);
            _replaced[passport][kind].push(old);
        }
        _had[passport] |= 1 << kind;
        _uids[passport][kind] = attestation.uid;
        _badges[passport][kind] = Badge({
            value: uint96(value),
            issuedAt: uint40(block.timestamp),
            expiresAt: uint40(attestation.expirationTime),
            revokedAt: 0,
            validator: uint32(VALIDATORS.indexOf(attestation.attester))
        });
        emit BadgeIssued(passport, kind, attestation.attester, attestation.uid, value, attestation.expirationTime, evidence);
        if (current != 0) emit BadgeUpgraded(passport, kind, current, attestation.uid);
        return true;
    }

    /// @dev Called by EAS for each revocation. That of a badge which was replaced changes nothing.
    function onRevoke(Attestation calldata attestation, uint256) internal override returns (bool) {
        uint256 kind = kindOfSchema(attestation.schema);
        (uint256 passport,,) = abi.decode(attestation.data, (uint256, uint256, bytes32));
        if (_uids[passport][kind] == attestation.uid) {
            _badges[passport][kind].revokedAt = uint40(block.timestamp);
            emit BadgeRevoked(passport, kind, attestation.attester, attestation.uid);
        }
        return true;
    }

    function _checkTerms(BadgeKind storage terms, Attestation calldata attestation, uint256 passport, uint256 value) private view {
        IValidators.Kind needed = terms.validatorKind;
        if (!VALIDATORS.mayIssue(attestation.attester, needed)) revert Badges_NotValidator(attestation.attester, needed);
        if (passport == 0 || PASSPORT.resolve(attestation.recipient) != passport) {
            revert Badges_NotWalletOf(attestation.recipient, passport);
        }
        if (!attestation.revocable) revert Badges_NotRevocable();
        if (value > type(uint96).max) revert Badges_ValueTooLarge(value);
        uint256 expiresAt = attestation.expirationTime;
        uint256 lifetime = terms.lifetimeSeconds;
        uint256 latest = lifetime == 0 ? type(uint40).max : block.timestamp + lifetime;
        if (expiresAt > latest || (lifetime != 0 && expiresAt == 0)) revert Badges_MustExpire(expiresAt, latest);
    }

    /// A badge that counts is replaced by intent alone, and by a validator that counts: a bond does not buy the right to undo others' badges.
    function _checkUpgrade(Attestation calldata attestation, bytes32 current, IValidators.Kind needed) private view {
        if (attestation.refUID != current) revert Badges_NotUpgrade(attestation.refUID, current);
        bool counts = VALIDATORS.countsAt(attestation.attester, block.timestamp);
        if (!counts) revert Badges_NotValidator(attestation.attester, needed);
    }

    /// The badge that was current at the end of second `time`; all zero if none.
    function _badgeAt(uint256 passport, uint256 kind, uint256 time) private view returns (Badge memory badge) {
        badge = _badges[passport][kind];
        if (badge.issuedAt <= time) return badge;
        Badge[] storage replaced = _replaced[passport][kind];
        uint256 low = 0;
        uint256 high = replaced.length;
        while (low < high) {
            uint256 middle = (low + high) / 2;
            if (replaced[middle].issuedAt <= time) low = middle + 1;
            else high = middle;
        }
        return low == 0 ? Badge(0, 0, 0, 0, 0) : replaced[low - 1];
    }

    function _countsAt(Badge memory badge, uint256 time) private view returns (bool) {
        if (badge.issuedAt == 0 || badge.issuedAt > time) return false;
        if (badge.expiresAt != 0 && badge.expiresAt <= time) return false;
        if (badge.revokedAt != 0 && badge.revokedAt <= time) return false;
        return VALIDATORS.indexCountsAt(badge.validator, time);
    }
}
