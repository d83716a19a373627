// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import { IL2ToL1MessagePasser } from "../interfaces/IL2.sol";

/// @title Where messages from L2 to L1 are written
contract L2ToL1MessagePasser is IL2ToL1MessagePasser {
    /// Slot 0: L1Bridge proves this mapping. Nothing may be declared before it.
    mapping(bytes32 withdrawalHash => bool) private _sentMessages;
    uint256 private _nonce;

    /// @inheritdoc IL2ToL1MessagePasser
    function initiateWithdrawal(address target, uint256 gasLimit, bytes calldata data)
        external
        payable
        returns (bytes32 withdrawalHash)
    {
        uint256 nonce = _nonce++;
        withdrawalHash = keccak256(abi.encode(nonce, msg.sender, target, msg.value, gasLimit, data));
        _sentMessages[withdrawalHash] = true;
        emit MessagePassed(nonce, msg.sender, target, msg.value, gasLimit, data, withdrawalHash);
    }

    /// @inheritdoc IL2ToL1MessagePasser
    function sentMessages(bytes32 withdrawalHash) external view returns (bool) {
        return _sentMessages[withdrawalHash];
    }

    /// @inheritdoc IL2ToL1MessagePasser
    function messageNonce() external view returns (uint256) {
        return _nonce;
    }
}
