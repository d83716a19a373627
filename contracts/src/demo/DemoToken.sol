// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title An ordinary ERC-20 with a fixed supply, for demonstrations and tests.
contract DemoToken is ERC20 {
    /// @param name_ Name of the token.
    /// @param symbol_ Ticker of the token.
    /// @param supplyWei Whole supply in the token's smallest unit, given to the deployer.
    constructor(string memory name_, string memory symbol_, uint256 supplyWei) ERC20(name_, symbol_) {
        _mint(msg.sender, supplyWei);
    }
}
