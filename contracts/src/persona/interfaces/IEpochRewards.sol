// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title Rewards of an epoch: proposed with a bond, challenged row by row, claimed with a proof (0x4200…0036)
/// @notice A wrong root is a valid transaction, so the rollup's fraud proof does not touch it. This is the application's own challenge: one wrong
/// row, named by anyone, is recomputed from what this chain recorded, bit for bit (docs/specs/PERSONA.md, sections 5 to 7). All trees have one leaf per passport:
/// leaf number passport − 1, depth ⌈log2(passports)⌉.
interface IEpochRewards {
    /// @notice Leaf of the rewards' tree: keccak256(bytes.concat(keccak256(abi.encode(row)))).
    /// @param prefix Sum of the shares of passports 1 to this one.
    /// @param amount Of this epoch: epochBudget · share / total, rounded down.
    /// @param cumulative Of all epochs of the campaign.
    struct Row {
        uint256 passport;
        uint256 engagement;
        uint256 pms;
        uint256 trust;
        uint256 prefix;
        uint256 amount;
        uint256 cumulative;
    }

    struct RowProof {
        Row row;
        bytes32[] proof;
    }

    /// @notice Leaf of a trust tree: keccak256(bytes.concat(keccak256(abi.encode(passport, trust)))).
    struct TrustProof {
        uint256 passport;
        uint256 trust;
        bytes32[] proof;
    }

    /// @notice Leaves of one trust tree, for many different passports in ascending order.
    /// @param siblings Level by level from the bottom, from left to right: those nodes that are neither given nor computed.
    struct TrustSet {
        uint256[] passports;
        uint256[] trusts;
        bytes32[] siblings;
    }

    /// @param id Numbers all proposals, from 1.
    /// @param passports How many there were at the epoch's end.
    /// @param deadline Last second of the challenge. Openings prolong it.
    /// @param demandDeadline Last second in which leaves may be demanded.
    /// @param total Sum of all shares: `prefix` of the last row.
    /// @param trustRoots Roots after 0, 1, …, `trustIterations` rounds.
    struct Proposal {
        address proposer;
        uint64 id;
        uint32 openDemands;
        uint64 epoch;
        uint64 passports;
        uint64 deadline;
        uint64 demandDeadline;
        bytes32 rewardsRoot;
        uint256 total;
        bytes32[] trustRoots;
    }

    /// @notice Everything that the recomputation of one row needs besides this chain's state.
    /// @param before Row of passport − 1; ignored for passport 1.
    /// @param trust Leaf of the passport under the last trust root.
    /// @param last The passport's row under the last final root; ignored if there is none or the passport is younger.
    struct Evidence {
        RowProof row;
        RowProof before;
        TrustProof trust;
        RowProof last;
    }

    enum Fault {
        Row,
        Total,
        Trust,
        Unanswered
    }

    /// @param amounts Published amounts, 12 bytes per passport in order; it helps challengers to find a wrong row and is not checked.
    event RootProposed(
        uint256 indexed campaign, uint256 indexed epoch, address indexed proposer, bytes32 rewardsRoot, uint256 total, bytes32[] trustRoots, bytes amounts
    );
    event RootRemoved(uint256 indexed campaign, uint256 indexed epoch, address indexed challenger, Fault fault, uint256 passport, uint256 slashedWei);
    event RootFinalized(uint256 indexed campaign, uint256 indexed epoch, bytes32 rewardsRoot, uint256 allocated);
    /// @param tree 0: the rewards' tree; 1 + k: the trust tree of round k.
    event LeafDemanded(uint256 indexed campaign, uint256 indexed tree, uint256 indexed passport, address challenger, uint256 deadline);
    event RowOpened(uint256 indexed campaign, uint256 indexed passport, Row row);
    event TrustOpened(uint256 indexed campaign, uint256 indexed round, uint256 indexed passport, uint256 trust);
    event BondCredited(address indexed to, uint256 amountWei);
    event RewardClaimed(uint256 indexed campaign, uint256 indexed passport, address indexed to, uint256 amount);

    error EpochRewards_WrongBond(uint256 bondWei, uint256 neededWei);
    error EpochRewards_AlreadyPending(uint256 campaign);
    error EpochRewards_NothingPending(uint256 campaign);
    error EpochRewards_EpochNotOver(uint256 epoch, uint256 end);
    error EpochRewards_WrongEpoch(uint256 epoch, uint256 expected);
    error EpochRewards_WrongRootCount(uint256 count, uint256 expected);
    error EpochRewards_ChallengeOver(uint256 deadline);
    error EpochRewards_ChallengeOpen(uint256 deadline);
    error EpochRewards_WrongProof(uint256 passport);
    error EpochRewards_WrongEvidence(string field);
    /// @notice The challenged value is right.
    error EpochRewards_RowIsRight(uint256 passport);
    error EpochRewards_AlreadyDemanded(uint256 tree, uint256 passport);
    error EpochRewards_NotDemanded(uint256 tree, uint256 passport);
    error EpochRewards_NoFinalRoot(uint256 campaign);
    error EpochRewards_NothingToClaim(uint256 campaign, uint256 passport);
    error EpochRewards_BudgetMissing(uint256 campaign, uint256 available, uint256 budget);
    error EpochRewards_DemandOpen(uint256 count);
    error EpochRewards_DemandStands(uint256 proposal);
    error EpochRewards_TransferFailed(address to, uint256 amountWei);

    /// @notice Proposes the root of an epoch that is over, with `bondWei`. Epochs go in order; those without an action may be left out.
    function propose(
        uint256 campaign,
        uint256 epoch,
        bytes32 rewardsRoot,
        uint256 total,
        bytes32[] calldata trustRoots,
        bytes calldata amounts
    ) external payable;

    /// @notice Recomputes one row. If it is wrong, the proposal is removed: half of its bond goes to the caller, half to 0x…dEaD.
    function challengeRow(uint256 campaign, Evidence calldata evidence) external;

    /// @notice Compares the last row's prefix with the total.
    function challengeTotal(uint256 campaign, RowProof calldata lastRow) external;

    /// @notice Recomputes one passport's trust after round `round`: from its points if 0, else from its in-edges and round − 1.
    /// @param sources The in-edges, 4 bytes per source, in the order of the hash chain.
    /// @param before Leaves of round − 1 for each different source.
    function challengeTrust(
        uint256 campaign,
        uint256 round,
        TrustProof calldata leaf,
        bytes calldata sources,
        TrustSet calldata before
    ) external;

    /// @notice Asks the proposer to open one leaf, with `demandBondWei`. Unanswered in time, the proposal falls.
    /// @param tree 0: the rewards' tree; 1 + k: the trust tree of round k.
    function demand(uint256 campaign, uint256 tree, uint256 passport) external payable;

    /// @notice Opens a row that was demanded; its bond goes to the proposer. The challenge's time begins anew.
    function openRow(uint256 campaign, RowProof calldata row) external;

    function openTrust(uint256 campaign, uint256 round, TrustProof calldata leaf) external;

    /// @notice Removes a proposal whose proposer left a demand unanswered. Anyone; slashed as for a wrong row.
    function expire(uint256 campaign, uint256 tree, uint256 passport) external;

    /// @notice Gives the bond of a demand back whose proposal fell in another way.
    function refundDemand(uint256 campaign, uint256 proposal, uint256 tree, uint256 passport) external;

    /// @notice Pays the caller its bonds and rewards.
    function withdraw() external returns (uint256 amountWei);

    /// @notice Makes the pending root final once its time is over, and takes the epoch's budget from the campaign. Anyone.
    function finalize(uint256 campaign) external;

    /// @notice Pays what a passport earned and was not paid yet to its owner. Anyone may call, so it needs no gas of theirs.
    function claim(uint256 campaign, RowProof calldata row) external returns (uint256 amount);

    function pendingOf(uint256 campaign) external view returns (Proposal memory);

    /// @notice Last final root. L1 proves it (PersonaProver): the slot is keccak256(abi.encode(campaign, 0)).
    function rootOf(uint256 campaign) external view returns (bytes32);

    /// @notice Epoch and number of passports of the last final root; zero if there is none.
    function finalOf(uint256 campaign) external view returns (uint64 epoch, uint64 passports);

    /// @notice First epoch that may be proposed next.
    function nextEpochOf(uint256 campaign) external view returns (uint256);

    /// @notice Wei that `withdraw` would pay.
    function creditOf(address account) external view returns (uint256);

    function claimedOf(uint256 campaign, uint256 passport) external view returns (uint256);

    function bondWei() external view returns (uint256);

    function demandBondWei() external view returns (uint256);

    function challengeSeconds() external view returns (uint64);
}
