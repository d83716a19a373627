// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import { IWithdrawalCaller } from "../interfaces/IWithdrawalCaller.sol";

/// @title Makes the calls of withdrawals, without money or rights of its own
contract WithdrawalCaller is IWithdrawalCaller {
    address private immutable BRIDGE;

    address private transient _l2Sender;

    constructor() {
        BRIDGE = msg.sender;
    }

    /// @inheritdoc IWithdrawalCaller
    function execute(address sender, address target, bytes calldata data)
        external
        payable
        returns (bool success, bytes memory result)
    {
        if (msg.sender != BRIDGE) revert WithdrawalCaller_NotBridge();
        _l2Sender = sender;
        (success, result) = target.call{ value: msg.value }(data);
        _l2Sender = address(0);
    }

    /// @inheritdoc IWithdrawalCaller
    function l2Sender() external view returns (address) {
        if (_l2Sender == address(0)) revert WithdrawalCaller_NoWithdrawal();
        return _l2Sender;
    }
}
