// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import { ERC20 } from "solady/src/tokens/ERC20.sol";

import { IBridgedERC20 } from "../interfaces/IL2.sol";
import { Predeploys } from "../lib/Predeploys.sol";

/// @title A token of L1 on L2
/// @notice The implementation at 0x4200…0013 is cloned for each token. Only the bridge mints and burns.
contract BridgedERC20 is ERC20, IBridgedERC20 {
    address private _l1Token;
    uint8 private _decimals;
    string private _name;
    string private _symbol;

    modifier onlyBridge() {
        if (msg.sender != Predeploys.L2_BRIDGE) revert BridgedERC20_NotBridge();
        _;
    }

    /// @inheritdoc IBridgedERC20
    function initialize(address l1Token_, string calldata name_, string calldata symbol_, uint8 decimals_) external {
        if (msg.sender != Predeploys.TOKEN_FACTORY) revert BridgedERC20_NotBridge();
        if (_l1Token != address(0)) revert BridgedERC20_AlreadyInitialized();
        _l1Token = l1Token_;
        _name = name_;
        _symbol = symbol_;
        _decimals = decimals_;
    }

    /// @inheritdoc IBridgedERC20
    function mint(address to, uint256 amount) external onlyBridge {
        _mint(to, amount);
    }

    /// @inheritdoc IBridgedERC20
    function burn(address from, uint256 amount) external onlyBridge {
        _burn(from, amount);
    }

    /// @inheritdoc IBridgedERC20
    function l1Token() external view returns (address) {
        return _l1Token;
    }

    /// @notice Name of the token on L1.
    function name() public view override returns (string memory) {
        return _name;
    }

    /// @notice Symbol of the token on L1.
    function symbol() public view override returns (string memory) {
        return _symbol;
    }

    /// @notice Decimals of the token on L1.
    function decimals() public view override returns (uint8) {
        return _decimals;
    }

    /// Permit2 gets no allowance that its owner did not give.
    function _givePermit2InfiniteAllowance() internal pure override returns (bool) {
        return false;
    }
}
