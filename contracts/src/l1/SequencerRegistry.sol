// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import { ISequencerRegistry } from "../interfaces/ISequencerRegistry.sol";
import { BLS } from "../lib/BLS.sol";
import { StakedKeys } from "../lib/StakedKeys.sol";

/// @title Registry of the sequencer committee, its slashing and its rewards
contract SequencerRegistry is ISequencerRegistry {
    using StakedKeys for StakedKeys.Set;

    struct Settings {
        address inbox;
        uint256 minimumStake;
        uint256 memberLimit;
        uint256 emissionPerBatch;
        uint64 unbondingBlocks;
        uint64 epochBlocks;
    }

    uint8 private constant NOTARIZE = 1;
    uint8 private constant NULLIFY = 2;
    uint8 private constant FINALIZE = 3;
    bytes32 private constant VOTE_TAG = keccak256("trex.simplex.vote");
    uint256 private constant LEADER_PERCENT = 20;
    uint256 private constant SIGNERS_PERCENT = 60;
    uint256 private constant REPORTER_PERCENT = 10;
    /// Where slashed stake goes: an address without a key, so that supply stays easy to audit.
    address private constant BURN = 0x000000000000000000000000000000000000dEaD;

    address private immutable INBOX;
    uint256 private immutable MINIMUM_STAKE;
    uint256 private immutable MEMBER_LIMIT;
    uint256 private immutable EMISSION_PER_BATCH;
    uint64 private immutable UNBONDING_BLOCKS;
    uint64 private immutable EPOCH_BLOCKS;

    StakedKeys.Set private _set;
    uint256 private _totalWeight;
    uint256 private _rewardPool;
    mapping(address account => uint256) private _rewards;

    constructor(Settings memory settings) {
        INBOX = settings.inbox;
        MINIMUM_STAKE = settings.minimumStake;
        MEMBER_LIMIT = settings.memberLimit;
        EMISSION_PER_BATCH = settings.emissionPerBatch;
        UNBONDING_BLOCKS = settings.unbondingBlocks;
        EPOCH_BLOCKS = settings.epochBlocks;
    }

    /// @inheritdoc ISequencerRegistry
    function register(bytes calldata key, bytes calldata possession) external payable returns (uint256 index) {
        if (msg.value < MINIMUM_STAKE) revert SequencerRegistry_StakeTooSmall(msg.value, MINIMUM_STAKE);
        index = _set.members.length;
        StakedKeys.Refusal refusal = _set.add(msg.sender, msg.value, MEMBER_LIMIT, key, possession);
        if (refusal == StakedKeys.Refusal.InvalidKey) revert SequencerRegistry_InvalidKey();
        if (refusal == StakedKeys.Refusal.InvalidPossession) revert SequencerRegistry_InvalidPossession();
        if (refusal == StakedKeys.Refusal.KeyTaken) revert SequencerRegistry_KeyAlreadyRegistered();
        if (refusal == StakedKeys.Refusal.OperatorTaken) revert SequencerRegistry_OperatorAlreadyRegistered();
        if (refusal == StakedKeys.Refusal.Full) revert SequencerRegistry_CommitteeFull();
        _totalWeight += msg.value;
        emit MemberRegistered(index, msg.sender, msg.value, key);
    }

    /// @inheritdoc ISequencerRegistry
    function requestExit() external {
        uint256 index = _callerIndex();
        StakedKeys.Member storage self = _set.members[index];
        if (!_set.isActive(index)) revert SequencerRegistry_AlreadyLeaving();
        self.exitBlock = uint64(block.number);
        _totalWeight -= self.stake;
        _set.deactivate(index);
        emit MemberExitRequested(index, block.number + UNBONDING_BLOCKS);
    }

    /// @inheritdoc ISequencerRegistry
    function withdraw() external {
        uint256 index = _callerIndex();
        StakedKeys.Member storage self = _set.members[index];
        uint256 amount = self.stake;
        uint256 atBlock = self.exitBlock == 0 ? type(uint256).max : self.exitBlock + UNBONDING_BLOCKS;
        if (block.number < atBlock || amount == 0) revert SequencerRegistry_NotWithdrawable(atBlock);
        self.stake = 0;
        emit MemberWithdrawn(index, msg.sender, amount);
        _send(msg.sender, amount);
    }

    /// @inheritdoc ISequencerRegistry
    function slash(uint256 culprit, Vote calldata first, Vote calldata second) external {
        if (culprit >= _set.members.length) revert SequencerRegistry_UnknownSigner(culprit);
        StakedKeys.Member storage accused = _set.members[culprit];
        uint256 amount = accused.stake;
        if (accused.slashed || amount == 0) revert SequencerRegistry_AlreadySlashed();
        if (!_conflict(first, second)) revert SequencerRegistry_NoConflict();
        _assertVote(accused.publicKey, first);
        _assertVote(accused.publicKey, second);
        if (_set.isActive(culprit)) {
            _totalWeight -= amount;
            _set.deactivate(culprit);
        }
        accused.slashed = true;
        accused.stake = 0;
        uint256 reporterReward = (amount * REPORTER_PERCENT) / 100;
        _rewards[msg.sender] += reporterReward;
        emit MemberSlashed(culprit, msg.sender, first.viewNumber, amount, reporterReward);
        _send(BURN, amount - reporterReward);
    }

    /// @inheritdoc ISequencerRegistry
    function fundRewards() external payable {
        _rewardPool += msg.value;
        emit RewardsFunded(msg.sender, msg.value);
    }

    /// @inheritdoc ISequencerRegistry
    function creditBatch(uint256 entryIndex, address poster, uint256 signers) external {
        if (msg.sender != INBOX) revert SequencerRegistry_NotInbox();
        uint256 reward = EMISSION_PER_BATCH < _rewardPool ? EMISSION_PER_BATCH : _rewardPool;
        uint256 leaderReward = (reward * LEADER_PERCENT) / 100;
        uint256 signersPart = (reward * SIGNERS_PERCENT) / 100;
        uint256 weight = _totalWeight;
        uint256 signersReward = 0;
        uint256 earning = signers & _set.active;
        for (uint256 i = 0; earning >> i != 0; ++i) {
            if ((earning >> i) & 1 == 0) continue;
            StakedKeys.Member storage signer = _set.members[i];
            uint256 part = (signersPart * signer.stake) / weight;
            signersReward += part;
            _rewards[signer.operator] += part;
        }
        _rewards[poster] += leaderReward;
        _rewardPool -= leaderReward + signersReward;
        emit BatchCredited(entryIndex, poster, signers, leaderReward, signersReward, reward - leaderReward - signersReward);
    }

    /// @inheritdoc ISequencerRegistry
    function claimReward() external returns (uint256 amount) {
        amount = _rewards[msg.sender];
        if (amount == 0) revert SequencerRegistry_NothingToClaim();
        _rewards[msg.sender] = 0;
        emit RewardClaimed(msg.sender, amount);
        _send(msg.sender, amount);
    }

    /// @inheritdoc ISequencerRegistry
    function verifyCertificate(bytes32 digest, uint256 signers, bytes calldata signature) external view returns (uint256 weight) {
        (bytes memory key, uint256 unknown) = _set.aggregate(signers);
        if (unknown != type(uint256).max) revert SequencerRegistry_UnknownSigner(unknown);
        uint256 counting = signers & _set.active;
        for (uint256 i = 0; counting >> i != 0; ++i) {
            if ((counting >> i) & 1 == 1) weight += _set.members[i].stake;
        }
        if (weight < quorum()) revert SequencerRegistry_QuorumMissing(weight, quorum());
        if (!BLS.verify(key, digest, signature, BLS.SIGNATURE_DOMAIN)) revert SequencerRegistry_InvalidSignature();
    }

    /// @inheritdoc ISequencerRegistry
    function voteDigest(uint8 kind, uint64 viewNumber, bytes32 blockHash) public pure returns (bytes32) {
        return keccak256(abi.encode(VOTE_TAG, kind, viewNumber, blockHash));
    }

    /// @inheritdoc ISequencerRegistry
    function memberCount() external view returns (uint256) {
        return _set.members.length;
    }

    /// @inheritdoc ISequencerRegistry
    function member(uint256 index) external view returns (Member memory) {
        StakedKeys.Member storage found = _memberAt(index);
        return Member({ operator: found.operator, stake: found.stake, exitBlock: found.exitBlock, slashed: found.slashed });
    }

    /// @inheritdoc ISequencerRegistry
    function publicKey(uint256 index) external view returns (bytes memory) {
        return _memberAt(index).publicKey;
    }

    /// @inheritdoc ISequencerRegistry
    function weightOf(uint256 index) external view returns (uint256) {
        return _set.isActive(index) ? _memberAt(index).stake : 0;
    }

    /// @inheritdoc ISequencerRegistry
    function activeMembers() external view returns (uint256) {
        return _set.active;
    }

    /// @inheritdoc ISequencerRegistry
    function totalWeight() external view returns (uint256) {
        return _totalWeight;
    }

    /// @inheritdoc ISequencerRegistry
    function quorum() public view returns (uint256) {
        return (2 * _totalWeight) / 3 + 1;
    }

    /// @inheritdoc ISequencerRegistry
    function epoch() external view returns (uint256) {
        return block.number / EPOCH_BLOCKS;
    }

    /// @inheritdoc ISequencerRegistry
    function rewardOf(address account) external view returns (uint256) {
        return _rewards[account];
    }

    /// @inheritdoc ISequencerRegistry
    function rewardPool() external view returns (uint256) {
        return _rewardPool;
    }

    /// @inheritdoc ISequencerRegistry
    function minimumStake() external view returns (uint256) {
        return MINIMUM_STAKE;
    }

    /// @inheritdoc ISequencerRegistry
    function emissionPerBatch() external view returns (uint256) {
        return EMISSION_PER_BATCH;
    }

    function _memberAt(uint256 index) private view returns (StakedKeys.Member storage) {
        if (index >= _set.members.length) revert SequencerRegistry_UnknownSigner(index);
        return _set.members[index];
    }

    function _callerIndex() private view returns (uint256) {
        uint256 place = _set.indexOf[msg.sender];
        if (place == 0) revert SequencerRegistry_NotMember();
        return place - 1;
    }

    /// Rationale: an honest member notarizes one block and finalizes one block in a view, and never finalizes a view that it nullified.
    /// Nullify beside notarize is legal in Simplex.
    function _conflict(Vote calldata first, Vote calldata second) private pure returns (bool) {
        if (first.viewNumber != second.viewNumber) return false;
        if (first.kind == second.kind) return first.kind != NULLIFY && first.blockHash != second.blockHash;
        return (first.kind == NULLIFY && second.kind == FINALIZE) || (first.kind == FINALIZE && second.kind == NULLIFY);
    }

    function _assertVote(bytes memory key, Vote calldata vote) private view {
        bool known = vote.kind == NOTARIZE || vote.kind == NULLIFY || vote.kind == FINALIZE;
        if (!known || (vote.kind == NULLIFY && vote.blockHash != 0)) revert SequencerRegistry_InvalidVote();
        bytes32 digest = voteDigest(vote.kind, vote.viewNumber, vote.blockHash);
        if (!BLS.verify(key, digest, vote.signature, BLS.SIGNATURE_DOMAIN)) revert SequencerRegistry_InvalidSignature();
    }

    function _send(address to, uint256 amount) private {
        (bool success,) = to.call{ value: amount }("");
        if (!success) revert SequencerRegistry_TransferFailed();
    }
}
