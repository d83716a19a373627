// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title Registry of badge issuers (0x4200…0030)
/// @notice Badge validators have nothing to do with the rollup's own. Anyone registers with a bond and may issue at once; badges count for
/// points, scores and trust only from a validator that the registrar listed, so that points cannot be bought with a bond. Revoking one
/// takes its bond, and all of its badges stop counting from that second.
interface IValidators {
    /// @notice Where a validator's knowledge comes from. ZkTls is a stand-in here: a signer, not a proof of a TLS session.
    enum Kind {
        OnChain,
        ZkTls,
        Ecosystem,
        Social
    }

    enum Status {
        None,
        Registered,
        Listed,
        Revoked,
        Left
    }

    /// @param listedAt Second from which its badges count; zero if never.
    /// @param revokedAt Second from which they count no longer; zero if they do.
    /// @param leftAt Second at which it stopped issuing of its own will; its badges go on counting.
    struct Validator {
        Kind kind;
        Status status;
        uint64 listedAt;
        uint64 revokedAt;
        uint64 leftAt;
        uint128 bondWei;
        string name;
    }

    event ValidatorRegistered(address indexed validator, Kind indexed kind, string name, uint256 bondWei);
    event ValidatorListed(address indexed validator);
    event ValidatorRevoked(address indexed validator, uint256 slashedWei, string reason);
    event ValidatorLeft(address indexed validator);
    event BondWithdrawn(address indexed validator, uint256 amountWei);

    error Validators_AlreadyRegistered(address validator);
    error Validators_BondTooSmall(uint256 bondWei, uint256 minimumWei);
    error Validators_WrongStatus(address validator, Status status);
    error Validators_NotYet(uint256 time, uint256 until);
    error Validators_TransferFailed(address to, uint256 amountWei);

    /// @notice Registers the caller with `msg.value` as bond, at least `minimumBond`.
    function register(Kind kind, string calldata name) external payable;

    /// @notice Makes a validator's badges count, those that it issued before included. Only the registrar (REGISTRAR_ROLE).
    function list(address validator) external;

    /// @notice Takes a rogue validator's bond and stops its badges from counting. Only the registrar. The bond goes to 0x…dEaD.
    function revoke(address validator, string calldata reason) external;

    /// @notice The caller issues no more. Its bond can still be taken for `unbondingSeconds`.
    function resign() external;

    /// @notice Pays the bond back after resigning and `unbondingSeconds`.
    function withdrawBond() external;

    function validatorOf(address validator) external view returns (Validator memory);

    /// @notice Number of addresses that ever registered; `validatorAt` names each, in order.
    function validatorCount() external view returns (uint256);

    function validatorAt(uint256 index) external view returns (address);

    /// @notice Throws `Validators_WrongStatus` if it never registered.
    function indexOf(address validator) external view returns (uint256);

    /// @notice Whether it may issue badges of that kind now: registered or listed.
    function mayIssue(address validator, Kind kind) external view returns (bool);

    /// @notice Whether its badges counted at `time`: listedAt ≤ time, and not revoked at or before `time`.
    function countsAt(address validator, uint256 time) external view returns (bool);

    /// @notice As `countsAt`, by index.
    function indexCountsAt(uint256 index, uint256 time) external view returns (bool);

    function minimumBond() external view returns (uint256);

    function unbondingSeconds() external view returns (uint64);
}
