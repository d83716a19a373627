// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title The EVM's arithmetic, comparison and bit opcodes, computed by the EVM itself
/// @notice 0x01–0x0b, 0x10–0x1e (Osaka, with CLZ). `a` is the top of the stack.
library Alu {
    /// @notice Number of operands; 0 if the opcode is none of these.
    function arity(uint256 opcode) internal pure returns (uint256) {
        if (opcode == 0x08 || opcode == 0x09) return 3;
        if (opcode == 0x15 || opcode == 0x19 || opcode == 0x1e) return 1;
        if (opcode >= 0x01 && opcode <= 0x0b) return 2;
        if (opcode >= 0x10 && opcode <= 0x1d) return 2;
        return 0;
    }

    /// @notice Gas, the exponent of EXP included (10 + 50 per byte).
    function gasOf(uint256 opcode, uint256 exponent) internal pure returns (uint256) {
        if (opcode == 0x0a) {
            uint256 bits;
            assembly {
                bits := sub(256, clz(exponent))
            }
            return 10 + 50 * ((bits + 7) / 8);
        }
        if (opcode == 0x08 || opcode == 0x09) return 8;
        if (opcode == 0x02 || opcode == 0x04 || opcode == 0x05 || opcode == 0x06 || opcode == 0x07 || opcode == 0x0b) return 5;
        if (opcode == 0x1e) return 5;
        return 3;
    }

    /// @notice The result; unused operands are ignored.
    function compute(uint256 opcode, uint256 a, uint256 b, uint256 c) internal pure returns (uint256 result) {
        assembly {
            switch opcode
            case 0x01 { result := add(a, b) }
            case 0x02 { result := mul(a, b) }
            case 0x03 { result := sub(a, b) }
            case 0x04 { result := div(a, b) }
            case 0x05 { result := sdiv(a, b) }
            case 0x06 { result := mod(a, b) }
            case 0x07 { result := smod(a, b) }
            case 0x08 { result := addmod(a, b, c) }
            case 0x09 { result := mulmod(a, b, c) }
            case 0x0a { result := exp(a, b) }
            case 0x0b { result := signextend(a, b) }
            case 0x10 { result := lt(a, b) }
            case 0x11 { result := gt(a, b) }
            case 0x12 { result := slt(a, b) }
            case 0x13 { result := sgt(a, b) }
            case 0x14 { result := eq(a, b) }
            case 0x15 { result := iszero(a) }
            case 0x16 { result := and(a, b) }
            case 0x17 { result := or(a, b) }
            case 0x18 { result := xor(a, b) }
            case 0x19 { result := not(a) }
            case 0x1a { result := byte(a, b) }
            case 0x1b { result := shl(a, b) }
            case 0x1c { result := shr(a, b) }
            case 0x1d { result := sar(a, b) }
            case 0x1e { result := clz(a) }
            default { revert(0, 0) }
        }
    }
}
