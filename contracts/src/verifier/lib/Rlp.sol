// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// A stretch of memory: pointer to its first byte in the high bits, size in the low 128.
type Slice is uint256;

/// @title Strict RLP over slices of memory
/// @notice Every read is checked against the slice's end; non-canonical encodings revert.
library Rlp {
    error Rlp_Truncated();
    error Rlp_NotCanonical();
    error Rlp_NotAString();
    error Rlp_NotAList();
    error Rlp_TooLong();

    bytes1 internal constant EMPTY_STRING = 0x80;

    function slice(uint256 pointer, uint256 size) internal pure returns (Slice) {
        return Slice.wrap((pointer << 128) | size);
    }

    /// @notice The contents of a byte array, without copying.
    function sliceOf(bytes memory data) internal pure returns (Slice) {
        uint256 pointer;
        assembly {
            pointer := add(data, 32)
        }
        return slice(pointer, data.length);
    }

    function ptr(Slice s) internal pure returns (uint256) {
        return Slice.unwrap(s) >> 128;
    }

    function len(Slice s) internal pure returns (uint256) {
        return uint128(Slice.unwrap(s));
    }

    function toBytes(Slice s) internal pure returns (bytes memory result) {
        uint256 pointer = ptr(s);
        uint256 size = len(s);
        result = new bytes(size);
        assembly {
            mcopy(add(result, 32), pointer, size)
        }
    }

    function hash(Slice s) internal pure returns (bytes32 result) {
        uint256 pointer = ptr(s);
        uint256 size = len(s);
        assembly {
            result := keccak256(pointer, size)
        }
    }

    /// @notice First byte; the slice must not be empty.
    function first(Slice s) internal pure returns (uint256 result) {
        if (len(s) == 0) revert Rlp_Truncated();
        uint256 pointer = ptr(s);
        assembly {
            result := byte(0, mload(pointer))
        }
    }

    function isList(Slice s) internal pure returns (bool) {
        return first(s) >= 0xc0;
    }

    /// @notice Header size and payload size of the item that `s` begins with.
    function header(Slice s) internal pure returns (uint256 headerSize, uint256 payloadSize) {
        uint256 available = len(s);
        if (available == 0) revert Rlp_Truncated();
        uint256 pointer = ptr(s);
        uint256 head;
        assembly {
            head := mload(pointer)
        }
        uint256 lead = head >> 248;
        if (lead < 0x80) return (0, 1);
        // Lengths stay below 2^33 and pointers below 2^32: nothing overflows.
        unchecked {
            uint256 short = lead < 0xc0 ? lead - 0x80 : lead - 0xc0;
            if (short < 56) {
                if (short >= available) revert Rlp_Truncated();
                if (lead == 0x81 && (head >> 240) & 0xff < 0x80) revert Rlp_NotCanonical();
                return (1, short);
            }
            headerSize = short - 54;
            if (headerSize > available) revert Rlp_Truncated();
            if (headerSize > 5) revert Rlp_TooLong();
            payloadSize = (head << 8) >> (264 - 8 * headerSize);
            if (payloadSize < 56 || payloadSize >> (8 * (headerSize - 2)) == 0) revert Rlp_NotCanonical();
            if (headerSize + payloadSize > available) revert Rlp_Truncated();
        }
    }

    /// @notice Splits `s` into its first item (with header) and the rest.
    function next(Slice s) internal pure returns (Slice item, Slice rest) {
        (uint256 headerSize, uint256 payloadSize) = header(s);
        unchecked {
            uint256 size = headerSize + payloadSize;
            // The header's check keeps the size within the slice.
            item = Slice.wrap((Slice.unwrap(s) >> 128 << 128) | size);
            rest = Slice.wrap(Slice.unwrap(s) + (size << 128) - size);
        }
    }

    /// @notice The payload of a list that fills `s` exactly.
    function listPayload(Slice s) internal pure returns (Slice) {
        if (!isList(s)) revert Rlp_NotAList();
        (uint256 headerSize, uint256 payloadSize) = header(s);
        unchecked {
            if (headerSize + payloadSize != len(s)) revert Rlp_NotCanonical();
            return slice(ptr(s) + headerSize, payloadSize);
        }
    }

    /// @notice The content of a string item that fills `s` exactly.
    function stringPayload(Slice s) internal pure returns (Slice) {
        if (isList(s)) revert Rlp_NotAString();
        (uint256 headerSize, uint256 payloadSize) = header(s);
        unchecked {
            if (headerSize + payloadSize != len(s)) revert Rlp_NotCanonical();
            return slice(ptr(s) + headerSize, payloadSize);
        }
    }

    /// @notice An integer of at most 32 bytes without leading zeros.
    function toUint(Slice item) internal pure returns (uint256 value) {
        Slice payload = stringPayload(item);
        uint256 size = len(payload);
        if (size == 0) return 0;
        if (size > 32) revert Rlp_TooLong();
        uint256 pointer = ptr(payload);
        assembly {
            value := shr(sub(256, mul(8, size)), mload(pointer))
        }
        if (value >> (8 * (size - 1)) == 0) revert Rlp_NotCanonical();
    }

    /// @notice Exactly 32 bytes.
    function toBytes32(Slice item) internal pure returns (bytes32 value) {
        Slice payload = stringPayload(item);
        if (len(payload) != 32) revert Rlp_NotCanonical();
        uint256 pointer = ptr(payload);
        assembly {
            value := mload(pointer)
        }
    }

    /// @notice The byte at an offset; the caller has checked the bound.
    function byteAt(Slice s, uint256 offset) internal pure returns (uint256 value) {
        uint256 pointer = ptr(s);
        assembly {
            value := byte(0, mload(add(pointer, offset)))
        }
    }

    /// @notice RLP of a byte string.
    function encode(bytes memory data) internal pure returns (bytes memory) {
        if (data.length == 1 && uint8(data[0]) < 0x80) return data;
        return bytes.concat(prefix(0x80, data.length), data);
    }

    /// @notice RLP of an integer.
    function encode(uint256 value) internal pure returns (bytes memory result) {
        if (value == 0) return hex"80";
        if (value < 0x80) {
            result = new bytes(1);
            result[0] = bytes1(uint8(value));
            return result;
        }
        uint256 size = byteLength(value);
        result = new bytes(size + 1);
        assembly {
            mstore8(add(result, 32), add(0x80, size))
            // The array's last word may reach past its end: only zeros are written there, into memory that is free.
            mstore(add(result, 33), shl(sub(256, mul(8, size)), value))
            mstore(0x40, add(result, 0x60))
        }
    }

    /// @notice RLP of a 32-byte string.
    function encode(bytes32 value) internal pure returns (bytes memory) {
        return abi.encodePacked(bytes1(0xa0), value);
    }

    /// @notice RLP of an address.
    function encode(address value) internal pure returns (bytes memory) {
        return abi.encodePacked(bytes1(0x94), value);
    }

    /// @notice RLP of a list whose items, encoded already, are `payload`.
    function encodeList(bytes memory payload) internal pure returns (bytes memory) {
        return bytes.concat(prefix(0xc0, payload.length), payload);
    }

    function prefix(uint256 base, uint256 size) internal pure returns (bytes memory) {
        if (size < 56) return abi.encodePacked(uint8(base + size));
        if (size < 0x100) return abi.encodePacked(uint8(base + 56), uint8(size));
        if (size < 0x10000) return abi.encodePacked(uint8(base + 57), uint16(size));
        if (size < 0x1000000) return abi.encodePacked(uint8(base + 58), uint24(size));
        revert Rlp_TooLong();
    }

    /// @notice Bytes that an integer needs without leading zeros; 0 for 0.
    function byteLength(uint256 value) internal pure returns (uint256 size) {
        if (value >> 128 > 0) {
            size = 16;
            value >>= 128;
        }
        if (value >> 64 > 0) {
            size += 8;
            value >>= 64;
        }
        if (value >> 32 > 0) {
            size += 4;
            value >>= 32;
        }
        if (value >> 16 > 0) {
            size += 2;
            value >>= 16;
        }
        if (value >> 8 > 0) {
            size += 1;
            value >>= 8;
        }
        if (value > 0) size += 1;
    }
}
