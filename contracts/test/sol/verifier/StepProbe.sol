// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @notice Asks the verifier as the game does, and tells what it took; and asks it with one byte of a witness changed, many times.
contract StepProbe {
    /// What a call of the verifier may use: Ethereum's limit of a transaction (EIP-7825).
    uint256 private constant GAS_MAX = 16_777_216;
    /// Of the call itself: a warm account, and what stands around it.
    uint256 private constant CALL_GAS = 132;

    function ask(address verifier, bytes memory request) external view returns (bool success, uint256 used, bytes memory returned) {
        assembly {
            // From now on the verifier is warm, as the recipient of a transaction is.
            if iszero(extcodesize(verifier)) { revert(0, 0) }
            let size := mload(request)
            let start := gas()
            success := staticcall(GAS_MAX, verifier, add(request, 32), size, 0, 0)
            used := sub(sub(start, gas()), CALL_GAS)
            returned := mload(0x40)
            mstore(returned, returndatasize())
            returndatacopy(add(returned, 32), 0, returndatasize())
            mstore(0x40, add(returned, and(add(returndatasize(), 63), not(31))))
        }
    }

    /// @param request with which the verifier answers `honest`
    /// @param from first byte of `request` that is changed
    /// @param count of bytes; each by its lowest `bits` bits, one at a time
    /// @return reverted calls that the verifier refused
    /// @return unchanged calls that it answered as before
    /// @return accepted 8 * byte + bit of each call that it answered otherwise; there must be none
    function flip(address verifier, bytes memory request, bytes32 honest, uint256 from, uint256 count, uint256 bits)
        external
        view
        returns (uint256 reverted, uint256 unchanged, uint256[] memory accepted)
    {
        uint256 found;
        accepted = new uint256[](bits * count);
        for (uint256 i; i < bits * count; ++i) {
            uint256 place = from + i / bits;
            bytes1 mask = bytes1(uint8(1 << (i % bits)));
            request[place] ^= mask;
            (bool success, bytes32 answer) = answerTo(verifier, request);
            request[place] ^= mask;
            if (!success) ++reverted;
            else if (answer == honest) ++unchanged;
            else accepted[found++] = 8 * place + i % bits;
        }
        assembly {
            mstore(accepted, found)
        }
    }

    function answerTo(address verifier, bytes memory request) private view returns (bool success, bytes32 answer) {
        assembly {
            success := staticcall(GAS_MAX, verifier, add(request, 32), mload(request), 0, 32)
            success := and(success, eq(returndatasize(), 32))
            answer := mload(0)
        }
    }
}
