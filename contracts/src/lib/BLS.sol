// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title BLS12-381 signatures on the precompiles of EIP-2537: keys in G1, signatures in G2
/// @notice Points are in EIP-2537 form: 128 bytes (G1) and 256 bytes (G2). The hash to G2 is RFC 9380's
/// BLS12381G2_XMD:SHA-256_SSWU_RO with the caller's domain separation tag.
library BLS {
    uint256 internal constant G1_LENGTH = 128;
    uint256 internal constant G2_LENGTH = 256;

    /// Domains of docs/specs/DIGESTS.md; both are 43 bytes long.
    bytes internal constant SIGNATURE_DOMAIN = "BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_";
    bytes internal constant POSSESSION_DOMAIN = "BLS_POP_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_";

    address private constant MODEXP = address(0x05);
    address private constant G1_ADD = address(0x0b);
    address private constant G2_ADD = address(0x0d);
    address private constant PAIRING = address(0x0f);
    address private constant MAP_FP2_TO_G2 = address(0x11);

    /// A failing precompile burns all gas that it was given, so it is given what EIP-2537 charges and no more.
    uint256 private constant G1_ADD_GAS = 375;
    uint256 private constant G2_ADD_GAS = 600;
    uint256 private constant MAP_GAS = 23_800;
    uint256 private constant PAIRING_GAS = 2 * 32_600 + 37_700;

    /// The field's modulus, padded to 64 bytes.
    bytes32 private constant P_HIGH = 0x000000000000000000000000000000001a0111ea397fe69a4b1ba7b6434bacd7;
    bytes32 private constant P_LOW = 0x64774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab;

    /// The negated generator of G1.
    bytes private constant MINUS_G1 =
        hex"0000000000000000000000000000000017f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb"
        hex"00000000000000000000000000000000114d1d6855d545a8aa7d76c8cf2e21f267816aef1db507c96655b9d5caac42364e6f38ba0ecb751bad54dcd6b939c2ca";

    error BLS_PrecompileFailed(address precompile);

    /// @notice Whether `signature` is valid for `digest` under `key`. Malformed points and points outside the subgroups are not.
    function verify(bytes memory key, bytes32 digest, bytes memory signature, bytes memory domain) internal view returns (bool) {
        if (key.length != G1_LENGTH || signature.length != G2_LENGTH) return false;
        bytes memory input = bytes.concat(MINUS_G1, signature, key, hashToG2(digest, domain));
        address pairing = PAIRING;
        uint256 gasLimit = PAIRING_GAS;
        bool success;
        uint256 result;
        assembly ("memory-safe") {
            success := staticcall(gasLimit, pairing, add(input, 0x20), mload(input), 0x00, 0x20)
            result := mload(0x00)
        }
        return success && result == 1;
    }

    /// @notice Whether the key is the point at infinity, for which everybody can sign.
    function isInfinity(bytes memory key) internal pure returns (bool) {
        return keccak256(key) == keccak256(new bytes(G1_LENGTH));
    }

    /// @notice Sum of two points of G1 on the curve.
    function addG1(bytes memory a, bytes memory b) internal view returns (bytes memory sum) {
        return _call(G1_ADD, G1_ADD_GAS, bytes.concat(a, b), G1_LENGTH);
    }

    /// @notice Hashes a digest to a point of G2.
    function hashToG2(bytes32 digest, bytes memory domain) internal view returns (bytes memory) {
        bytes memory uniform = expand(digest, domain);
        bytes memory first = _map(_reduce(uniform, 0), _reduce(uniform, 64));
        bytes memory second = _map(_reduce(uniform, 128), _reduce(uniform, 192));
        return _call(G2_ADD, G2_ADD_GAS, bytes.concat(first, second), G2_LENGTH);
    }

    /// @notice expand_message_xmd of RFC 9380 with SHA-256, 256 bytes long.
    function expand(bytes32 message, bytes memory domain) internal pure returns (bytes memory uniform) {
        bytes memory suffix = bytes.concat(domain, bytes1(uint8(domain.length)));
        bytes32 start = sha256(bytes.concat(new bytes(64), message, hex"010000", suffix));
        uniform = new bytes(256);
        bytes32 block_ = sha256(bytes.concat(start, hex"01", suffix));
        for (uint256 i = 1;; ++i) {
            assembly ("memory-safe") {
                mstore(add(uniform, mul(0x20, i)), block_)
            }
            if (i == 8) return uniform;
            block_ = sha256(bytes.concat(start ^ block_, bytes1(uint8(i + 1)), suffix));
        }
    }

    /// Reduces the 64 bytes at `offset` modulo the field's prime; the result has 64 bytes.
    function _reduce(bytes memory uniform, uint256 offset) private view returns (bytes memory) {
        bytes32 high;
        bytes32 low;
        assembly ("memory-safe") {
            high := mload(add(add(uniform, 0x20), offset))
            low := mload(add(add(uniform, 0x40), offset))
        }
        bytes memory input = abi.encodePacked(uint256(64), uint256(1), uint256(64), high, low, uint8(1), P_HIGH, P_LOW);
        return _call(MODEXP, gasleft(), input, 64);
    }

    function _map(bytes memory c0, bytes memory c1) private view returns (bytes memory) {
        return _call(MAP_FP2_TO_G2, MAP_GAS, bytes.concat(c0, c1), G2_LENGTH);
    }

    function _call(address precompile, uint256 gasLimit, bytes memory input, uint256 length) private view returns (bytes memory output) {
        output = new bytes(length);
        bool success;
        assembly ("memory-safe") {
            success := staticcall(gasLimit, precompile, add(input, 0x20), mload(input), add(output, 0x20), length)
            success := and(success, eq(returndatasize(), length))
        }
        if (!success) revert BLS_PrecompileFailed(precompile);
    }
}
