// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import { IEngagements } from "../interfaces/IEngagements.sol";

/// @title What actions do (docs/specs/PERSONA.md, section 4)
library Plays {
    uint256 internal constant KIND_MICRO = 0;
    uint256 internal constant KIND_MOVE = 1;
    uint256 internal constant KIND_SOCIAL = 2;
    uint256 private constant DATA_MASK = 31;
    uint256 private constant KIND_SHIFT = 5;
    uint256 private constant TARGET_LENGTH = 3;
    uint256 private constant SIDE_MASK = 31;
    uint32 private constant FIRST_TIME_BONUS = 4;

    /// @notice How many actions `actions` holds; zero if it is malformed, or a target is the passport itself or beyond `supply`.
    function count(bytes calldata actions, uint256 passport, uint256 supply) internal pure returns (uint256 total) {
        uint256 offset = 0;
        while (offset < actions.length) {
            (uint256 kind,, uint256 target, uint256 next) = read(actions, offset);
            bool isSocial = kind == KIND_SOCIAL;
            if (next > actions.length || (isSocial && (target == 0 || target > supply || target == passport))) return 0;
            offset = next;
            ++total;
        }
    }

    /// @notice The action at `offset`. Bytes beyond the end read as zero, and `next` is then beyond the end.
    function read(bytes calldata actions, uint256 offset)
        internal
        pure
        returns (uint256 kind, uint256 data, uint256 target, uint256 next)
    {
        uint256 word;
        assembly ("memory-safe") {
            word := shr(224, calldataload(add(actions.offset, offset)))
        }
        data = word >> 24;
        kind = data >> KIND_SHIFT;
        data &= DATA_MASK;
        next = offset + 1;
        if (kind == KIND_SOCIAL) {
            target = word & 0xffffff;
            next += TARGET_LENGTH;
        }
    }

    /// @notice A micro-reward: task number `task`.
    function reward(IEngagements.Play memory play, uint256 task) internal pure {
        unchecked {
            uint32 bit = uint32(1 << task);
            if (play.tasks & bit == 0) {
                play.tasks |= bit;
                play.coins += FIRST_TIME_BONUS;
            }
            ++play.coins;
        }
    }

    /// @notice A move: `data` = direction + 4 · (steps − 1).
    function move(IEngagements.Play memory play, uint256 data) internal pure {
        unchecked {
            uint256 steps = (data >> 2) + 1;
            uint256 direction = data & 3;
            if (direction == 0) play.y = uint8((play.y - steps) & SIDE_MASK);
            else if (direction == 1) play.x = uint8((play.x + steps) & SIDE_MASK);
            else if (direction == 2) play.y = uint8((play.y + steps) & SIDE_MASK);
            else play.x = uint8((play.x - steps) & SIDE_MASK);
            ++play.moves;
            if ((7 * uint256(play.x) + 13 * uint256(play.y) + play.moves) % 16 == 0) ++play.treasures;
        }
    }
}
