// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Rlp, Slice} from "./Rlp.sol";

/// @title Access lists (EIP-2930) in one tight pass: thousands of items fit into one transaction
library AccessList {
    using Rlp for Slice;

    error AccessList_Malformed();

    /// @notice Reads the payload of an access list, `[address, [key…]]…`, which must be canonical RLP.
    /// @return addresses number of entries
    /// @return slots number of keys
    /// @return chain MACHINE.md's chain of items: keccak256(abi.encode(below, address, isSlot, slot)), in order
    function scan(Slice payload) internal pure returns (uint256 addresses, uint256 slots, bytes32 chain) {
        uint256 pointer = payload.ptr();
        uint256 end = pointer + payload.len();
        bool isSound = true;
        assembly {
            // Bounds of the payload of the list at p; `finish` is 0 if its header is not canonical or reaches beyond the limit.
            function list(p, limit) -> start, finish {
                let head := mload(p)
                let lead := byte(0, head)
                switch lt(lead, 0xf8)
                case 1 {
                    start := add(p, 1)
                    if gt(lead, 0xbf) { finish := add(start, sub(lead, 0xc0)) }
                }
                default {
                    let lengthSize := sub(lead, 0xf7)
                    start := add(p, add(1, lengthSize))
                    let size := shr(sub(256, mul(8, lengthSize)), shl(8, head))
                    let isShortest := and(gt(size, 55), gt(shr(mul(8, sub(lengthSize, 1)), size), 0))
                    if and(isShortest, lt(lengthSize, 5)) { finish := add(start, size) }
                }
                if or(gt(finish, limit), iszero(lt(p, limit))) { finish := 0 }
            }
            // The words of one item stand in memory that is not kept.
            let words := mload(0x40)
            for {} and(lt(pointer, end), isSound) {} {
                let entry, entryEnd := list(pointer, end)
                let keys, keysEnd := list(add(entry, 21), entryEnd)
                let isAddress := eq(byte(0, mload(entry)), 0x94)
                isSound := and(isAddress, and(gt(entryEnd, 0), eq(keysEnd, entryEnd)))
                isSound := and(isSound, iszero(mod(sub(keysEnd, keys), 33)))
                if isSound {
                    addresses := add(addresses, 1)
                    mstore(words, chain)
                    mstore(add(words, 32), shr(96, mload(add(entry, 1))))
                    mstore(add(words, 64), 0)
                    mstore(add(words, 96), 0)
                    chain := keccak256(words, 128)
                    mstore(add(words, 64), 1)
                    for {} lt(keys, keysEnd) { keys := add(keys, 33) } {
                        isSound := and(isSound, eq(byte(0, mload(keys)), 0xa0))
                        slots := add(slots, 1)
                        mstore(words, chain)
                        mstore(add(words, 96), mload(add(keys, 1)))
                        chain := keccak256(words, 128)
                    }
                }
                pointer := entryEnd
            }
        }
        if (!isSound) revert AccessList_Malformed();
    }
}
