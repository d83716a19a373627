// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title Registry of the sequencer committee
/// @notice Members join with stake and a BLS key. A member's index is its place in the order of registration, forever; bit i of a
/// `signers` bitmap is member i. What is signed: docs/specs/DIGESTS.md.
interface ISequencerRegistry {
    /// @param operator The account that registered, receives rewards and may leave.
    /// @param stake Wei at stake; also the member's weight while it is active.
    /// @param exitBlock L1 block of the request to leave; 0 while the member stays.
    /// @param slashed Whether the member lost its stake to evidence.
    struct Member {
        address operator;
        uint256 stake;
        uint64 exitBlock;
        bool slashed;
    }

    /// @param kind 1 notarize, 2 nullify, 3 finalize.
    /// @param viewNumber The view of the committee.
    /// @param blockHash Hash of the ordered block; zero for nullify.
    /// @param signature The member's own signature, G2 in EIP-2537 form (256 bytes).
    struct Vote {
        uint8 kind;
        uint64 viewNumber;
        bytes32 blockHash;
        bytes signature;
    }

    event MemberRegistered(uint256 indexed index, address indexed operator, uint256 stake, bytes publicKey);
    event MemberExitRequested(uint256 indexed index, uint256 withdrawableAtBlock);
    event MemberWithdrawn(uint256 indexed index, address indexed operator, uint256 amount);
    event MemberSlashed(uint256 indexed index, address indexed reporter, uint64 viewNumber, uint256 amount, uint256 reporterReward);
    event RewardsFunded(address indexed from, uint256 amount);
    /// @param leaderReward What the poster of the batch was credited.
    /// @param signersReward Sum of what the signers were credited, by weight.
    /// @param unearned What stays in the pool because members did not sign; it is never paid to others.
    event BatchCredited(uint256 indexed entryIndex, address indexed poster, uint256 signers, uint256 leaderReward, uint256 signersReward, uint256 unearned);
    event RewardClaimed(address indexed account, uint256 amount);

    error SequencerRegistry_StakeTooSmall(uint256 stake, uint256 minimum);
    error SequencerRegistry_InvalidKey();
    error SequencerRegistry_InvalidPossession();
    error SequencerRegistry_KeyAlreadyRegistered();
    error SequencerRegistry_OperatorAlreadyRegistered();
    error SequencerRegistry_CommitteeFull();
    error SequencerRegistry_NotMember();
    error SequencerRegistry_AlreadyLeaving();
    error SequencerRegistry_NotWithdrawable(uint256 atBlock);
    error SequencerRegistry_UnknownSigner(uint256 index);
    error SequencerRegistry_QuorumMissing(uint256 weight, uint256 quorum);
    error SequencerRegistry_InvalidSignature();
    error SequencerRegistry_AlreadySlashed();
    error SequencerRegistry_NoConflict();
    error SequencerRegistry_InvalidVote();
    error SequencerRegistry_NotInbox();
    error SequencerRegistry_NothingToClaim();
    error SequencerRegistry_TransferFailed();

    /// @notice Joins the committee. `msg.value` is the stake.
    /// @param publicKey G1 point in EIP-2537 form (128 bytes).
    /// @param possession Signature over keccak256(publicKey) with the POP domain, G2 in EIP-2537 form (256 bytes).
    /// @return index The member's index.
    function register(bytes calldata publicKey, bytes calldata possession) external payable returns (uint256 index);

    /// @notice Leaves the committee at once; the stake can be withdrawn after the unbonding time and slashed until then.
    function requestExit() external;

    /// @notice Pays the stake back to the caller after the unbonding time.
    function withdraw() external;

    /// @notice Slashes a member that signed two conflicting votes in one view: two different blocks of one kind, or nullify and finalize.
    /// The caller is paid a share; the rest is burnt.
    function slash(uint256 culprit, Vote calldata first, Vote calldata second) external;

    /// @notice Adds to the pool from which batches are rewarded.
    function fundRewards() external payable;

    /// @notice Credits the poster and the signers of an accepted batch. Only the inbox calls it.
    function creditBatch(uint256 entryIndex, address poster, uint256 signers) external;

    /// @notice Pays the caller what it was credited.
    function claimReward() external returns (uint256 amount);

    /// @notice Reverts unless members with quorum weight signed `digest`. A slashed or leaving signer's key counts in the aggregate,
    /// but its weight does not.
    /// @param signature Aggregate, G2 in EIP-2537 form (256 bytes).
    /// @return weight Weight of the active signers.
    function verifyCertificate(bytes32 digest, uint256 signers, bytes calldata signature) external view returns (uint256 weight);

    /// @notice Digest of a vote, as docs/specs/DIGESTS.md defines it.
    function voteDigest(uint8 kind, uint64 viewNumber, bytes32 blockHash) external pure returns (bytes32);

    function memberCount() external view returns (uint256);

    function member(uint256 index) external view returns (Member memory);

    /// @notice EIP-2537 form of a member's key.
    function publicKey(uint256 index) external view returns (bytes memory);

    /// @notice Weight of a member now: its stake, or 0 when it left or was slashed.
    function weightOf(uint256 index) external view returns (uint256);

    /// @notice Bitmap of the members of the committee.
    function activeMembers() external view returns (uint256);

    function totalWeight() external view returns (uint256);

    /// @notice ⌊2W/3⌋ + 1.
    function quorum() external view returns (uint256);

    /// @notice Number of the current epoch.
    function epoch() external view returns (uint256);

    function rewardOf(address account) external view returns (uint256);

    /// @notice Wei that can still be credited to batches.
    function rewardPool() external view returns (uint256);

    function minimumStake() external view returns (uint256);

    function emissionPerBatch() external view returns (uint256);
}
