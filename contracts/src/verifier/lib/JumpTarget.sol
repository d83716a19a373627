// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title Where a jump may land
library JumpTarget {
    uint256 private constant JUMPDEST = 0x5b;
    uint256 private constant HIGH_BITS = 0x8080808080808080808080808080808080808080808080808080808080808080;
    uint256 private constant LOW_FIVE_BITS = 0x1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f;
    uint256 private constant AFTER_TWO_BYTES = 0x0000ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff;

    /// @dev Whether `target` is a JUMPDEST that is not data of a PUSH: every instruction from the start is stepped over, 32 bytes of code at
    /// a time. Rationale: all instructions but PUSH1 to PUSH32 have one byte, so what is no PUSH needs no look of its own. Code with a
    /// PUSH in every other byte takes longest: 16 of them a word.
    function isValid(bytes memory code, uint256 target) internal pure returns (bool result) {
        if (target >= code.length || uint8(code[target]) != JUMPDEST) return false;
        assembly {
            let at := add(code, 32)
            let end_ := add(at, target)
            // What stands at the target or behind it does not matter: for now it is STOP.
            let behind := mload(end_)
            mstore(end_, 0)
            let dataEnd
            for {} lt(at, end_) {} {
                let word := mload(at)
                at := add(at, 32)
                // The high bit of each byte 011xxxxx: of what may be a PUSH.
                let pushes := and(and(shl(1, word), shl(2, word)), and(not(word), HIGH_BITS))
                if pushes {
                    // The length of each one's data, less one.
                    let sizes := and(word, LOW_FIVE_BITS)
                    // Bits to where the data of the last one ends, less the 16 that every PUSH has at least.
                    let last
                    // Rationale: eight a turn, as a turn costs as much as a third of one.
                    for {} pushes {} {
                        last := clz(pushes)
                        last := add(last, shr(245, shl(last, sizes)))
                        pushes := and(pushes, shr(last, AFTER_TWO_BYTES))
                        if pushes {
                            last := clz(pushes)
                            last := add(last, shr(245, shl(last, sizes)))
                            pushes := and(pushes, shr(last, AFTER_TWO_BYTES))
                            if pushes {
                                last := clz(pushes)
                                last := add(last, shr(245, shl(last, sizes)))
                                pushes := and(pushes, shr(last, AFTER_TWO_BYTES))
                                if pushes {
                                    last := clz(pushes)
                                    last := add(last, shr(245, shl(last, sizes)))
                                    pushes := and(pushes, shr(last, AFTER_TWO_BYTES))
                                    if pushes {
                                        last := clz(pushes)
                                        last := add(last, shr(245, shl(last, sizes)))
                                        pushes := and(pushes, shr(last, AFTER_TWO_BYTES))
                                        if pushes {
                                            last := clz(pushes)
                                            last := add(last, shr(245, shl(last, sizes)))
                                            pushes := and(pushes, shr(last, AFTER_TWO_BYTES))
                                            if pushes {
                                                last := clz(pushes)
                                                last := add(last, shr(245, shl(last, sizes)))
                                                pushes := and(pushes, shr(last, AFTER_TWO_BYTES))
                                                if pushes {
                                                    last := clz(pushes)
                                                    last := add(last, shr(245, shl(last, sizes)))
                                                    pushes := and(pushes, shr(last, AFTER_TWO_BYTES))
                                                }
                                            }
                                        }
                                    }
                                }
                            }
                        }
                    }
                    dataEnd := add(at, sar(3, sub(last, 240)))
                    if gt(dataEnd, at) { at := dataEnd }
                }
            }
            mstore(end_, behind)
            result := iszero(gt(dataEnd, end_))
        }
    }
}
