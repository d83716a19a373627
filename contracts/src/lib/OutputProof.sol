// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import { Memory } from "@openzeppelin/contracts/utils/Memory.sol";
import { RLP } from "@openzeppelin/contracts/utils/RLP.sol";
import { TrieProof } from "@openzeppelin/contracts/utils/cryptography/TrieProof.sol";

/// @title Opens an output root down to the storage of an account of L2 (docs/specs/MACHINE.md)
library OutputProof {
    using RLP for Memory.Slice;

    bytes32 private constant TAG_STATE = keccak256("trex.machine.state.1");
    bytes32 private constant TAG_WORLD = keccak256("trex.machine.world.1");
    uint256 private constant STATE_WORDS = 6;
    uint256 private constant STATE_WORLD_WORD = 4;
    uint256 private constant WORLD_WORDS = 7;
    uint256 private constant WORLD_ROOT_WORD = 1;
    uint256 private constant ACCOUNT_STORAGE_FIELD = 2;

    error OutputProof_WrongPreimage(bytes32 hash, bytes32 expected);
    error OutputProof_InvalidAccountProof();

    /// @notice L2's state root in the machine state whose hash is `rootClaim`.
    /// @param statePreimage Preimage of the root claim: six words, TAG_STATE first.
    /// @param worldPreimage Preimage of the World hash in it: seven words, TAG_WORLD first.
    function stateRoot(bytes32 rootClaim, bytes calldata statePreimage, bytes calldata worldPreimage) internal pure returns (bytes32) {
        bytes32 worldHash = _open(statePreimage, STATE_WORDS, TAG_STATE, rootClaim, STATE_WORLD_WORD);
        return _open(worldPreimage, WORLD_WORDS, TAG_WORLD, worldHash, WORLD_ROOT_WORD);
    }

    /// @notice Storage root of `target`.
    /// @param account RLP of the account; `accountProof` proves it in the state trie.
    function storageRoot(bytes32 root, address target, bytes calldata account, bytes[] calldata accountProof)
        internal
        pure
        returns (bytes32)
    {
        bytes memory key = abi.encode(keccak256(abi.encodePacked(target)));
        if (!TrieProof.verify(account, root, key, accountProof)) revert OutputProof_InvalidAccountProof();
        return RLP.decodeList(account)[ACCOUNT_STORAGE_FIELD].readBytes32();
    }

    /// Checks that `preimage` is a tagged record with hash `expected`, and reads one word of it.
    function _open(bytes calldata preimage, uint256 words, bytes32 tag, bytes32 expected, uint256 word) private pure returns (bytes32) {
        bytes32 hash = keccak256(preimage);
        bool isRecord = preimage.length == words * 32 && bytes32(preimage[:32]) == tag;
        if (hash != expected || !isRecord) revert OutputProof_WrongPreimage(hash, expected);
        return bytes32(preimage[word * 32:(word + 1) * 32]);
    }
}
