// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import { Clones } from "@openzeppelin/contracts/proxy/Clones.sol";

import { IBridgedERC20, ITokenFactory } from "../interfaces/IL2.sol";
import { Predeploys } from "../lib/Predeploys.sol";

/// @title Creates the bridged tokens
contract TokenFactory is ITokenFactory {
    mapping(address l2Token => address) private _l1Tokens;

    /// @inheritdoc ITokenFactory
    function create(address l1Token, string calldata name, string calldata symbol, uint8 decimals) external returns (address l2Token) {
        if (msg.sender != Predeploys.L2_BRIDGE) revert TokenFactory_NotBridge();
        l2Token = Clones.cloneDeterministic(Predeploys.BRIDGED_ERC20, _salt(l1Token));
        _l1Tokens[l2Token] = l1Token;
        emit TokenCreated(l1Token, l2Token);
        IBridgedERC20(l2Token).initialize(l1Token, name, symbol, decimals);
    }

    /// @inheritdoc ITokenFactory
    function tokenOf(address l1Token) external view returns (address l2Token) {
        return Clones.predictDeterministicAddress(Predeploys.BRIDGED_ERC20, _salt(l1Token));
    }

    /// @inheritdoc ITokenFactory
    function l1TokenOf(address l2Token) external view returns (address) {
        return _l1Tokens[l2Token];
    }

    function _salt(address l1Token) private pure returns (bytes32) {
        return bytes32(uint256(uint160(l1Token)));
    }
}
