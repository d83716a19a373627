// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import { IInbox } from "../../src/interfaces/IInbox.sol";
import { IL1Bridge } from "../../src/interfaces/IL1Bridge.sol";
import { IWithdrawalCaller } from "../../src/interfaces/IWithdrawalCaller.sol";

/// @title A contract that deposits, so that its address must be aliased
contract Depositor {
    function deposit(address inbox, address to, uint64 gasLimit, bytes calldata data) external payable {
        IInbox(inbox).deposit{ value: msg.value }(to, gasLimit, data);
    }
}

/// @title A target of withdrawals: records, refuses, or tries to be paid twice
contract Receiver {
    enum Mode {
        Accept,
        Refuse,
        Reenter
    }

    Mode public mode;
    address public sender;
    uint256 public received;
    bytes public data;
    IL1Bridge.Withdrawal private _again;
    address private _bridge;
    address private _prover;

    function setMode(Mode mode_) external {
        mode = mode_;
    }

    function prepare(address bridge, IL1Bridge.Withdrawal calldata again, address prover) external {
        _bridge = bridge;
        _again = again;
        _prover = prover;
    }

    function take(bytes calldata data_) external payable {
        require(mode != Mode.Refuse, "refused");
        if (mode == Mode.Reenter) IL1Bridge(_bridge).finalizeWithdrawal(_again, _prover);
        sender = IWithdrawalCaller(msg.sender).l2Sender();
        received += msg.value;
        data = data_;
    }
}

/// @title An account that refuses money
contract Miser {
    function call(address to, bytes calldata data) external payable {
        (bool success, bytes memory result) = to.call{ value: msg.value }(data);
        if (!success) {
            assembly ("memory-safe") {
                revert(add(result, 0x20), mload(result))
            }
        }
    }
}

/// @title A token that takes 1 % of every transfer
contract TaxToken {
    string public constant name = "Tax";
    string public constant symbol = "TAX";
    uint8 public constant decimals = 18;
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;

    constructor() {
        balanceOf[msg.sender] = 1_000 ether;
    }

    function approve(address spender, uint256 amount) external returns (bool) {
        allowance[msg.sender][spender] = amount;
        return true;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        _move(msg.sender, to, amount);
        return true;
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        allowance[from][msg.sender] -= amount;
        _move(from, to, amount);
        return true;
    }

    function _move(address from, address to, uint256 amount) private {
        balanceOf[from] -= amount;
        balanceOf[to] += (amount * 99) / 100;
    }
}
