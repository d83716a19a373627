// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import { BLS } from "./BLS.sol";

/// @title Members with stake and a BLS key, by index of registration
/// @notice What the registries of sequencers and data nodes have in common. Storage in a struct, so that each registry keeps it private.
library StakedKeys {
    struct Member {
        address operator;
        uint64 exitBlock;
        bool slashed;
        uint256 stake;
        bytes publicKey;
    }

    struct Set {
        Member[] members;
        /// Index + 1 of an operator; 0 if none.
        mapping(address operator => uint256) indexOf;
        mapping(bytes32 keyHash => bool) keyTaken;
        /// Bitmap of the members that neither leave nor were slashed.
        uint256 active;
    }

    enum Refusal {
        None,
        InvalidKey,
        InvalidPossession,
        KeyTaken,
        OperatorTaken,
        Full
    }

    /// @notice Adds a member, or says why not.
    function add(Set storage set, address operator, uint256 stake, uint256 limit, bytes memory key, bytes memory possession)
        internal
        returns (Refusal)
    {
        uint256 index = set.members.length;
        if (index >= limit) return Refusal.Full;
        if (set.indexOf[operator] != 0) return Refusal.OperatorTaken;
        if (key.length != BLS.G1_LENGTH || BLS.isInfinity(key)) return Refusal.InvalidKey;
        if (set.keyTaken[keccak256(key)]) return Refusal.KeyTaken;
        if (!BLS.verify(key, keccak256(key), possession, BLS.POSSESSION_DOMAIN)) return Refusal.InvalidPossession;
        set.members.push(Member({ operator: operator, exitBlock: 0, slashed: false, stake: stake, publicKey: key }));
        set.indexOf[operator] = index + 1;
        set.keyTaken[keccak256(key)] = true;
        set.active |= 1 << index;
        return Refusal.None;
    }

    /// @notice Sum of the keys of `signers`; `unknown` is the first bit without a member, or max.
    function aggregate(Set storage set, uint256 signers) internal view returns (bytes memory key, uint256 unknown) {
        uint256 count = set.members.length;
        if (signers >> count != 0) return ("", count);
        for (uint256 i = 0; i < count; ++i) {
            if ((signers >> i) & 1 == 0) continue;
            bytes memory next = set.members[i].publicKey;
            key = key.length == 0 ? next : BLS.addG1(key, next);
        }
        return (key, type(uint256).max);
    }

    function isActive(Set storage set, uint256 index) internal view returns (bool) {
        return (set.active >> index) & 1 == 1;
    }

    function deactivate(Set storage set, uint256 index) internal {
        set.active &= ~(1 << index);
    }
}
