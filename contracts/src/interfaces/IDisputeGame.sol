// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title One output root and the game about it
/// @notice The root claim is the hash of the machine state at the end of inbox entry `entryIndex` (docs/specs/MACHINE.md). Claims form a
/// tree of binary positions as in Optimism's fault dispute game: a claim at position p of depth d commits to the state after the
/// step of its rightmost leaf, depth 46. An attack of p stands at 2p, a defence at 2p + 2.
interface IDisputeGame {
    enum Status {
        InProgress,
        ChallengerWins,
        DefenderWins
    }

    /// Normal: bonds go to winners. Refund: bonds go back (blacklisted). ParentLost: bonds go back, the root's to whoever brought the
    /// parent down.
    enum Distribution {
        Undecided,
        Normal,
        Refund,
        ParentLost
    }

    /// @param parentIndex The claim that it counters; type(uint32).max for the root claim.
    /// @param counteredBy Who countered it: by a step, or as winner of its subgame once resolved.
    /// @param clockDuration Seconds that the claimant's side had used when it made the claim.
    /// @param clockTimestamp Time of the claim.
    struct Claim {
        uint32 parentIndex;
        address claimant;
        address counteredBy;
        uint128 position;
        bytes32 value;
        uint256 bond;
        uint64 clockDuration;
        uint64 clockTimestamp;
        bool resolved;
    }

    /// @notice A claim was made. The root claim is number 0 with parentIndex = 2³² - 1.
    event Moved(
        uint256 indexed claimIndex,
        uint256 indexed parentIndex,
        address indexed claimant,
        uint256 position,
        bytes32 value,
        bool isAttack,
        uint256 bond,
        uint64 clockDuration,
        uint64 clockTimestamp
    );
    /// @notice A claim at the greatest depth was countered by executing one step.
    /// @param traceIndex The step that was executed, from the claimed `preState`; `postState` is the verifier's result.
    event Stepped(uint256 indexed claimIndex, address indexed claimant, bool isAttack, uint256 traceIndex, bytes32 preState, bytes32 postState);
    /// @param countered Whether the claim fell.
    /// @param recipient Who is credited the bond.
    event ClaimResolved(uint256 indexed claimIndex, bool countered, address indexed recipient, uint256 bond);
    event Resolved(Status status, Distribution distribution);
    event CreditClaimed(address indexed recipient, uint256 amount);

    error DisputeGame_AlreadyInitialized();
    error DisputeGame_NotFactory();
    error DisputeGame_NotInProgress();
    error DisputeGame_NoSuchClaim(uint256 index);
    error DisputeGame_WrongDisputedClaim(bytes32 given, bytes32 actual);
    error DisputeGame_CannotDefendRoot();
    error DisputeGame_DepthExceeded();
    error DisputeGame_WrongBond(uint256 given, uint256 required);
    error DisputeGame_ClockExpired();
    error DisputeGame_ClaimExists();
    error DisputeGame_ClaimAlreadyResolved();
    error DisputeGame_NotALeaf();
    error DisputeGame_AlreadyCountered();
    /// The step confirms what it should refute.
    error DisputeGame_ValidStep();
    error DisputeGame_ClockNotExpired(uint256 deadline);
    error DisputeGame_ChildrenUnresolved(uint256 claimIndex);
    error DisputeGame_DisputeWindowOpen(uint256 until);
    error DisputeGame_ParentInProgress();
    error DisputeGame_NotResolved();
    error DisputeGame_AirGapOpen(uint256 until);
    error DisputeGame_NoCredit();
    error DisputeGame_TransferFailed();

    /// @notice Called once by the factory, with the root claim's bond.
    function initialize(address proposer, bytes32 rootClaim, uint64 entryIndex, address parent, bytes32 startRoot, uint64 startEntry)
        external
        payable;

    /// @notice Counters claim `parentIndex`. `msg.value` is `requiredBond` of the new position.
    /// @param disputed The value of that claim, so that a reorg of L1 cannot retarget the move.
    /// @param parentIndex The claim to counter.
    /// @param value The state hash claimed at the new position.
    function move(bytes32 disputed, uint256 parentIndex, bytes32 value, bool isAttack) external payable;

    /// @notice Counters a claim of the greatest depth by executing one step on L1: its own (attack) or the one after it (defence).
    function step(uint256 claimIndex, bool isAttack, bytes calldata proof) external;

    /// @notice Resolves the subgame of a claim once its clock ran out and its children are resolved: the leftmost uncountered child
    /// takes the bond.
    function resolveClaim(uint256 claimIndex) external;

    /// @notice Resolves the game after the dispute window, its root claim and its parent game.
    function resolve() external returns (Status);

    /// @notice Pays what `recipient` is owed, after the air gap.
    function claimCredit(address recipient) external;

    function status() external view returns (Status);

    function proposer() external view returns (address);

    function rootClaim() external view returns (bytes32);

    /// @notice The last inbox entry that the root claim covers.
    function entryIndex() external view returns (uint64);

    /// @notice The game that this one builds on; zero for the anchor.
    function parentGame() external view returns (address);

    /// @notice State hash before the trace, and the entry at whose end it stands.
    function startRoot() external view returns (bytes32);

    function startEntry() external view returns (uint64);

    function createdAt() external view returns (uint64);

    /// @notice Time of resolution; 0 before.
    function resolvedAt() external view returns (uint64);

    /// @notice Who brought the root claim down: the leftmost counter, or the winner against the parent; zero while it stands.
    function rootWinner() external view returns (address);

    /// @notice How bonds are paid, as it stands now.
    function distribution() external view returns (Distribution);

    function claimCount() external view returns (uint256);

    function claimAt(uint256 index) external view returns (Claim memory);

    /// @notice Claims that counter a claim, in the order of their making.
    function childrenOf(uint256 index) external view returns (uint256[] memory);

    /// @notice Bond in wei of a claim at `position`.
    function requiredBond(uint128 position) external view returns (uint256);

    /// @notice Seconds that the opponents of a claim have used.
    function challengerDuration(uint256 claimIndex) external view returns (uint64);

    /// @notice Wei that `claimCredit` would pay, were the air gap over.
    function creditOf(address recipient) external view returns (uint256);

    function maxDepth() external view returns (uint256);

    function clockSeconds() external view returns (uint64);

    function clockExtensionSeconds() external view returns (uint64);

    function disputeWindowSeconds() external view returns (uint64);

    function verifier() external view returns (address);
}
