// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title Signed actions, relayed in batches (0x4200…0035)
/// @notice A passport's owner opens a session for a key; one signature of that key carries many actions. Format of a batch and of actions:
/// docs/specs/PERSONA.md, section 4. EIP-712 domain: name "Engagements", version "1".
interface IEngagements {
    /// @notice EIP-712 Session(uint256 passport,address key,uint256 campaign,uint256 allowance,uint256 expiry,uint256 nonce), signed by the owner.
    /// @param allowance How many actions the key may do in all, below 2^32.
    /// @param expiry Last second in which it may.
    /// @param nonce `sessionNonceOf(passport)`.
    struct Session {
        uint256 passport;
        address key;
        uint256 campaign;
        uint256 allowance;
        uint256 expiry;
        uint256 nonce;
    }

    /// @notice EIP-712 Engagement(uint256 passport,bytes actions,uint256 campaign,uint256 nonce,uint256 deadline), signed by a session's key
    /// (nonce = how many actions the session did before) or by the passport's owner (nonce = `ownerNonceOf`).
    struct Engagement {
        uint256 passport;
        bytes actions;
        uint256 campaign;
        uint256 nonce;
        uint256 deadline;
    }

    struct SessionState {
        address key;
        uint40 expiry;
        uint32 used;
        uint64 passport;
        uint64 campaign;
        uint32 allowance;
        bool isRevoked;
    }

    /// @notice What a passport's actions made of it.
    /// @param x Place on the torus of 32 × 32 fields.
    /// @param tasks Bitmap of the micro-tasks that it did once.
    /// @param hearts Social actions that it received.
    struct Play {
        uint8 x;
        uint8 y;
        uint32 moves;
        uint32 treasures;
        uint32 coins;
        uint32 tasks;
        uint32 hearts;
    }

    /// @notice Why a group of a batch was passed over. The others of the batch go on.
    enum Refusal {
        UnknownSession,
        Revoked,
        Expired,
        WrongCampaign,
        AllowanceExceeded,
        MalformedActions,
        WrongSignature
    }

    event SessionOpened(uint256 indexed session, uint256 indexed passport, address indexed key, uint256 campaign, uint256 allowance, uint256 expiry);
    event SessionRevoked(uint256 indexed session, uint256 indexed passport);
    /// @notice All that anyone needs to recompute counts, plays and in-edges. `session` is zero if the owner signed.
    event ActionsRecorded(
        uint256 indexed campaign, uint256 indexed epoch, uint256 indexed passport, uint256 session, uint256 nonce, bytes actions
    );
    event GroupRefused(uint256 indexed campaign, uint256 indexed session, Refusal reason);
    /// @param bytesTotal Length of the batch.
    event BatchRecorded(
        uint256 indexed campaign, uint256 indexed epoch, address indexed relayer, uint256 actions, uint256 groups, uint256 refused, uint256 bytesTotal
    );

    error Engagements_NotOwner(address caller, uint256 passport);
    error Engagements_WrongSignature(address signer);
    error Engagements_WrongNonce(uint256 nonce, uint256 expected);
    error Engagements_Expired(uint256 deadline, uint256 time);
    error Engagements_InvalidSession(string field);
    error Engagements_UnknownSession(uint256 session);
    error Engagements_MalformedBatch(uint256 offset);
    error Engagements_MalformedActions();

    /// @notice Opens a session that the passport's owner signed (ERC-1271 included); sessions are numbered from 1. Anyone may relay.
    function openSession(Session calldata session, bytes calldata ownerSignature) external returns (uint256 id);

    /// @notice Ends a session at once. Only the passport's owner.
    function revokeSession(uint256 session) external;

    /// @notice Records the actions of one signature of the passport's owner.
    function engage(Engagement calldata engagement, bytes calldata ownerSignature) external;

    /// @notice Records a batch of groups, one signature of a session key each. Groups that are not valid are passed over.
    function submit(bytes calldata batch) external returns (uint256 actions, uint256 refused);

    function sessionOf(uint256 session) external view returns (SessionState memory);

    function sessionCount() external view returns (uint256);

    function sessionNonceOf(uint256 passport) external view returns (uint256);

    function ownerNonceOf(uint256 passport) external view returns (uint256);

    /// @notice Counts by kind of action, eight of 32 bits; kind 0 is lowest.
    function countsOf(uint256 campaign, uint256 epoch, uint256 passport) external view returns (uint256);

    /// @notice All actions of an epoch.
    function actionsIn(uint256 campaign, uint256 epoch) external view returns (uint256);

    function playOf(uint256 passport) external view returns (Play memory);

    /// @notice Social actions that `target` received in an epoch, as a hash chain, and how many are in it (docs/specs/PERSONA.md, section 6).
    function inEdgesOf(uint256 campaign, uint256 epoch, uint256 target) external view returns (bytes28 chain, uint32 count);
}
