// SPDX-License-Identifier: MIT
// solc: viaIR
pragma solidity ^0.8.37;

import { IERC721 } from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import { ECDSA } from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import { EIP712 } from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import { SignatureChecker } from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import { ICampaigns } from "./interfaces/ICampaigns.sol";
import { IEngagements } from "./interfaces/IEngagements.sol";
import { IPassport } from "./interfaces/IPassport.sol";
import { PersonaPredeploys } from "./lib/PersonaPredeploys.sol";
import { Plays } from "./lib/Plays.sol";

/// @title Signed actions, relayed in batches
contract Engagements is EIP712, IEngagements {
    /// What all groups of a batch share.
    struct Context {
        uint256 campaign;
        uint256 epoch;
        uint256 deadline;
        uint256 supply;
    }

    /// Where a group stands in the batch.
    struct Group {
        uint256 session;
        bytes32 r;
        bytes32 vs;
    }

    bytes32 private constant SESSION_TYPE =
        keccak256("Session(uint256 passport,address key,uint256 campaign,uint256 allowance,uint256 expiry,uint256 nonce)");
    bytes32 private constant ENGAGEMENT_TYPE =
        keccak256("Engagement(uint256 passport,bytes actions,uint256 campaign,uint256 nonce,uint256 deadline)");
    uint256 private constant ACTIONS_LENGTH_MAX = 4_096;
    uint256 private constant DEADLINE_LENGTH = 5;
    uint256 private constant SIGNATURE_LENGTH = 64;
    uint256 private constant VARINT_BITS = 64;
    /// Longer chains would not fit a challenge into one transaction.
    uint256 private constant IN_EDGES_MAX = 1_024;
    uint256 private constant LANE_BITS = 32;
    ICampaigns private constant CAMPAIGNS = ICampaigns(PersonaPredeploys.CAMPAIGNS);
    IPassport private constant PASSPORT = IPassport(PersonaPredeploys.PASSPORT);

    uint256 private _sessionCount;
    mapping(uint256 session => SessionState) private _sessions;
    mapping(uint256 passport => uint256) private _sessionNonces;
    mapping(uint256 passport => uint256) private _ownerNonces;
    mapping(uint256 campaign => mapping(uint256 epoch => mapping(uint256 passport => uint256))) private _counts;
    mapping(uint256 campaign => mapping(uint256 epoch => uint256)) private _totals;
    /// Chain in the upper 28 bytes, its length in the lower four.
    mapping(uint256 campaign => mapping(uint256 epoch => mapping(uint256 target => uint256))) private _inEdges;
    mapping(uint256 passport => Play) private _plays;

    constructor() EIP712("Engagements", "1") { }

    /// @inheritdoc IEngagements
    function openSession(Session calldata session, bytes calldata ownerSignature) external returns (uint256 id) {
        if (block.timestamp > session.expiry) revert Engagements_Expired(session.expiry, block.timestamp);
        if (session.key == address(0)) revert Engagements_InvalidSession("key");
        if (session.expiry > type(uint40).max) revert Engagements_InvalidSession("expiry");
        if (session.allowance == 0 || session.allowance > type(uint32).max) revert Engagements_InvalidSession("allowance");
        if (session.campaign == 0 || session.campaign > CAMPAIGNS.campaignCount()) revert Engagements_InvalidSession("campaign");
        uint256 nonce = _sessionNonces[session.passport]++;
        if (session.nonce != nonce) revert Engagements_WrongNonce(session.nonce, nonce);
        bytes32 structHash = keccak256(
            abi.encode(
                SESSION_TYPE, session.passport, session.key, session.campaign, session.allowance, session.expiry, session.nonce
            )
        );
        _checkOwnerSignature(session.passport, structHash, ownerSignature);
        id = ++_sessionCount;
        _sessions[id] = SessionState({
            key: session.key,
            expiry: uint40(session.expiry),
            used: 0,
            passport: uint64(session.passport),
            campaign: uint64(session.campaign),
            allowance: uint32(session.allowance),
            isRevoked: false
        });
        emit SessionOpened(id, session.passport, session.key, session.campaign, session.allowance, session.expiry);
    }

    /// @inheritdoc IEngagements
    function revokeSession(uint256 session) external {
        SessionState storage state = _sessions[session];
        if (state.key == address(0)) revert Engagements_UnknownSession(session);
        uint256 passport = state.passport;
        if (_ownerOf(passport) != msg.sender) revert Engagements_NotOwner(msg.sender, passport);
        state.isRevoked = true;
        emit SessionRevoked(session, passport);
    }

    /// @inheritdoc IEngagements
    function engage(Engagement calldata engagement, bytes calldata ownerSignature) external {
        if (block.timestamp > engagement.deadline) revert Engagements_Expired(engagement.deadline, block.timestamp);
        uint256 passport = engagement.passport;
        uint256 nonce = _ownerNonces[passport];
        if (engagement.nonce != nonce) revert Engagements_WrongNonce(engagement.nonce, nonce);
        bytes calldata actions = engagement.actions;
        Context memory context = _contextOf(engagement.campaign, engagement.deadline);
        uint256 count = actions.length > ACTIONS_LENGTH_MAX ? 0 : Plays.count(actions, passport, context.supply);
        if (count == 0) revert Engagements_MalformedActions();
        _checkOwnerSignature(passport, _structHash(passport, actions, context, nonce), ownerSignature);
        _ownerNonces[passport] = nonce + count;
        _totals[context.campaign][context.epoch] += count;
        _apply(context, passport, actions);
        emit ActionsRecorded(context.campaign, context.epoch, passport, 0, nonce, actions);
    }

    /// @inheritdoc IEngagements
    function submit(bytes calldata batch) external returns (uint256 actions, uint256 refused) {
        (uint256 campaign, uint256 offset) = _varint(batch, 0);
        if (offset + DEADLINE_LENGTH > batch.length) revert Engagements_MalformedBatch(offset);
        uint256 deadline = uint40(bytes5(batch[offset:offset + DEADLINE_LENGTH]));
        offset += DEADLINE_LENGTH;
        if (block.timestamp > deadline) revert Engagements_Expired(deadline, block.timestamp);
        Context memory context = _contextOf(campaign, deadline);
        uint256 groups = 0;
        while (offset < batch.length) {
            uint256 done;
            (done, offset) = _group(context, batch, offset);
            actions += done;
            if (done == 0) ++refused;
            ++groups;
        }
        if (groups == 0) revert Engagements_MalformedBatch(offset);
        if (actions != 0) _totals[campaign][context.epoch] += actions;
        emit BatchRecorded(campaign, context.epoch, msg.sender, actions, groups, refused, batch.length);
    }

    /// @inheritdoc IEngagements
    function sessionOf(uint256 session) external view returns (SessionState memory) {
        return _sessions[session];
    }

    /// @inheritdoc IEngagements
    function sessionCount() external view returns (uint256) {
        return _sessionCount;
    }

    /// @inheritdoc IEngagements
    function sessionNonceOf(uint256 passport) external view returns (uint256) {
        return _sessionNonces[passport];
    }

    /// @inheritdoc IEngagements
    function ownerNonceOf(uint256 passport) external view returns (uint256) {
        return _ownerNonces[passport];
    }

    /// @inheritdoc IEngagements
    function countsOf(uint256 campaign, uint256 epoch, uint256 passport) external view returns (uint256) {
        return _counts[campaign][epoch][passport];
    }

    /// @inheritdoc IEngagements
    function actionsIn(uint256 campaign, uint256 epoch) external view returns (uint256) {
        return _totals[campaign][epoch];
    }

    /// @inheritdoc IEngagements
    function playOf(uint256 passport) external view returns (Play memory) {
        return _plays[passport];
    }

    /// @inheritdoc IEngagements
    function inEdgesOf(uint256 campaign, uint256 epoch, uint256 target) external view returns (bytes28 chain, uint32 count) {
        uint256 edges = _inEdges[campaign][epoch][target];
        return (bytes28(bytes32(edges)), uint32(edges));
    }

    /// Reads one group, and records it unless it is refused. Returns how many actions it recorded and where the next group begins.
    function _group(Context memory context, bytes calldata batch, uint256 offset) private returns (uint256 count, uint256 next) {
        Group memory group;
        uint256 length;
        (group.session, offset) = _varint(batch, offset);
        (length, offset) = _varint(batch, offset);
        bool isLengthRight = length != 0 && length <= ACTIONS_LENGTH_MAX;
        if (!isLengthRight || offset + length + SIGNATURE_LENGTH > batch.length) revert Engagements_MalformedBatch(offset);
        bytes calldata actions = batch[offset:offset + length];
        offset += length;
        next = offset + SIGNATURE_LENGTH;
        group.r = bytes32(batch[offset:offset + 32]);
        group.vs = bytes32(batch[offset + 32:next]);
        Refusal reason;
        (count, reason) = _record(context, group, actions);
        if (count == 0) emit GroupRefused(context.campaign, group.session, reason);
    }

    /// The rules of a group, in the order of the specification. Returns zero and the reason if one is broken.
    function _record(Context memory context, Group memory group, bytes calldata actions) private returns (uint256, Refusal) {
        SessionState storage session = _sessions[group.session];
        address key = session.key;
        if (key == address(0)) return (0, Refusal.UnknownSession);
        if (session.isRevoked) return (0, Refusal.Revoked);
        if (block.timestamp > session.expiry) return (0, Refusal.Expired);
        if (session.campaign != context.campaign) return (0, Refusal.WrongCampaign);
        uint256 passport = session.passport;
        uint256 count = Plays.count(actions, passport, context.supply);
        if (count == 0) return (0, Refusal.MalformedActions);
        uint256 nonce = session.used;
        if (nonce + count > session.allowance) return (0, Refusal.AllowanceExceeded);
        bytes32 digest = _hashTypedDataV4(_structHash(passport, actions, context, nonce));
        (address signer,,) = ECDSA.tryRecover(digest, group.r, group.vs);
        if (signer != key) return (0, Refusal.WrongSignature);
        session.used = uint32(nonce + count);
        _apply(context, passport, actions);
        emit ActionsRecorded(context.campaign, context.epoch, passport, group.session, nonce, actions);
        return (count, Refusal.UnknownSession);
    }

    /// Counts valid actions and plays them.
    function _apply(Context memory context, uint256 passport, bytes calldata actions) private {
        Play memory play = _plays[passport];
        uint256 counts = 0;
        uint256 offset = 0;
        while (offset < actions.length) {
            (uint256 kind, uint256 data, uint256 target, uint256 next) = Plays.read(actions, offset);
            if (kind == Plays.KIND_MICRO) Plays.reward(play, data);
            else if (kind == Plays.KIND_MOVE) Plays.move(play, data);
            else if (kind == Plays.KIND_SOCIAL) _meet(context, passport, target);
            unchecked {
                counts += 1 << (LANE_BITS * kind);
            }
            offset = next;
        }
        _plays[passport] = play;
        _counts[context.campaign][context.epoch][passport] += counts;
    }

    /// A social action: the target's heart, and the edge of the graph. The target is never the passport whose play is in memory.
    function _meet(Context memory context, uint256 source, uint256 target) private {
        unchecked {
            ++_plays[target].hearts;
        }
        uint256 edges = _inEdges[context.campaign][context.epoch][target];
        uint256 length = uint32(edges);
        if (length == IN_EDGES_MAX) return;
        bytes32 link = keccak256(abi.encodePacked(bytes28(bytes32(edges)), uint32(source)));
        _inEdges[context.campaign][context.epoch][target] = (uint256(link) & ~uint256(type(uint32).max)) | (length + 1);
    }

    function _contextOf(uint256 campaign, uint256 deadline) private view returns (Context memory) {
        uint256 epoch = CAMPAIGNS.epochAt(campaign, block.timestamp);
        return Context({ campaign: campaign, epoch: epoch, deadline: deadline, supply: PASSPORT.supply() });
    }

    function _structHash(uint256 passport, bytes calldata actions, Context memory context, uint256 nonce)
        private
        pure
        returns (bytes32)
    {
        return keccak256(
            abi.encode(ENGAGEMENT_TYPE, passport, keccak256(actions), context.campaign, nonce, context.deadline)
        );
    }

    function _checkOwnerSignature(uint256 passport, bytes32 structHash, bytes calldata signature) private view {
        address owner = _ownerOf(passport);
        bool isRight = SignatureChecker.isValidSignatureNowCalldata(owner, _hashTypedDataV4(structHash), signature);
        if (!isRight) revert Engagements_WrongSignature(owner);
    }

    function _ownerOf(uint256 passport) private view returns (address) {
        return IERC721(PersonaPredeploys.PASSPORT).ownerOf(passport);
    }

    /// A minimal LEB128 number below 2^64.
    function _varint(bytes calldata batch, uint256 offset) private pure returns (uint256 value, uint256 next) {
        for (uint256 shift = 0; shift < VARINT_BITS; shift += 7) {
            if (offset >= batch.length) break;
            uint256 digit = uint8(batch[offset]);
            bool isLast = digit < 128;
            bool isMinimal = digit != 0 || shift == 0;
            value |= (digit & 127) << shift;
            ++offset;
            if (isLast && isMinimal && value >> VARINT_BITS == 0) return (value, offset);
            if (isLast) break;
        }
        revert Engagements_MalformedBatch(offset);
    }
}
