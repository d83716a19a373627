// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title Makes the calls of withdrawals
/// @notice A contract of its own, without money or rights, so that a withdrawal cannot speak in the name of the bridge.
interface IWithdrawalCaller {
    error WithdrawalCaller_NotBridge();
    error WithdrawalCaller_NoWithdrawal();

    /// @notice Calls `target` with all gas but 1/64. Only the bridge.
    function execute(address sender, address target, bytes calldata data)
        external
        payable
        returns (bool success, bytes memory result);

    /// @notice The sender on L2 of the withdrawal being executed; reverts outside of one.
    function l2Sender() external view returns (address);
}
