// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import { FixedPointMathLib } from "solady/src/utils/FixedPointMathLib.sol";

import { IAnchorRegistry } from "../interfaces/IAnchorRegistry.sol";
import { IDisputeGame } from "../interfaces/IDisputeGame.sol";
import { IOneStepVerifier } from "../interfaces/IOneStepVerifier.sol";
import { GamePosition } from "../lib/GamePosition.sol";

/// @title One output root and the game about it
/// @notice The factory clones this contract for every proposal.
contract DisputeGame is IDisputeGame {
    using GamePosition for uint128;

    struct Settings {
        address factory;
        address anchorRegistry;
        address inbox;
        address verifier;
        uint256 maxDepth;
        uint64 clockSeconds;
        uint64 clockExtensionSeconds;
        uint64 disputeWindowSeconds;
        /// Bond of the root claim in wei: 400k gas at 200 gwei on mainnet.
        uint256 baseBond;
    }

    /// @param position Of the best counter found so far; 0 if none.
    /// @param unresolved Children whose subgame is open.
    struct Subgame {
        uint128 position;
        uint32 counterIndex;
        uint32 unresolved;
    }

    uint32 private constant NO_PARENT = type(uint32).max;
    /// Optimism's growth of the bond per level of depth.
    uint256 private constant BOND_GROWTH = 1.09493e18;
    uint256 private constant WAD = 1e18;

    address private immutable FACTORY;
    IAnchorRegistry private immutable ANCHOR_REGISTRY;
    address private immutable INBOX;
    IOneStepVerifier private immutable VERIFIER;
    uint256 private immutable MAX_DEPTH;
    uint64 private immutable CLOCK;
    uint64 private immutable CLOCK_EXTENSION;
    uint64 private immutable DISPUTE_WINDOW;
    uint256 private immutable BASE_BOND;

    address private _parentGame;
    uint64 private _createdAt;
    bytes32 private _startRoot;
    uint64 private _startEntry;
    uint64 private _entryIndex;
    uint64 private _resolvedAt;
    Status private _status;
    Distribution private _distribution;
    address private _rootWinner;
    Claim[] private _claims;
    mapping(uint256 claimIndex => uint256[]) private _children;
    mapping(uint256 claimIndex => Subgame) private _subgames;
    mapping(bytes32 moveHash => bool) private _made;
    mapping(address account => uint256) private _won;
    mapping(address account => uint256) private _refundable;

    constructor(Settings memory settings) {
        FACTORY = settings.factory;
        ANCHOR_REGISTRY = IAnchorRegistry(settings.anchorRegistry);
        INBOX = settings.inbox;
        VERIFIER = IOneStepVerifier(settings.verifier);
        MAX_DEPTH = settings.maxDepth;
        CLOCK = settings.clockSeconds;
        CLOCK_EXTENSION = settings.clockExtensionSeconds;
        DISPUTE_WINDOW = settings.disputeWindowSeconds;
        BASE_BOND = settings.baseBond;
    }

    /// @inheritdoc IDisputeGame
    function initialize(address proposer_, bytes32 rootClaim_, uint64 entryIndex_, address parent, bytes32 startRoot_, uint64 startEntry_)
        external
        payable
    {
        if (msg.sender != FACTORY) revert DisputeGame_NotFactory();
        if (_createdAt != 0) revert DisputeGame_AlreadyInitialized();
        _createdAt = uint64(block.timestamp);
        _parentGame = parent;
        _startRoot = startRoot_;
        _startEntry = startEntry_;
        _entryIndex = entryIndex_;
        _addClaim(NO_PARENT, proposer_, GamePosition.ROOT, rootClaim_, true, 0);
    }

    /// @inheritdoc IDisputeGame
    function move(bytes32 disputed, uint256 parentIndex, bytes32 value, bool isAttack) external payable {
        _assertInProgress();
        Claim storage challenged = _claimAt(parentIndex);
        if (challenged.value != disputed) revert DisputeGame_WrongDisputedClaim(disputed, challenged.value);
        if (challenged.resolved) revert DisputeGame_ClaimAlreadyResolved();
        if (parentIndex == 0 && !isAttack) revert DisputeGame_CannotDefendRoot();
        uint128 position = challenged.position.move(isAttack);
        if (position.depth() > MAX_DEPTH) revert DisputeGame_DepthExceeded();
        uint256 bond = requiredBond(position);
        if (msg.value != bond) revert DisputeGame_WrongBond(msg.value, bond);
        uint64 used = challengerDuration(parentIndex);
        if (used >= CLOCK) revert DisputeGame_ClockExpired();
        // Rationale: freeloaders may burn an honest side's clock; the side keeps time for its next move on this branch.
        if (used > CLOCK - CLOCK_EXTENSION) used = CLOCK - CLOCK_EXTENSION;
        bytes32 moveHash = keccak256(abi.encode(parentIndex, position, value));
        if (_made[moveHash]) revert DisputeGame_ClaimExists();
        _made[moveHash] = true;
        _addClaim(uint32(parentIndex), msg.sender, position, value, isAttack, used);
    }

    /// @inheritdoc IDisputeGame
    function step(uint256 claimIndex, bool isAttack, bytes calldata proof) external {
        _assertInProgress();
        Claim storage leaf = _claimAt(claimIndex);
        if (leaf.resolved) revert DisputeGame_ClaimAlreadyResolved();
        if (leaf.position.depth() != MAX_DEPTH) revert DisputeGame_NotALeaf();
        if (leaf.counteredBy != address(0)) revert DisputeGame_AlreadyCountered();
        uint256 traceIndex = leaf.position - (uint256(1) << MAX_DEPTH);
        bytes32 preState;
        Claim storage post = leaf;
        if (isAttack) {
            preState = traceIndex == 0 ? _startRoot : _ancestor(leaf.position - 1, leaf).value;
        } else {
            preState = leaf.value;
            post = _ancestor(leaf.position + 1, leaf);
            ++traceIndex;
        }
        IOneStepVerifier.Context memory context =
            IOneStepVerifier.Context({ inbox: INBOX, endEntry: uint256(_entryIndex) + 1, traceIndex: traceIndex });
        bytes32 postState = VERIFIER.step(context, preState, proof);
        // Rationale: the leaf's side claims the post state if it is an even number of levels above; then the step must refute it. If
        // the other side claims it, the step must confirm it... that the leaf's side denies.
        bool isSameSide = (MAX_DEPTH - post.position.depth()) % 2 == 0;
        if (isSameSide == (postState == post.value)) revert DisputeGame_ValidStep();
        leaf.counteredBy = msg.sender;
        emit Stepped(claimIndex, msg.sender, isAttack, traceIndex, preState, postState);
    }

    /// @inheritdoc IDisputeGame
    function resolveClaim(uint256 claimIndex) external {
        _assertInProgress();
        Claim storage claim = _claimAt(claimIndex);
        if (claim.resolved) revert DisputeGame_ClaimAlreadyResolved();
        uint64 used = challengerDuration(claimIndex);
        if (used < CLOCK) revert DisputeGame_ClockNotExpired(block.timestamp + CLOCK - used);
        Subgame storage subgame = _subgames[claimIndex];
        if (subgame.unresolved != 0) revert DisputeGame_ChildrenUnresolved(claimIndex);
        if (subgame.position != 0) claim.counteredBy = _claims[subgame.counterIndex].claimant;
        claim.resolved = true;
        bool isCountered = claim.counteredBy != address(0);
        address recipient = isCountered ? claim.counteredBy : claim.claimant;
        _won[recipient] += claim.bond;
        if (claim.parentIndex != NO_PARENT) _reportToParent(claimIndex, claim, isCountered);
        emit ClaimResolved(claimIndex, isCountered, recipient, claim.bond);
    }

    /// @inheritdoc IDisputeGame
    function resolve() external returns (Status) {
        _assertInProgress();
        if (_isParentLost()) {
            _resolveAs(Status.ChallengerWins, Distribution.ParentLost, IDisputeGame(_parentGame).rootWinner());
            return _status;
        }
        if (!_claims[0].resolved) revert DisputeGame_ChildrenUnresolved(0);
        address winner = _claims[0].counteredBy;
        uint256 windowEnd = uint256(_createdAt) + DISPUTE_WINDOW;
        if (winner == address(0) && block.timestamp < windowEnd) revert DisputeGame_DisputeWindowOpen(windowEnd);
        Status outcome = winner == address(0) ? Status.DefenderWins : Status.ChallengerWins;
        _resolveAs(outcome, Distribution.Undecided, winner);
        return outcome;
    }

    /// @inheritdoc IDisputeGame
    function claimCredit(address recipient) external {
        if (_status == Status.InProgress) revert DisputeGame_NotResolved();
        uint256 gapEnd = uint256(_resolvedAt) + ANCHOR_REGISTRY.airGapSeconds();
        if (block.timestamp < gapEnd) revert DisputeGame_AirGapOpen(gapEnd);
        // From the first payment on the way of paying stands, whatever the guardian does later.
        _distribution = distribution();
        uint256 amount = creditOf(recipient);
        if (amount == 0) revert DisputeGame_NoCredit();
        _won[recipient] = 0;
        _refundable[recipient] = 0;
        emit CreditClaimed(recipient, amount);
        (bool success,) = recipient.call{ value: amount }("");
        if (!success) revert DisputeGame_TransferFailed();
    }

    /// @inheritdoc IDisputeGame
    function status() external view returns (Status) {
        return _status;
    }

    /// @inheritdoc IDisputeGame
    function proposer() external view returns (address) {
        return _claimAt(0).claimant;
    }

    /// @inheritdoc IDisputeGame
    function rootClaim() external view returns (bytes32) {
        return _claimAt(0).value;
    }

    /// @inheritdoc IDisputeGame
    function entryIndex() external view returns (uint64) {
        return _entryIndex;
    }

    /// @inheritdoc IDisputeGame
    function parentGame() external view returns (address) {
        return _parentGame;
    }

    /// @inheritdoc IDisputeGame
    function startRoot() external view returns (bytes32) {
        return _startRoot;
    }

    /// @inheritdoc IDisputeGame
    function startEntry() external view returns (uint64) {
        return _startEntry;
    }

    /// @inheritdoc IDisputeGame
    function createdAt() external view returns (uint64) {
        return _createdAt;
    }

    /// @inheritdoc IDisputeGame
    function resolvedAt() external view returns (uint64) {
        return _resolvedAt;
    }

    /// @inheritdoc IDisputeGame
    function rootWinner() external view returns (address) {
        return _rootWinner;
    }

    /// @inheritdoc IDisputeGame
    function distribution() public view returns (Distribution) {
        if (_distribution != Distribution.Undecided || _status == Status.InProgress) return _distribution;
        return ANCHOR_REGISTRY.isBlacklisted(address(this)) ? Distribution.Refund : Distribution.Normal;
    }

    /// @inheritdoc IDisputeGame
    function claimCount() external view returns (uint256) {
        return _claims.length;
    }

    /// @inheritdoc IDisputeGame
    function claimAt(uint256 index) external view returns (Claim memory) {
        return _claimAt(index);
    }

    /// @inheritdoc IDisputeGame
    function childrenOf(uint256 index) external view returns (uint256[] memory) {
        return _children[index];
    }

    /// @inheritdoc IDisputeGame
    function requiredBond(uint128 position) public view returns (uint256) {
        return (BASE_BOND * FixedPointMathLib.rpow(BOND_GROWTH, position.depth(), WAD)) / WAD;
    }

    /// @inheritdoc IDisputeGame
    function challengerDuration(uint256 claimIndex) public view returns (uint64) {
        Claim storage claim = _claimAt(claimIndex);
        uint64 before = claim.parentIndex == NO_PARENT ? 0 : _claims[claim.parentIndex].clockDuration;
        uint256 used = before + block.timestamp - claim.clockTimestamp;
        return used > CLOCK ? CLOCK : uint64(used);
    }

    /// @inheritdoc IDisputeGame
    function creditOf(address recipient) public view returns (uint256) {
        return distribution() == Distribution.Normal ? _won[recipient] : _refundable[recipient];
    }

    /// @inheritdoc IDisputeGame
    function maxDepth() external view returns (uint256) {
        return MAX_DEPTH;
    }

    /// @inheritdoc IDisputeGame
    function clockSeconds() external view returns (uint64) {
        return CLOCK;
    }

    /// @inheritdoc IDisputeGame
    function clockExtensionSeconds() external view returns (uint64) {
        return CLOCK_EXTENSION;
    }

    /// @inheritdoc IDisputeGame
    function disputeWindowSeconds() external view returns (uint64) {
        return DISPUTE_WINDOW;
    }

    /// @inheritdoc IDisputeGame
    function verifier() external view returns (address) {
        return address(VERIFIER);
    }

    function _addClaim(uint32 parentIndex, address claimant, uint128 position, bytes32 value, bool isAttack, uint64 clockDuration) private {
        uint256 index = _claims.length;
        Claim storage claim = _claims.push();
        claim.parentIndex = parentIndex;
        claim.claimant = claimant;
        claim.position = position;
        claim.value = value;
        claim.bond = msg.value;
        claim.clockDuration = clockDuration;
        claim.clockTimestamp = uint64(block.timestamp);
        _refundable[claimant] += msg.value;
        if (parentIndex != NO_PARENT) {
            _children[parentIndex].push(index);
            ++_subgames[parentIndex].unresolved;
        }
        emit Moved(index, parentIndex, claimant, position, value, isAttack, msg.value, clockDuration, uint64(block.timestamp));
    }

    /// Rationale: the leftmost uncountered child found the first difference; among equals the first made. Kept as each child resolves,
    /// so that no number of children makes a claim too costly to resolve.
    function _reportToParent(uint256 claimIndex, Claim storage claim, bool isCountered) private {
        Subgame storage parent = _subgames[claim.parentIndex];
        --parent.unresolved;
        if (isCountered) return;
        bool isBetter = parent.position == 0 || claim.position < parent.position
            || (claim.position == parent.position && claimIndex < parent.counterIndex);
        if (!isBetter) return;
        parent.position = claim.position;
        parent.counterIndex = uint32(claimIndex);
    }

    function _resolveAs(Status outcome, Distribution distribution_, address winner) private {
        _status = outcome;
        _distribution = distribution_;
        _rootWinner = winner;
        _resolvedAt = uint64(block.timestamp);
        if (distribution_ == Distribution.ParentLost) {
            // Rationale: who builds on a false root pays whoever brought it down; all other bonds go back.
            uint256 bond = _claims[0].bond;
            _refundable[_claims[0].claimant] -= bond;
            _refundable[winner] += bond;
        }
        emit Resolved(outcome, distribution_);
    }

    function _isParentLost() private view returns (bool) {
        if (_parentGame == address(0)) return false;
        Status parentStatus = IDisputeGame(_parentGame).status();
        if (parentStatus == Status.InProgress) revert DisputeGame_ParentInProgress();
        return parentStatus == Status.ChallengerWins;
    }

    function _assertInProgress() private view {
        if (_status != Status.InProgress || _createdAt == 0) revert DisputeGame_NotInProgress();
    }

    function _claimAt(uint256 index) private view returns (Claim storage) {
        if (index >= _claims.length) revert DisputeGame_NoSuchClaim(index);
        return _claims[index];
    }

    /// The nearest ancestor that commits to the trace index of `position`.
    function _ancestor(uint128 position, Claim storage start) private view returns (Claim storage claim) {
        uint128 wanted = position.traceAncestor();
        claim = start;
        while (claim.position != wanted) claim = _claims[claim.parentIndex];
    }
}
