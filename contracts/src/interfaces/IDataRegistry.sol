// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title Registry of the data availability nodes
/// @notice Nodes join with a bond and a BLS key. Node i holds the columns [i·128/n, (i+1)·128/n) of every batch, n = `nodeLimit`.
interface IDataRegistry {
    struct Node {
        address operator;
        uint256 bond;
        uint64 exitBlock;
        bool active;
    }

    event NodeRegistered(uint256 indexed index, address indexed operator, uint256 bond, bytes publicKey);
    event NodeExitRequested(uint256 indexed index, uint256 withdrawableAtBlock);
    event NodeWithdrawn(uint256 indexed index, address indexed operator, uint256 amount);
    event NodeSlashed(uint256 indexed index, address indexed reporter, uint256 amount, uint256 reporterReward);

    error DataRegistry_BondTooSmall(uint256 bond, uint256 minimum);
    error DataRegistry_InvalidKey();
    error DataRegistry_InvalidPossession();
    error DataRegistry_KeyAlreadyRegistered();
    error DataRegistry_OperatorAlreadyRegistered();
    error DataRegistry_Full();
    error DataRegistry_NotNode();
    error DataRegistry_AlreadyLeaving();
    error DataRegistry_NotWithdrawable(uint256 atBlock);
    error DataRegistry_UnknownSigner(uint256 index);
    error DataRegistry_QuorumMissing(uint256 signers, uint256 quorum);
    error DataRegistry_InvalidSignature();
    error DataRegistry_NotInbox();
    error DataRegistry_TransferFailed();

    /// @notice Joins with a bond. Parameters as in ISequencerRegistry.register.
    function register(bytes calldata publicKey, bytes calldata possession) external payable returns (uint256 index);

    /// @notice Stops counting at once; the bond can be withdrawn after the unbonding time.
    function requestExit() external;

    function withdraw() external;

    /// @notice Takes the bond penalty of a custodian that signed for a column and did not answer. Only the inbox calls it.
    function slash(uint256 index, address reporter) external;

    /// @notice Reverts unless a quorum of active nodes signed `digest`.
    /// @return count Number of active signers.
    function verifyCertificate(bytes32 digest, uint256 signers, bytes calldata signature) external view returns (uint256 count);

    function nodeCount() external view returns (uint256);

    function node(uint256 index) external view returns (Node memory);

    function publicKey(uint256 index) external view returns (bytes memory);

    /// @notice Bitmap of the nodes that count.
    function activeNodes() external view returns (uint256);

    /// @notice Number of signatures that a certificate needs.
    function quorum() external view returns (uint256);

    /// @notice Number of nodes that share the 128 columns.
    function nodeLimit() external view returns (uint256);

    /// @notice The node that holds a column.
    function custodianOf(uint256 column) external view returns (uint256);

    function minimumBond() external view returns (uint256);
}
