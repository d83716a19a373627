// SPDX-License-Identifier: MIT
// solc: viaIR
pragma solidity ^0.8.37;

import { IERC721 } from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import { Math } from "@openzeppelin/contracts/utils/math/Math.sol";
import { IBadges } from "./interfaces/IBadges.sol";
import { ICampaigns } from "./interfaces/ICampaigns.sol";
import { IEngagements } from "./interfaces/IEngagements.sol";
import { IEpochRewards } from "./interfaces/IEpochRewards.sol";
import { IPassport } from "./interfaces/IPassport.sol";
import { IRewardFormula } from "./interfaces/IRewardFormula.sol";
import { IndexedMerkle } from "./lib/IndexedMerkle.sol";
import { PersonaPredeploys } from "./lib/PersonaPredeploys.sol";

/// @dev First in line of inheritance, so that L1 finds it at slot 0.
abstract contract FinalRoots {
    mapping(uint256 campaign => bytes32) internal _roots;
}

/// @title Rewards of an epoch
contract EpochRewards is FinalRoots, IEpochRewards {
    struct Final {
        uint64 epoch;
        uint64 passports;
    }

    struct Demand {
        address challenger;
        uint64 deadline;
    }

    address private constant BURNED = 0x000000000000000000000000000000000000dEaD;
    uint256 private constant ONE = 1e9;
    uint256 private constant BOND = 1 ether;
    uint256 private constant DEMAND_BOND = 0.01 ether;
    uint256 private constant KIND_SOCIAL = 2;
    uint256 private constant LANE_BITS = 32;
    uint256 private constant SOURCE_LENGTH = 4;
    IBadges private constant BADGES = IBadges(PersonaPredeploys.BADGES);
    ICampaigns private constant CAMPAIGNS = ICampaigns(PersonaPredeploys.CAMPAIGNS);
    IEngagements private constant ENGAGEMENTS = IEngagements(PersonaPredeploys.ENGAGEMENTS);
    uint64 private immutable CHALLENGE_SECONDS;

    uint64 private _proposalCount;
    mapping(uint256 campaign => Final) private _finals;
    mapping(uint256 campaign => Proposal) private _pending;
    mapping(uint256 proposal => mapping(uint256 tree => mapping(uint256 passport => Demand))) private _demands;
    mapping(uint256 campaign => mapping(uint256 passport => uint256)) private _claimed;
    mapping(address account => uint256) private _credits;

    constructor(uint64 challengeSeconds_) {
        CHALLENGE_SECONDS = challengeSeconds_;
    }

    /// @inheritdoc IEpochRewards
    function propose(
        uint256 campaign,
        uint256 epoch,
        bytes32 rewardsRoot,
        uint256 total,
        bytes32[] calldata trustRoots,
        bytes calldata amounts
    ) external payable {
        if (msg.value != BOND) revert EpochRewards_WrongBond(msg.value, BOND);
        Proposal storage pending = _pending[campaign];
        if (pending.proposer != address(0)) revert EpochRewards_AlreadyPending(campaign);
        ICampaigns.Terms memory terms = CAMPAIGNS.termsOf(campaign);
        uint256 passports = _checkEpoch(campaign, epoch, terms);
        uint256 roots = uint256(terms.trustIterations) + 1;
        if (trustRoots.length != roots) revert EpochRewards_WrongRootCount(trustRoots.length, roots);
        uint256 available = CAMPAIGNS.availableOf(campaign);
        if (total != 0 && available < terms.epochBudget) revert EpochRewards_BudgetMissing(campaign, available, terms.epochBudget);
        uint64 deadline = uint64(block.timestamp) + CHALLENGE_SECONDS;
        pending.proposer = msg.sender;
        pending.id = ++_proposalCount;
        pending.epoch = uint64(epoch);
        pending.passports = uint64(passports);
        pending.deadline = deadline;
        pending.demandDeadline = deadline;
        pending.rewardsRoot = rewardsRoot;
        pending.total = total;
        pending.trustRoots = trustRoots;
        emit RootProposed(campaign, epoch, msg.sender, rewardsRoot, total, trustRoots, amounts);
    }

    /// @inheritdoc IEpochRewards
    function challengeRow(uint256 campaign, Evidence calldata evidence) external {
        Proposal storage pending = _challengeable(campaign);
        Row calldata row = evidence.row.row;
        _checkRow(pending.rewardsRoot, pending.passports, evidence.row);
        if (_isRowRight(campaign, pending, evidence)) revert EpochRewards_RowIsRight(row.passport);
        _remove(campaign, msg.sender, Fault.Row, row.passport);
    }

    /// @inheritdoc IEpochRewards
    function challengeTotal(uint256 campaign, RowProof calldata lastRow) external {
        Proposal storage pending = _challengeable(campaign);
        uint256 passport = lastRow.row.passport;
        if (passport != pending.passports) revert EpochRewards_WrongEvidence("passport");
        _checkRow(pending.rewardsRoot, pending.passports, lastRow);
        if (lastRow.row.prefix == pending.total) revert EpochRewards_RowIsRight(passport);
        _remove(campaign, msg.sender, Fault.Total, passport);
    }

    /// @inheritdoc IEpochRewards
    function challengeTrust(
        uint256 campaign,
        uint256 round,
        TrustProof calldata leaf,
        bytes calldata sources,
        TrustSet calldata before
    ) external {
        Proposal storage pending = _challengeable(campaign);
        _checkTrust(pending, round, leaf);
        uint256 expected = BADGES.pointsAt(leaf.passport, _scoreTime(campaign, pending.epoch)) * ONE;
        if (round != 0) {
            _checkSources(campaign, pending.epoch, leaf.passport, sources);
            uint256 received = sources.length == 0 ? 0 : _received(campaign, pending, round - 1, sources, before);
            unchecked {
                expected = (received + expected) / 2;
            }
        }
        if (leaf.trust == expected) revert EpochRewards_RowIsRight(leaf.passport);
        _remove(campaign, msg.sender, Fault.Trust, leaf.passport);
    }

    /// @inheritdoc IEpochRewards
    function demand(uint256 campaign, uint256 tree, uint256 passport) external payable {
        Proposal storage pending = _pendingOf(campaign);
        if (msg.value != DEMAND_BOND) revert EpochRewards_WrongBond(msg.value, DEMAND_BOND);
        if (block.timestamp > pending.demandDeadline) revert EpochRewards_ChallengeOver(pending.demandDeadline);
        bool isLeaf = tree <= pending.trustRoots.length && passport != 0 && passport <= pending.passports;
        if (!isLeaf) revert EpochRewards_WrongEvidence("passport");
        Demand storage asked = _demands[pending.id][tree][passport];
        if (asked.challenger != address(0)) revert EpochRewards_AlreadyDemanded(tree, passport);
        asked.challenger = msg.sender;
        asked.deadline = uint64(block.timestamp) + CHALLENGE_SECONDS;
        ++pending.openDemands;
        emit LeafDemanded(campaign, tree, passport, msg.sender, asked.deadline);
    }

    /// @inheritdoc IEpochRewards
    function openRow(uint256 campaign, RowProof calldata row) external {
        Proposal storage pending = _pendingOf(campaign);
        _checkRow(pending.rewardsRoot, pending.passports, row);
        _answer(pending, 0, row.row.passport);
        emit RowOpened(campaign, row.row.passport, row.row);
    }

    /// @inheritdoc IEpochRewards
    function openTrust(uint256 campaign, uint256 round, TrustProof calldata leaf) external {
        Proposal storage pending = _pendingOf(campaign);
        _checkTrust(pending, round, leaf);
        _answer(pending, round + 1, leaf.passport);
        emit TrustOpened(campaign, round, leaf.passport, leaf.trust);
    }

    /// @inheritdoc IEpochRewards
    function expire(uint256 campaign, uint256 tree, uint256 passport) external {
        Proposal storage pending = _pendingOf(campaign);
        Demand storage asked = _demands[pending.id][tree][passport];
        address challenger = asked.challenger;
        if (challenger == address(0) || asked.deadline == 0) revert EpochRewards_NotDemanded(tree, passport);
        if (block.timestamp <= asked.deadline) revert EpochRewards_ChallengeOpen(asked.deadline);
        asked.deadline = 0;
        _credit(challenger, DEMAND_BOND);
        _remove(campaign, challenger, Fault.Unanswered, passport);
    }

    /// @inheritdoc IEpochRewards
    function refundDemand(uint256 campaign, uint256 proposal, uint256 tree, uint256 passport) external {
        bool isStanding = _pending[campaign].id == proposal;
        Demand storage asked = _demands[proposal][tree][passport];
        if (asked.challenger == address(0) || asked.deadline == 0) revert EpochRewards_NotDemanded(tree, passport);
        if (isStanding) revert EpochRewards_DemandStands(proposal);
        asked.deadline = 0;
        _credit(asked.challenger, DEMAND_BOND);
    }

    /// @inheritdoc IEpochRewards
    function withdraw() external returns (uint256 amountWei) {
        amountWei = _credits[msg.sender];
        _credits[msg.sender] = 0;
        _send(msg.sender, amountWei);
    }

    /// @inheritdoc IEpochRewards
    function finalize(uint256 campaign) external {
        Proposal storage pending = _pendingOf(campaign);
        if (block.timestamp <= pending.deadline) revert EpochRewards_ChallengeOpen(pending.deadline);
        if (pending.openDemands != 0) revert EpochRewards_DemandOpen(pending.openDemands);
        uint256 budget = pending.total == 0 ? 0 : CAMPAIGNS.termsOf(campaign).epochBudget;
        bytes32 root = pending.rewardsRoot;
        uint64 epoch = pending.epoch;
        _roots[campaign] = root;
        _finals[campaign] = Final({ epoch: epoch, passports: pending.passports });
        _credit(pending.proposer, BOND);
        delete _pending[campaign];
        if (budget != 0) CAMPAIGNS.allocate(campaign, budget);
        emit RootFinalized(campaign, epoch, root, budget);
    }

    /// @inheritdoc IEpochRewards
    function claim(uint256 campaign, RowProof calldata row) external returns (uint256 amount) {
        uint256 passports = _finals[campaign].passports;
        if (passports == 0) revert EpochRewards_NoFinalRoot(campaign);
        _checkRow(_roots[campaign], passports, row);
        uint256 passport = row.row.passport;
        uint256 paid = _claimed[campaign][passport];
        if (row.row.cumulative <= paid) revert EpochRewards_NothingToClaim(campaign, passport);
        amount = row.row.cumulative - paid;
        _claimed[campaign][passport] = row.row.cumulative;
        address to = IERC721(PersonaPredeploys.PASSPORT).ownerOf(passport);
        emit RewardClaimed(campaign, passport, to, amount);
        CAMPAIGNS.pay(campaign, to, amount);
    }

    /// @inheritdoc IEpochRewards
    function pendingOf(uint256 campaign) external view returns (Proposal memory) {
        return _pending[campaign];
    }

    /// @inheritdoc IEpochRewards
    function rootOf(uint256 campaign) external view returns (bytes32) {
        return _roots[campaign];
    }

    /// @inheritdoc IEpochRewards
    function finalOf(uint256 campaign) external view returns (uint64 epoch, uint64 passports) {
        Final storage last = _finals[campaign];
        return (last.epoch, last.passports);
    }

    /// @inheritdoc IEpochRewards
    function nextEpochOf(uint256 campaign) public view returns (uint256) {
        Final storage last = _finals[campaign];
        return last.passports == 0 ? 0 : uint256(last.epoch) + 1;
    }

    /// @inheritdoc IEpochRewards
    function creditOf(address account) external view returns (uint256) {
        return _credits[account];
    }

    /// @inheritdoc IEpochRewards
    function claimedOf(uint256 campaign, uint256 passport) external view returns (uint256) {
        return _claimed[campaign][passport];
    }

    /// @inheritdoc IEpochRewards
    function bondWei() external pure returns (uint256) {
        return BOND;
    }

    /// @inheritdoc IEpochRewards
    function demandBondWei() external pure returns (uint256) {
        return DEMAND_BOND;
    }

    /// @inheritdoc IEpochRewards
    function challengeSeconds() external view returns (uint64) {
        return CHALLENGE_SECONDS;
    }

    /// The epoch is over, and no epoch with an action is left out. Returns how many passports its trees have.
    function _checkEpoch(uint256 campaign, uint256 epoch, ICampaigns.Terms memory terms) private view returns (uint256 passports) {
        uint256 next = nextEpochOf(campaign);
        if (epoch < next || epoch >= terms.epochCount) revert EpochRewards_WrongEpoch(epoch, next);
        for (uint256 earlier = next; earlier < epoch; ++earlier) {
            if (ENGAGEMENTS.actionsIn(campaign, earlier) != 0) revert EpochRewards_WrongEpoch(epoch, earlier);
        }
        uint256 end = CAMPAIGNS.epochEnd(campaign, epoch);
        if (block.timestamp < end) revert EpochRewards_EpochNotOver(epoch, end);
        passports = IPassport(PersonaPredeploys.PASSPORT).supplyAt(end - 1);
        if (passports == 0) revert EpochRewards_WrongEpoch(epoch, epoch + 1);
    }

    /// docs/specs/PERSONA.md, section 5. Rationale for `unchecked`: the numbers are the proposer's; none may stop the challenge by overflowing. The
    /// first row that is wrong has a right predecessor.
    function _isRowRight(uint256 campaign, Proposal storage pending, Evidence calldata evidence) private view returns (bool) {
        Row calldata row = evidence.row.row;
        uint256 epoch = pending.epoch;
        uint256 engagement = CAMPAIGNS.engagementOf(campaign, ENGAGEMENTS.countsOf(campaign, epoch, row.passport));
        uint256 pms = CAMPAIGNS.pmsAt(campaign, row.passport, _scoreTime(campaign, epoch));
        if (evidence.trust.passport != row.passport) revert EpochRewards_WrongEvidence("trust");
        _checkTrust(pending, pending.trustRoots.length - 1, evidence.trust);
        bool areInputsRight = row.engagement == engagement && row.pms == pms && row.trust == evidence.trust.trust;
        if (!areInputsRight) return false;
        ICampaigns.Terms memory terms = CAMPAIGNS.termsOf(campaign);
        uint256 share = IRewardFormula(terms.formula).shareOf(engagement, pms, row.trust);
        uint256 total = pending.total;
        if (share > total) return false;
        uint256 amount = total == 0 ? 0 : Math.mulDiv(terms.epochBudget, share, total);
        unchecked {
            bool isPrefixRight = row.prefix == _prefixBefore(pending, row.passport, evidence.before) + share;
            bool isCumulativeRight = row.cumulative == _cumulativeBefore(campaign, row.passport, evidence.last) + amount;
            return isPrefixRight && row.amount == amount && isCumulativeRight;
        }
    }

    function _prefixBefore(Proposal storage pending, uint256 passport, RowProof calldata before) private view returns (uint256) {
        if (passport == 1) return 0;
        if (before.row.passport != passport - 1) revert EpochRewards_WrongEvidence("before");
        _checkRow(pending.rewardsRoot, pending.passports, before);
        return before.row.prefix;
    }

    function _cumulativeBefore(uint256 campaign, uint256 passport, RowProof calldata last) private view returns (uint256) {
        uint256 passports = _finals[campaign].passports;
        if (passport > passports) return 0;
        if (last.row.passport != passport) revert EpochRewards_WrongEvidence("last");
        _checkRow(_roots[campaign], passports, last);
        return last.row.cumulative;
    }

    /// The sources are those of the target's chain, all of them, in order.
    function _checkSources(uint256 campaign, uint256 epoch, uint256 target, bytes calldata sources) private view {
        (bytes28 expected, uint32 count) = ENGAGEMENTS.inEdgesOf(campaign, epoch, target);
        if (sources.length != uint256(count) * SOURCE_LENGTH) revert EpochRewards_WrongEvidence("sources");
        bytes28 chain = 0;
        for (uint256 i = 0; i < sources.length; i += SOURCE_LENGTH) {
            chain = bytes28(keccak256(abi.encodePacked(chain, bytes4(sources[i:i + SOURCE_LENGTH]))));
        }
        if (chain != expected) revert EpochRewards_WrongEvidence("sources");
    }

    /// Trust that a target receives from its sources: Σ trust of source · edges / all social actions of the source (section 6).
    function _received(
        uint256 campaign,
        Proposal storage pending,
        uint256 round,
        bytes calldata sources,
        TrustSet calldata before
    ) private view returns (uint256 received) {
        _checkSet(pending, round, before);
        uint256 count = before.passports.length;
        uint256[] memory edges = new uint256[](count);
        for (uint256 i = 0; i < sources.length; i += SOURCE_LENGTH) {
            uint256 source = uint32(bytes4(sources[i:i + SOURCE_LENGTH]));
            edges[_indexOf(before.passports, source)] += 1;
        }
        uint256 epoch = pending.epoch;
        for (uint256 i = 0; i < count; ++i) {
            uint256 counts = ENGAGEMENTS.countsOf(campaign, epoch, before.passports[i]);
            uint256 given = uint32(counts >> (KIND_SOCIAL * LANE_BITS));
            unchecked {
                // Rationale: a passport beside the sources may stand in the set; it adds nothing.
                if (edges[i] != 0) received += (before.trusts[i] * edges[i]) / given;
            }
        }
    }

    function _checkSet(Proposal storage pending, uint256 round, TrustSet calldata set) private view {
        uint256 count = set.passports.length;
        if (set.trusts.length != count) revert EpochRewards_WrongEvidence("trusts");
        bytes32[] memory leaves = new bytes32[](count);
        uint256[] memory indices = new uint256[](count);
        uint256 previous = 0;
        for (uint256 i = 0; i < count; ++i) {
            uint256 passport = set.passports[i];
            if (passport <= previous) revert EpochRewards_WrongEvidence("passports");
            previous = passport;
            leaves[i] = _trustLeaf(passport, set.trusts[i]);
            indices[i] = passport - 1;
        }
        uint256 depth = IndexedMerkle.depthOf(pending.passports);
        bytes32 root = IndexedMerkle.rootOfMany(leaves, indices, depth, set.siblings);
        if (root != pending.trustRoots[round]) revert EpochRewards_WrongEvidence("siblings");
    }

    function _indexOf(uint256[] calldata passports, uint256 passport) private pure returns (uint256) {
        uint256 low = 0;
        uint256 high = passports.length;
        while (low < high) {
            uint256 middle = (low + high) / 2;
            if (passports[middle] < passport) low = middle + 1;
            else high = middle;
        }
        if (low == passports.length || passports[low] != passport) revert EpochRewards_WrongEvidence("passports");
        return low;
    }

    function _checkRow(bytes32 root, uint256 passports, RowProof calldata row) private pure {
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(row.row))));
        _checkLeaf(root, passports, leaf, row.row.passport, row.proof);
    }

    function _checkTrust(Proposal storage pending, uint256 round, TrustProof calldata leaf) private view {
        if (round >= pending.trustRoots.length) revert EpochRewards_WrongEvidence("round");
        _checkLeaf(pending.trustRoots[round], pending.passports, _trustLeaf(leaf.passport, leaf.trust), leaf.passport, leaf.proof);
    }

    function _checkLeaf(bytes32 root, uint256 passports, bytes32 leaf, uint256 passport, bytes32[] calldata proof) private pure {
        bool isInside = passport != 0 && passport <= passports && proof.length == IndexedMerkle.depthOf(passports);
        if (!isInside || IndexedMerkle.rootOf(leaf, passport - 1, proof) != root) revert EpochRewards_WrongProof(passport);
    }

    function _trustLeaf(uint256 passport, uint256 trust) private pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(passport, trust))));
    }

    function _scoreTime(uint256 campaign, uint256 epoch) private view returns (uint256) {
        return CAMPAIGNS.epochEnd(campaign, epoch) - 1;
    }

    function _pendingOf(uint256 campaign) private view returns (Proposal storage pending) {
        pending = _pending[campaign];
        if (pending.proposer == address(0)) revert EpochRewards_NothingPending(campaign);
    }

    function _challengeable(uint256 campaign) private view returns (Proposal storage pending) {
        pending = _pendingOf(campaign);
        bool isOver = block.timestamp > pending.deadline && pending.openDemands == 0;
        if (isOver) revert EpochRewards_ChallengeOver(pending.deadline);
    }

    /// The demander's bond pays for the opening, and the challenge's time begins anew, for what the opened leaf shows.
    function _answer(Proposal storage pending, uint256 tree, uint256 passport) private {
        Demand storage asked = _demands[pending.id][tree][passport];
        if (asked.challenger == address(0) || asked.deadline == 0) revert EpochRewards_NotDemanded(tree, passport);
        asked.deadline = 0;
        --pending.openDemands;
        pending.deadline = uint64(Math.max(pending.deadline, block.timestamp + CHALLENGE_SECONDS));
        _credit(pending.proposer, DEMAND_BOND);
    }

    function _remove(uint256 campaign, address challenger, Fault fault, uint256 passport) private {
        uint256 epoch = _pending[campaign].epoch;
        delete _pending[campaign];
        emit RootRemoved(campaign, epoch, challenger, fault, passport, BOND);
        _credit(challenger, BOND / 2);
        _send(BURNED, BOND / 2);
    }

    function _credit(address to, uint256 amount) private {
        _credits[to] += amount;
        emit BondCredited(to, amount);
    }

    function _send(address to, uint256 amount) private {
        (bool success,) = to.call{ value: amount }("");
        if (!success) revert EpochRewards_TransferFailed(to, amount);
    }
}
