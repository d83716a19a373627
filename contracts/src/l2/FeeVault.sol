// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import { IFeeVault, IL2ToL1MessagePasser } from "../interfaces/IL2.sol";
import { ISequencerRegistry } from "../interfaces/ISequencerRegistry.sol";
import { Predeploys } from "../lib/Predeploys.sol";

/// @title Coinbase of L2: priority fees gather here and go to the sequencers' reward pool on L1
contract FeeVault is IFeeVault {
    uint256 private constant MINIMUM_WITHDRAWAL = 0.01 ether;
    uint256 private constant GAS_LIMIT = 100_000;

    address private immutable RECIPIENT;

    constructor(address recipient_) {
        RECIPIENT = recipient_;
    }

    /// @notice Takes gifts as well as fees.
    receive() external payable { }

    /// @inheritdoc IFeeVault
    function withdraw() external returns (bytes32 withdrawalHash) {
        uint256 amount = address(this).balance;
        if (amount < MINIMUM_WITHDRAWAL) revert FeeVault_BalanceTooSmall(amount, MINIMUM_WITHDRAWAL);
        bytes memory call = abi.encodeCall(ISequencerRegistry.fundRewards, ());
        withdrawalHash =
            IL2ToL1MessagePasser(Predeploys.MESSAGE_PASSER).initiateWithdrawal{ value: amount }(RECIPIENT, GAS_LIMIT, call);
        emit Withdrawn(msg.sender, RECIPIENT, amount, withdrawalHash);
    }

    /// @inheritdoc IFeeVault
    function recipient() external view returns (address) {
        return RECIPIENT;
    }

    /// @inheritdoc IFeeVault
    function minimumWithdrawal() external pure returns (uint256) {
        return MINIMUM_WITHDRAWAL;
    }
}
