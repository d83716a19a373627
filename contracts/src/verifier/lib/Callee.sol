// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Account} from "./AccountCodec.sol";
import {Machine} from "./Machine.sol";
import {Rlp} from "./Rlp.sol";
import {Step, Steps} from "./Steps.sol";

/// @title Whose code a call runs, and where a creation lands
library Callee {
    /// @notice MACHINE.md's callee(a): the hash of the code that a call of `account` runs, delegations (EIP-7702) resolved.
    /// @return codeHash EMPTY_HASH for a precompile or an absent account
    /// @return own the account itself; zero for a precompile
    /// @return delegationGas what resolving a delegation costs a CALL: 0 without one, else 100 or 2,600
    function resolve(Step memory s, uint256 account)
        internal
        pure
        returns (bytes32 codeHash, Account memory own, uint256 delegationGas)
    {
        if (Machine.isPrecompile(account)) return (Machine.EMPTY_HASH, own, 0);
        own = Steps.takeAccount(s, account).account;
        codeHash = own.codeHash;
        (bool isDelegation, uint256 target) = Steps.delegateOf(Steps.takeCode(s, codeHash));
        if (!isDelegation) return (codeHash, own, 0);
        delegationGas = Steps.warm(s, target) ? 100 : 2600;
        codeHash = Machine.isPrecompile(target) ? Machine.EMPTY_HASH : Steps.takeAccount(s, target).account.codeHash;
    }

    /// @notice Address of a contract that `creator` makes with this nonce.
    function createAddress(uint256 creator, uint256 nonce) internal pure returns (uint256) {
        bytes memory items = bytes.concat(Rlp.encode(address(uint160(creator))), Rlp.encode(nonce));
        return uint160(uint256(keccak256(Rlp.encodeList(items))));
    }
}
