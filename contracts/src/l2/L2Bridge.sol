// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import { IBridgedERC20, IL2Bridge, IL2ToL1MessagePasser, ITokenFactory } from "../interfaces/IL2.sol";
import { AddressAlias } from "../lib/AddressAlias.sol";
import { Predeploys } from "../lib/Predeploys.sol";

/// @title The bridge on L2
contract L2Bridge is IL2Bridge {
    uint256 private constant ETH_GAS_LIMIT = 100_000;

    address private immutable L1_BRIDGE;

    constructor(address l1Bridge_) {
        L1_BRIDGE = l1Bridge_;
    }

    /// @inheritdoc IL2Bridge
    function finalizeDeposit(
        address l1Token,
        address from,
        address to,
        uint256 amount,
        string calldata name,
        string calldata symbol,
        uint8 decimals
    ) external {
        if (msg.sender != AddressAlias.apply_(L1_BRIDGE)) revert L2Bridge_NotL1Bridge(msg.sender);
        address l2Token = _factory().tokenOf(l1Token);
        if (l2Token.code.length == 0) _factory().create(l1Token, name, symbol, decimals);
        emit DepositFinalized(l1Token, from, to, l2Token, amount);
        IBridgedERC20(l2Token).mint(to, amount);
    }

    /// @inheritdoc IL2Bridge
    function withdrawERC20(address l2Token, address to, uint256 amount) external returns (bytes32 withdrawalHash) {
        address l1Token = _factory().l1TokenOf(l2Token);
        if (l1Token == address(0)) revert L2Bridge_UnknownToken(l2Token);
        if (to == address(0)) revert L2Bridge_InvalidRecipient();
        if (amount == 0) revert L2Bridge_AmountZero();
        IBridgedERC20(l2Token).burn(msg.sender, amount);
        bytes memory release = abi.encode(l1Token, msg.sender, to, amount);
        // The bridge on L1 pays these itself; the gas limit only counts for calls.
        withdrawalHash = _passer().initiateWithdrawal(L1_BRIDGE, 0, release);
        emit Erc20WithdrawalInitiated(l1Token, msg.sender, to, amount, withdrawalHash);
    }

    /// @inheritdoc IL2Bridge
    function withdrawETH(address to) external payable returns (bytes32 withdrawalHash) {
        if (to == address(0)) revert L2Bridge_InvalidRecipient();
        if (msg.value == 0) revert L2Bridge_AmountZero();
        return _passer().initiateWithdrawal{ value: msg.value }(to, ETH_GAS_LIMIT, "");
    }

    /// @inheritdoc IL2Bridge
    function l1Bridge() external view returns (address) {
        return L1_BRIDGE;
    }

    function _factory() private pure returns (ITokenFactory) {
        return ITokenFactory(Predeploys.TOKEN_FACTORY);
    }

    function _passer() private pure returns (IL2ToL1MessagePasser) {
        return IL2ToL1MessagePasser(Predeploys.MESSAGE_PASSER);
    }
}
