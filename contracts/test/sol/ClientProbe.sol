// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title What tests of clients deploy: it logs, and refuses in every way
contract ClientProbe {
    uint256 public value;

    event ValueSet(address indexed by, uint256 value);

    error Refused(uint256 code, address by);

    constructor(uint256 first) {
        value = first;
    }

    function set(uint256 next) external {
        value = next;
        emit ValueSet(msg.sender, next);
    }

    function refuse(uint256 code) external view {
        revert Refused(code, msg.sender);
    }

    function refuseInWords() external pure {
        revert("not today");
    }

    function divide(uint256 by) external view returns (uint256) {
        return value / by;
    }
}
