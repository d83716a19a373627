// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title Campaigns of projects (0x4200…0034)
/// @notice A campaign says which badges matter and how much (PMS weights), what actions are worth, and what an epoch pays, in an ERC-20.
interface ICampaigns {
    /// @notice How a badge's value x becomes V in [0, 10^9]: Binary 10^9 if x > 0; Scaled 10^9 · min(x, max) / max, rounded down;
    /// Logarithmic log(x) / log(max) (docs/specs/PERSONA.md, section 3).
    enum Mode {
        Binary,
        Scaled,
        Logarithmic
    }

    /// @param weight 10^9 = 1; the weights of a campaign sum to 10^9.
    /// @param maximum Value that gives V = 1; ignored for Binary, at least 1 for Scaled, at least 2 for Logarithmic.
    struct Criterion {
        uint8 kind;
        Mode mode;
        uint32 weight;
        uint96 maximum;
    }

    /// @param token ERC-20 of the rewards.
    /// @param start Second at which epoch 0 begins; not in the past.
    /// @param epochCount The campaign ends with its last epoch.
    /// @param formula An `IRewardFormula`.
    /// @param trustIterations Rounds of EigenTrust, 1 to 16.
    /// @param actionWeights Worth of one action by kind.
    /// @param actionCaps How many actions of a kind count per passport and epoch.
    struct Terms {
        string name;
        address token;
        uint64 start;
        uint32 epochSeconds;
        uint32 epochCount;
        uint128 epochBudget;
        address formula;
        uint8 trustIterations;
        uint16[8] actionWeights;
        uint32[8] actionCaps;
        Criterion[] criteria;
    }

    event CampaignCreated(uint256 indexed campaign, address indexed owner, string name, address token);
    event CampaignFunded(uint256 indexed campaign, address indexed from, uint256 amount);
    /// @notice Budget of an epoch was set aside for its rewards.
    event BudgetAllocated(uint256 indexed campaign, uint256 amount);
    event RewardPaid(uint256 indexed campaign, address indexed to, uint256 amount);
    event CampaignReclaimed(uint256 indexed campaign, address indexed to, uint256 amount);

    error Campaigns_Unknown(uint256 campaign);
    error Campaigns_InvalidTerms(string field);
    error Campaigns_NotRunning(uint256 campaign, uint256 time);
    error Campaigns_NotOwner(address caller);
    error Campaigns_NotRewards(address caller);
    error Campaigns_OverAllocated(uint256 campaign, uint256 available, uint256 amount);
    error Campaigns_AmountZero();

    /// @notice Creates a campaign of the caller; campaigns are numbered from 1.
    function create(Terms calldata terms) external returns (uint256 campaign);

    /// @notice Adds `amount` of the campaign's token, which the caller approved.
    function fund(uint256 campaign, uint256 amount) external;

    /// @notice Sets `amount` aside for an epoch's rewards. Only the rewards contract.
    function allocate(uint256 campaign, uint256 amount) external;

    /// @notice Pays out of what was set aside: whatever a root says, never more than that. Only the rewards contract.
    function pay(uint256 campaign, address to, uint256 amount) external;

    /// @notice Gives back what no epoch was allocated, one day after the end. Only the owner.
    function reclaim(uint256 campaign) external;

    function campaignCount() external view returns (uint256);

    function termsOf(uint256 campaign) external view returns (Terms memory);

    function ownerOf(uint256 campaign) external view returns (address);

    /// @notice Funded and not allocated yet.
    function availableOf(uint256 campaign) external view returns (uint256);

    /// @notice Set aside and not paid yet.
    function allocatedOf(uint256 campaign) external view returns (uint256);

    /// @notice Number of the epoch that runs at `time`. Throws `Campaigns_NotRunning` before the start and after the end.
    function epochAt(uint256 campaign, uint256 time) external view returns (uint256 epoch);

    /// @notice First second after the epoch; scores of an epoch are taken at the end of the second before it.
    function epochEnd(uint256 campaign, uint256 epoch) external view returns (uint256);

    /// @notice Persona matching score at the end of second `time`, 10^9 = 1: Σ weight · V / 10^9, each term rounded down.
    function pmsAt(uint256 campaign, uint256 passport, uint256 time) external view returns (uint256);

    /// @notice V of each criterion, 10^9 = 1, for the project's view.
    function valuesAt(uint256 campaign, uint256 passport, uint256 time) external view returns (uint256[] memory);

    /// @notice Σ weight · min(count, cap) over packed counts (`IEngagements.countsOf`).
    function engagementOf(uint256 campaign, uint256 counts) external view returns (uint256);
}
