// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import { IL1Block } from "../interfaces/IL2.sol";
import { Predeploys } from "../lib/Predeploys.sol";

/// @title The L1 block that the current L2 block builds on
contract L1Block is IL1Block {
    uint64 private _number;
    uint64 private _timestamp;
    uint256 private _baseFee;
    bytes32 private _hash;
    bytes32 private _prevrandao;

    /// @inheritdoc IL1Block
    function setL1Block(uint64 number_, uint64 timestamp_, uint256 baseFee_, bytes32 hash_, bytes32 prevrandao_) external {
        if (msg.sender != Predeploys.SYSTEM) revert L1Block_NotSystem();
        _number = number_;
        _timestamp = timestamp_;
        _baseFee = baseFee_;
        _hash = hash_;
        _prevrandao = prevrandao_;
    }

    /// @inheritdoc IL1Block
    function number() external view returns (uint64) {
        return _number;
    }

    /// @inheritdoc IL1Block
    function timestamp() external view returns (uint64) {
        return _timestamp;
    }

    /// @inheritdoc IL1Block
    function baseFee() external view returns (uint256) {
        return _baseFee;
    }

    /// @inheritdoc IL1Block
    function hash() external view returns (bytes32) {
        return _hash;
    }

    /// @inheritdoc IL1Block
    function prevrandao() external view returns (bytes32) {
        return _prevrandao;
    }
}
