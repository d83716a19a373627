// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Account, AccountCodec} from "../../../src/verifier/lib/AccountCodec.sol";
import {JumpTarget} from "../../../src/verifier/lib/JumpTarget.sol";
import {MerklePatricia} from "../../../src/verifier/lib/MerklePatricia.sol";

/// @notice Opens the verifier's internal libraries to tests.
contract LibraryProbe {
    function trieGet(bytes32 root, bytes32 key, bytes[] memory proof) external pure returns (bytes memory) {
        return MerklePatricia.get(root, key, proof);
    }

    function triePut(bytes32 root, bytes32 key, bytes memory value, bytes[] memory proof)
        external
        pure
        returns (bytes memory old, bytes32 newRoot)
    {
        MerklePatricia.Walk memory w = MerklePatricia.walk(root, key, proof);
        return (MerklePatricia.valueOf(w), MerklePatricia.put(w, value));
    }

    function accountRoundTrip(bytes memory value) external pure returns (Account memory account, bytes memory again) {
        account = AccountCodec.decode(value);
        again = AccountCodec.encode(account);
    }

    /// For each byte of the code whether a jump may land there.
    function jumpTargets(bytes memory code) external pure returns (bool[] memory targets) {
        targets = new bool[](code.length);
        for (uint256 i; i < code.length; ++i) targets[i] = JumpTarget.isValid(code, i);
    }
}
