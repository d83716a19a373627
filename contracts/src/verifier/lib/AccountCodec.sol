// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {MerklePatricia} from "./MerklePatricia.sol";
import {Rlp, Slice} from "./Rlp.sol";

struct Account {
    bool exists;
    uint256 nonce;
    uint256 balance;
    bytes32 storageRoot;
    bytes32 codeHash;
}

/// @title RLP of an account in the state trie
library AccountCodec {
    using Rlp for Slice;

    error AccountCodec_Malformed();

    /// keccak256 of no bytes.
    bytes32 internal constant EMPTY_CODE_HASH = 0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470;

    /// @notice Reads a leaf's value; no bytes stand for an account that does not exist.
    function decode(bytes memory value) internal pure returns (Account memory account) {
        account.storageRoot = MerklePatricia.EMPTY_ROOT;
        account.codeHash = EMPTY_CODE_HASH;
        if (value.length == 0) return account;
        account.exists = true;
        Slice item;
        Slice rest = Rlp.sliceOf(value).listPayload();
        (item, rest) = rest.next();
        account.nonce = item.toUint();
        (item, rest) = rest.next();
        account.balance = item.toUint();
        (item, rest) = rest.next();
        account.storageRoot = item.toBytes32();
        (item, rest) = rest.next();
        account.codeHash = item.toBytes32();
        if (rest.len() != 0) revert AccountCodec_Malformed();
    }

    /// @notice The leaf's value; no bytes for an account that does not exist.
    function encode(Account memory account) internal pure returns (bytes memory) {
        if (!account.exists) return new bytes(0);
        return Rlp.encodeList(
            bytes.concat(
                Rlp.encode(account.nonce),
                Rlp.encode(account.balance),
                Rlp.encode(account.storageRoot),
                Rlp.encode(account.codeHash)
            )
        );
    }

    /// @notice EIP-161: no nonce, no balance, no code. Missing accounts are empty as well.
    function isEmpty(Account memory account) internal pure returns (bool) {
        return account.nonce == 0 && account.balance == 0 && account.codeHash == EMPTY_CODE_HASH;
    }
}
