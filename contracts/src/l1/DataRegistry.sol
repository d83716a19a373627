// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import { IDataRegistry } from "../interfaces/IDataRegistry.sol";
import { BLS } from "../lib/BLS.sol";
import { StakedKeys } from "../lib/StakedKeys.sol";

/// @title Registry of the data availability nodes
contract DataRegistry is IDataRegistry {
    using StakedKeys for StakedKeys.Set;

    struct Settings {
        address inbox;
        uint256 minimumBond;
        uint256 nodeLimit;
        uint256 quorum;
        uint64 unbondingBlocks;
    }

    uint256 private constant COLUMNS = 128;
    uint256 private constant REPORTER_PERCENT = 50;
    address private constant BURN = 0x000000000000000000000000000000000000dEaD;

    address private immutable INBOX;
    uint256 private immutable MINIMUM_BOND;
    uint256 private immutable NODE_LIMIT;
    uint256 private immutable QUORUM;
    uint64 private immutable UNBONDING_BLOCKS;

    StakedKeys.Set private _set;

    constructor(Settings memory settings) {
        INBOX = settings.inbox;
        MINIMUM_BOND = settings.minimumBond;
        NODE_LIMIT = settings.nodeLimit;
        QUORUM = settings.quorum;
        UNBONDING_BLOCKS = settings.unbondingBlocks;
    }

    /// @inheritdoc IDataRegistry
    function register(bytes calldata key, bytes calldata possession) external payable returns (uint256 index) {
        if (msg.value < MINIMUM_BOND) revert DataRegistry_BondTooSmall(msg.value, MINIMUM_BOND);
        index = _set.members.length;
        StakedKeys.Refusal refusal = _set.add(msg.sender, msg.value, NODE_LIMIT, key, possession);
        if (refusal == StakedKeys.Refusal.InvalidKey) revert DataRegistry_InvalidKey();
        if (refusal == StakedKeys.Refusal.InvalidPossession) revert DataRegistry_InvalidPossession();
        if (refusal == StakedKeys.Refusal.KeyTaken) revert DataRegistry_KeyAlreadyRegistered();
        if (refusal == StakedKeys.Refusal.OperatorTaken) revert DataRegistry_OperatorAlreadyRegistered();
        if (refusal == StakedKeys.Refusal.Full) revert DataRegistry_Full();
        emit NodeRegistered(index, msg.sender, msg.value, key);
    }

    /// @inheritdoc IDataRegistry
    function requestExit() external {
        uint256 index = _callerIndex();
        if (!_set.isActive(index)) revert DataRegistry_AlreadyLeaving();
        _set.members[index].exitBlock = uint64(block.number);
        _set.deactivate(index);
        emit NodeExitRequested(index, block.number + UNBONDING_BLOCKS);
    }

    /// @inheritdoc IDataRegistry
    function withdraw() external {
        uint256 index = _callerIndex();
        StakedKeys.Member storage self = _set.members[index];
        uint256 amount = self.stake;
        uint256 atBlock = self.exitBlock == 0 ? type(uint256).max : self.exitBlock + UNBONDING_BLOCKS;
        if (block.number < atBlock || amount == 0) revert DataRegistry_NotWithdrawable(atBlock);
        self.stake = 0;
        emit NodeWithdrawn(index, msg.sender, amount);
        _send(msg.sender, amount);
    }

    /// @inheritdoc IDataRegistry
    function slash(uint256 index, address reporter) external {
        if (msg.sender != INBOX) revert DataRegistry_NotInbox();
        StakedKeys.Member storage custodian = _memberAt(index);
        uint256 amount = custodian.stake;
        if (amount == 0) return;
        custodian.stake = 0;
        custodian.slashed = true;
        _set.deactivate(index);
        uint256 reporterReward = (amount * REPORTER_PERCENT) / 100;
        emit NodeSlashed(index, reporter, amount, reporterReward);
        // A reporter that refuses money must not keep the custodian from being slashed.
        (bool paid,) = reporter.call{ value: reporterReward, gas: 50_000 }("");
        _send(BURN, paid ? amount - reporterReward : amount);
    }

    /// @inheritdoc IDataRegistry
    function verifyCertificate(bytes32 digest, uint256 signers, bytes calldata signature) external view returns (uint256 count) {
        (bytes memory key, uint256 unknown) = _set.aggregate(signers);
        if (unknown != type(uint256).max) revert DataRegistry_UnknownSigner(unknown);
        for (uint256 counting = signers & _set.active; counting != 0; counting &= counting - 1) {
            ++count;
        }
        if (count < QUORUM) revert DataRegistry_QuorumMissing(count, QUORUM);
        if (!BLS.verify(key, digest, signature, BLS.SIGNATURE_DOMAIN)) revert DataRegistry_InvalidSignature();
    }

    /// @inheritdoc IDataRegistry
    function nodeCount() external view returns (uint256) {
        return _set.members.length;
    }

    /// @inheritdoc IDataRegistry
    function node(uint256 index) external view returns (Node memory) {
        StakedKeys.Member storage found = _memberAt(index);
        return Node({ operator: found.operator, bond: found.stake, exitBlock: found.exitBlock, active: _set.isActive(index) });
    }

    /// @inheritdoc IDataRegistry
    function publicKey(uint256 index) external view returns (bytes memory) {
        return _memberAt(index).publicKey;
    }

    /// @inheritdoc IDataRegistry
    function activeNodes() external view returns (uint256) {
        return _set.active;
    }

    /// @inheritdoc IDataRegistry
    function quorum() external view returns (uint256) {
        return QUORUM;
    }

    /// @inheritdoc IDataRegistry
    function nodeLimit() external view returns (uint256) {
        return NODE_LIMIT;
    }

    /// @inheritdoc IDataRegistry
    function custodianOf(uint256 column) external view returns (uint256) {
        return column / (COLUMNS / NODE_LIMIT);
    }

    /// @inheritdoc IDataRegistry
    function minimumBond() external view returns (uint256) {
        return MINIMUM_BOND;
    }

    function _memberAt(uint256 index) private view returns (StakedKeys.Member storage) {
        if (index >= _set.members.length) revert DataRegistry_UnknownSigner(index);
        return _set.members[index];
    }

    function _callerIndex() private view returns (uint256) {
        uint256 place = _set.indexOf[msg.sender];
        if (place == 0) revert DataRegistry_NotNode();
        return place - 1;
    }

    function _send(address to, uint256 amount) private {
        (bool success,) = to.call{ value: amount }("");
        if (!success) revert DataRegistry_TransferFailed();
    }
}
