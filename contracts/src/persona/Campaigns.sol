// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { SafeERC20 } from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import { Math } from "@openzeppelin/contracts/utils/math/Math.sol";
import { ReentrancyGuardTransient } from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import { IBadges } from "./interfaces/IBadges.sol";
import { ICampaigns } from "./interfaces/ICampaigns.sol";
import { BinaryLogarithm } from "./lib/BinaryLogarithm.sol";
import { PersonaPredeploys } from "./lib/PersonaPredeploys.sol";

/// @title Campaigns of projects
/// @notice It holds the tokens of all campaigns and books them apart, so that a token that misbehaves hurts its own campaign alone.
contract Campaigns is ICampaigns, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    struct Account {
        address owner;
        uint256 available;
        uint256 allocated;
    }

    uint256 private constant ONE = 1e9;
    uint256 private constant CRITERIA_MAX = 16;
    uint256 private constant ITERATIONS_MAX = 16;
    uint256 private constant NAME_MAX = 64;
    uint256 private constant GRACE_SECONDS = 1 days;
    uint256 private constant LANES = 8;
    IBadges private constant BADGES = IBadges(PersonaPredeploys.BADGES);

    uint256 private _count;
    mapping(uint256 campaign => Terms) private _terms;
    mapping(uint256 campaign => Account) private _accounts;

    /// @inheritdoc ICampaigns
    function create(Terms calldata terms) external returns (uint256 campaign) {
        _checkTerms(terms);
        _checkCriteria(terms.criteria);
        campaign = ++_count;
        _store(_terms[campaign], terms);
        _accounts[campaign].owner = msg.sender;
        emit CampaignCreated(campaign, msg.sender, terms.name, terms.token);
    }

    /// @inheritdoc ICampaigns
    function fund(uint256 campaign, uint256 amount) external nonReentrant {
        IERC20 token = IERC20(_known(campaign).token);
        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = token.balanceOf(address(this)) - before;
        if (received == 0) revert Campaigns_AmountZero();
        _accounts[campaign].available += received;
        emit CampaignFunded(campaign, msg.sender, received);
    }

    /// @inheritdoc ICampaigns
    function allocate(uint256 campaign, uint256 amount) external {
        _checkRewards();
        Account storage account = _accounts[campaign];
        if (account.available < amount) revert Campaigns_OverAllocated(campaign, account.available, amount);
        account.available -= amount;
        account.allocated += amount;
        emit BudgetAllocated(campaign, amount);
    }

    /// @inheritdoc ICampaigns
    function pay(uint256 campaign, address to, uint256 amount) external nonReentrant {
        _checkRewards();
        Account storage account = _accounts[campaign];
        if (account.allocated < amount) revert Campaigns_OverAllocated(campaign, account.allocated, amount);
        account.allocated -= amount;
        emit RewardPaid(campaign, to, amount);
        IERC20(_terms[campaign].token).safeTransfer(to, amount);
    }

    /// @inheritdoc ICampaigns
    function reclaim(uint256 campaign) external nonReentrant {
        Terms storage terms = _known(campaign);
        Account storage account = _accounts[campaign];
        if (msg.sender != account.owner) revert Campaigns_NotOwner(msg.sender);
        uint256 until = epochEnd(campaign, terms.epochCount - 1) + GRACE_SECONDS;
        if (block.timestamp < until) revert Campaigns_NotRunning(campaign, until);
        uint256 amount = account.available;
        if (amount == 0) revert Campaigns_AmountZero();
        account.available = 0;
        emit CampaignReclaimed(campaign, msg.sender, amount);
        IERC20(terms.token).safeTransfer(msg.sender, amount);
    }

    /// @inheritdoc ICampaigns
    function campaignCount() external view returns (uint256) {
        return _count;
    }

    /// @inheritdoc ICampaigns
    function termsOf(uint256 campaign) external view returns (Terms memory) {
        return _known(campaign);
    }

    /// @inheritdoc ICampaigns
    function ownerOf(uint256 campaign) external view returns (address) {
        _known(campaign);
        return _accounts[campaign].owner;
    }

    /// @inheritdoc ICampaigns
    function availableOf(uint256 campaign) external view returns (uint256) {
        return _accounts[campaign].available;
    }

    /// @inheritdoc ICampaigns
    function allocatedOf(uint256 campaign) external view returns (uint256) {
        return _accounts[campaign].allocated;
    }

    /// @inheritdoc ICampaigns
    function epochAt(uint256 campaign, uint256 time) external view returns (uint256 epoch) {
        Terms storage terms = _known(campaign);
        uint256 start = terms.start;
        if (time < start) revert Campaigns_NotRunning(campaign, time);
        epoch = (time - start) / terms.epochSeconds;
        if (epoch >= terms.epochCount) revert Campaigns_NotRunning(campaign, time);
    }

    /// @inheritdoc ICampaigns
    function epochEnd(uint256 campaign, uint256 epoch) public view returns (uint256) {
        Terms storage terms = _known(campaign);
        return terms.start + (epoch + 1) * terms.epochSeconds;
    }

    /// @inheritdoc ICampaigns
    function pmsAt(uint256 campaign, uint256 passport, uint256 time) external view returns (uint256 score) {
        Criterion[] storage criteria = _known(campaign).criteria;
        for (uint256 i = 0; i < criteria.length; ++i) {
            Criterion memory criterion = criteria[i];
            score += (criterion.weight * _valueOf(criterion, passport, time)) / ONE;
        }
    }

    /// @inheritdoc ICampaigns
    function valuesAt(uint256 campaign, uint256 passport, uint256 time) external view returns (uint256[] memory values) {
        Criterion[] storage criteria = _known(campaign).criteria;
        values = new uint256[](criteria.length);
        for (uint256 i = 0; i < values.length; ++i) values[i] = _valueOf(criteria[i], passport, time);
    }

    /// @inheritdoc ICampaigns
    function engagementOf(uint256 campaign, uint256 counts) external view returns (uint256 engagement) {
        Terms storage terms = _known(campaign);
        for (uint256 kind = 0; kind < LANES; ++kind) {
            uint256 count = uint32(counts >> (32 * kind));
            engagement += terms.actionWeights[kind] * Math.min(count, terms.actionCaps[kind]);
        }
    }

    /// V of docs/specs/PERSONA.md, section 3.
    function _valueOf(Criterion memory criterion, uint256 passport, uint256 time) private view returns (uint256) {
        uint256 value = BADGES.valueAt(passport, criterion.kind, time);
        if (value == 0) return 0;
        if (criterion.mode == Mode.Binary) return ONE;
        uint256 maximum = criterion.maximum;
        value = Math.min(value, maximum);
        if (criterion.mode == Mode.Scaled) return (ONE * value) / maximum;
        uint256 whole = BinaryLogarithm.log2(maximum);
        return (ONE * BinaryLogarithm.log2(value) + whole / 2) / whole;
    }

    /// Field by field: solc's older pipeline cannot copy an array of structs from calldata.
    function _store(Terms storage to, Terms calldata from) private {
        to.name = from.name;
        to.token = from.token;
        to.start = from.start;
        to.epochSeconds = from.epochSeconds;
        to.epochCount = from.epochCount;
        to.epochBudget = from.epochBudget;
        to.formula = from.formula;
        to.trustIterations = from.trustIterations;
        to.actionWeights = from.actionWeights;
        to.actionCaps = from.actionCaps;
        for (uint256 i = 0; i < from.criteria.length; ++i) to.criteria.push(from.criteria[i]);
    }

    function _known(uint256 campaign) private view returns (Terms storage) {
        if (campaign == 0 || campaign > _count) revert Campaigns_Unknown(campaign);
        return _terms[campaign];
    }

    function _checkRewards() private view {
        if (msg.sender != PersonaPredeploys.EPOCH_REWARDS) revert Campaigns_NotRewards(msg.sender);
    }

    function _checkTerms(Terms calldata terms) private view {
        if (bytes(terms.name).length == 0 || bytes(terms.name).length > NAME_MAX) revert Campaigns_InvalidTerms("name");
        if (terms.token.code.length == 0) revert Campaigns_InvalidTerms("token");
        if (terms.start < block.timestamp || terms.start > type(uint40).max) revert Campaigns_InvalidTerms("start");
        if (terms.epochSeconds == 0) revert Campaigns_InvalidTerms("epochSeconds");
        if (terms.epochCount == 0) revert Campaigns_InvalidTerms("epochCount");
        if (terms.epochBudget == 0) revert Campaigns_InvalidTerms("epochBudget");
        if (terms.formula.code.length == 0) revert Campaigns_InvalidTerms("formula");
        if (terms.trustIterations == 0 || terms.trustIterations > ITERATIONS_MAX) revert Campaigns_InvalidTerms("trustIterations");
    }

    function _checkCriteria(Criterion[] calldata criteria) private view {
        if (criteria.length == 0 || criteria.length > CRITERIA_MAX) revert Campaigns_InvalidTerms("criteria");
        uint256 kinds = BADGES.kindCount();
        uint256 sum = 0;
        for (uint256 i = 0; i < criteria.length; ++i) {
            Criterion calldata criterion = criteria[i];
            if (criterion.kind >= kinds) revert Campaigns_InvalidTerms("kind");
            if (criterion.maximum < uint256(criterion.mode)) revert Campaigns_InvalidTerms("maximum");
            sum += criterion.weight;
        }
        if (sum != ONE) revert Campaigns_InvalidTerms("weight");
    }
}
