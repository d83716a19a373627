// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title Addresses of L2 that both layers know
library Predeploys {
    address internal constant L2_BRIDGE = 0x4200000000000000000000000000000000000010;
    address internal constant FEE_VAULT = 0x4200000000000000000000000000000000000011;
    address internal constant TOKEN_FACTORY = 0x4200000000000000000000000000000000000012;
    address internal constant BRIDGED_ERC20 = 0x4200000000000000000000000000000000000013;
    address internal constant L1_BLOCK = 0x4200000000000000000000000000000000000015;
    address internal constant MESSAGE_PASSER = 0x4200000000000000000000000000000000000016;
    /// Caller of system calls (EIP-2935, EIP-4788, L1Block).
    address internal constant SYSTEM = 0xffffFFFfFFffffffffffffffFfFFFfffFFFfFFfE;
}
