// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {AccessList} from "./lib/AccessList.sol";
import {Machine} from "./lib/Machine.sol";
import {Rlp, Slice} from "./lib/Rlp.sol";

/// A signed transaction that passed every check that needs neither block nor state. Offsets point into its bytes.
struct DecodedTransaction {
    uint256 txType;
    uint256 nonce;
    uint256 gasLimit;
    /// Types 0 and 1 have their gas price here and in `maxPriorityFee`.
    uint256 maxFee;
    uint256 maxPriorityFee;
    bool isCreation;
    address to;
    uint256 value;
    uint256 dataOffset;
    uint256 dataSize;
    /// MACHINE.md's chains of access list and authorizations; 0 if empty.
    bytes32 accessHash;
    bytes32 authorizationHash;
    uint256 accessAddresses;
    uint256 accessSlots;
    uint256 authorizations;
    uint256 intrinsicGas;
    /// EIP-7623: what the transaction pays at least.
    uint256 floorGas;
    address from;
}

/// A deposit; offsets point into its bytes.
struct DecodedDeposit {
    bytes32 sourceHash;
    address from;
    bool isCreation;
    address to;
    uint256 mint;
    uint256 value;
    uint256 gasLimit;
    uint256 dataOffset;
    uint256 dataSize;
    uint256 intrinsicGas;
}

/// A cheat that passed every check that needs neither block nor state.
struct DecodedCheat {
    uint256 action;
    address account;
    uint256 slot;
    uint256 value;
    bool isCreation;
    address to;
    uint256 gasLimit;
    /// 0 for all but a send.
    uint256 intrinsicGas;
    bytes32 dataHash;
    uint256 dataSize;
}

/// @title Reads transactions as workers/rollup/transaction/decode.ts and static.ts do
/// @notice A contract of its own, so that a caller can tell malformed bytes (revert with one of these errors) from success.
/// Callers must treat a revert without data as a lack of gas, never as a malformed transaction.
contract TransactionDecoder {
    using Rlp for Slice;

    error TransactionDecoder_Malformed();
    error TransactionDecoder_UnsupportedType();
    error TransactionDecoder_WrongChain();
    error TransactionDecoder_InvalidSignature();
    error TransactionDecoder_Invalid();

    uint256 private constant GAS_LIMIT_MAX = 16_777_216;
    uint256 private constant AUTHORIZATION_GAS = 25_000;
    /// Header, chainId, address, nonce, yParity, r and s.
    uint256 private constant AUTHORIZATION_SIZE_MIN = 1 + 1 + 21 + 1 + 1 + 1 + 1;
    uint256 private constant HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;

    /// EIP-3860, or as much as the chain's genesis allows; also for code that a cheat sets.
    uint256 private immutable INITCODE_SIZE_MAX;

    constructor(uint256 initcodeSizeMax) {
        INITCODE_SIZE_MAX = initcodeSizeMax;
    }

    /// Where the reader stands, and what the signature covers.
    struct Cursor {
        Slice rest;
        /// Payload of the transaction's list.
        Slice payload;
        uint256 rawPointer;
        uint256 fields;
    }

    struct Signature {
        uint256 v;
        uint256 r;
        uint256 s;
        bytes32 digest;
    }

    /// @notice Decodes a transaction of type 0, 1, 2 or 4; reverts if it is invalid whatever block and state are.
    function decodeSigned(bytes memory raw, uint256 chainId) external view returns (DecodedTransaction memory t) {
        if (raw.length == 0) revert TransactionDecoder_Malformed();
        uint256 lead = uint8(raw[0]);
        Signature memory signature;
        if (lead >= 0xc0) {
            signature = readLegacy(t, open(raw, 0, 9), chainId);
        } else {
            if (lead != 1 && lead != 2 && lead != 4) revert TransactionDecoder_UnsupportedType();
            t.txType = lead;
            signature = readTyped(t, open(raw, 1, lead == 1 ? 11 : lead == 2 ? 12 : 13), chainId);
        }
        t.from = recover(signature);
        computeGas(t, raw);
        checkStatically(t);
    }

    /// @notice Decodes `0x7E ‖ rlp([sourceHash, from, to, mint, value, gas, isSystemTransaction, data])`.
    function decodeDeposit(bytes memory raw) external pure returns (DecodedDeposit memory d) {
        if (raw.length == 0 || uint8(raw[0]) != 0x7e) revert TransactionDecoder_Malformed();
        Cursor memory c = open(raw, 1, 8);
        d.sourceHash = nextItem(c).toBytes32();
        d.from = toAddress(nextItem(c));
        (d.isCreation, d.to) = toRecipient(nextItem(c));
        d.mint = nextUint(c, 32);
        d.value = nextUint(c, 32);
        d.gasLimit = nextUint(c, 8);
        if (nextUint(c, 1) != 0) revert TransactionDecoder_Malformed();
        (d.dataOffset, d.dataSize) = nextString(c);
        d.intrinsicGas = baseGas(tokensOf(raw, d.dataOffset, d.dataSize), d.isCreation, d.dataSize);
    }

    /// @notice Decodes `0x7D ‖ rlp([chainId, salt, action, account, slot, value, to, gas, data])` (docs/specs/CHEATS.md).
    function decodeCheat(bytes memory raw, uint256 chainId) external view returns (DecodedCheat memory d) {
        if (raw.length == 0 || uint8(raw[0]) != Machine.TX_CHEAT) revert TransactionDecoder_Malformed();
        Cursor memory c = open(raw, 1, 9);
        if (nextUint(c, 32) != chainId) revert TransactionDecoder_WrongChain();
        nextUint(c, 8);
        d.action = nextUint(c, 1);
        d.account = toAddress(nextItem(c));
        d.slot = nextUint(c, 32);
        d.value = nextUint(c, 32);
        (d.isCreation, d.to) = toRecipient(nextItem(c));
        d.gasLimit = nextUint(c, 8);
        uint256 offset;
        (offset, d.dataSize) = nextString(c);
        d.dataHash = Rlp.slice(c.rawPointer + offset, d.dataSize).hash();
        if (d.action == Machine.CHEAT_SEND) {
            d.intrinsicGas = baseGas(tokensOf(raw, offset, d.dataSize), d.isCreation, d.dataSize);
        }
        checkCheat(d);
    }

    function checkCheat(DecodedCheat memory d) private view {
        uint256 action = d.action;
        bool isSend = action == Machine.CHEAT_SEND;
        if (action == 0 || action > Machine.CHEAT_SEND) revert TransactionDecoder_Invalid();
        if (d.slot != 0 && action != Machine.CHEAT_SET_STORAGE) revert TransactionDecoder_Invalid();
        if (!isSend && (!d.isCreation || d.gasLimit != 0)) revert TransactionDecoder_Invalid();
        if (!isSend && action != Machine.CHEAT_SET_CODE && d.dataSize != 0) revert TransactionDecoder_Invalid();
        if (action == Machine.CHEAT_SET_CODE && d.value != 0) revert TransactionDecoder_Invalid();
        if (action == Machine.CHEAT_SET_NONCE && d.value >= type(uint64).max) revert TransactionDecoder_Invalid();
        bool isBounded = action == Machine.CHEAT_SET_CODE || (isSend && d.isCreation);
        if (isBounded && d.dataSize > INITCODE_SIZE_MAX) revert TransactionDecoder_Invalid();
        if (d.gasLimit > GAS_LIMIT_MAX || d.gasLimit < d.intrinsicGas) revert TransactionDecoder_Invalid();
    }

    function open(bytes memory raw, uint256 skip, uint256 fields) private pure returns (Cursor memory c) {
        uint256 pointer;
        assembly {
            pointer := add(raw, 32)
        }
        c.rawPointer = pointer;
        c.payload = Rlp.slice(pointer + skip, raw.length - skip).listPayload();
        c.rest = c.payload;
        c.fields = fields;
        Slice rest = c.payload;
        for (uint256 i = 0; i < fields; i++) (, rest) = rest.next();
        if (rest.len() != 0) revert TransactionDecoder_Malformed();
    }

    function readLegacy(DecodedTransaction memory t, Cursor memory c, uint256 chainId)
        private
        pure
        returns (Signature memory signature)
    {
        t.nonce = nextUint(c, 8);
        t.maxFee = nextUint(c, 32);
        t.maxPriorityFee = t.maxFee;
        t.gasLimit = nextUint(c, 8);
        (t.isCreation, t.to) = toRecipient(nextItem(c));
        t.value = nextUint(c, 32);
        (t.dataOffset, t.dataSize) = nextString(c);
        bytes memory unsigned = signedPart(c);
        uint256 v = nextUint(c, 32);
        signature.r = nextUint(c, 32);
        signature.s = nextUint(c, 32);
        if (v == 27 || v == 28) {
            signature.v = v - 27;
        } else {
            if (v < 35) revert TransactionDecoder_InvalidSignature();
            signature.v = (v - 35) & 1;
            if ((v - 35) >> 1 != chainId) revert TransactionDecoder_WrongChain();
            unsigned = bytes.concat(unsigned, Rlp.encode(chainId), hex"8080");
        }
        signature.digest = keccak256(Rlp.encodeList(unsigned));
    }

    function readTyped(DecodedTransaction memory t, Cursor memory c, uint256 chainId)
        private
        pure
        returns (Signature memory signature)
    {
        uint256 chain = nextUint(c, 32);
        t.nonce = nextUint(c, 8);
        t.maxPriorityFee = nextUint(c, 32);
        t.maxFee = t.txType == 1 ? t.maxPriorityFee : nextUint(c, 32);
        t.gasLimit = nextUint(c, 8);
        (t.isCreation, t.to) = toRecipient(nextItem(c));
        t.value = nextUint(c, 32);
        (t.dataOffset, t.dataSize) = nextString(c);
        readAccessList(t, c);
        if (t.txType == 4) readAuthorizations(t, c);
        signature.digest = keccak256(bytes.concat(bytes1(uint8(t.txType)), Rlp.encodeList(signedPart(c))));
        signature.v = nextUint(c, 32);
        signature.r = nextUint(c, 32);
        signature.s = nextUint(c, 32);
        if (chain != chainId) revert TransactionDecoder_WrongChain();
        if (signature.v > 1) revert TransactionDecoder_InvalidSignature();
    }

    function readAccessList(DecodedTransaction memory t, Cursor memory c) private pure {
        (t.accessAddresses, t.accessSlots, t.accessHash) = AccessList.scan(nextItem(c).listPayload());
    }

    /// From the last to the first, so that the first ends on top of the chain.
    function readAuthorizations(DecodedTransaction memory t, Cursor memory c) private pure {
        Slice rest = nextItem(c).listPayload();
        Slice[] memory entries = new Slice[](rest.len() / AUTHORIZATION_SIZE_MIN);
        uint256 count = 0;
        while (rest.len() > 0) {
            if (count == entries.length) revert TransactionDecoder_Malformed();
            (entries[count++], rest) = rest.next();
        }
        t.authorizations = count;
        // Said early, so that a transaction that cannot pay for its tuples is refused before they are read.
        if (t.gasLimit > GAS_LIMIT_MAX || t.gasLimit < AUTHORIZATION_GAS * count) revert TransactionDecoder_Invalid();
        Cursor memory e;
        // below, chainId, address, nonce, yParity, r, s
        uint256[7] memory words;
        for (; count > 0; count--) {
            e.rest = entries[count - 1].listPayload();
            words[1] = nextUint(e, 32);
            words[2] = uint160(toAddress(nextItem(e)));
            words[3] = nextUint(e, 8);
            words[4] = nextUint(e, 1);
            words[5] = nextUint(e, 32);
            words[6] = nextUint(e, 32);
            if (e.rest.len() != 0) revert TransactionDecoder_Malformed();
            assembly {
                mstore(words, keccak256(words, 224))
            }
        }
        t.authorizationHash = bytes32(words[0]);
    }

    function recover(Signature memory signature) private pure returns (address from) {
        if (signature.r == 0 || signature.s == 0 || signature.s > HALF_ORDER) revert TransactionDecoder_InvalidSignature();
        from = ecrecover(signature.digest, uint8(27 + signature.v), bytes32(signature.r), bytes32(signature.s));
        if (from == address(0)) revert TransactionDecoder_InvalidSignature();
    }

    function computeGas(DecodedTransaction memory t, bytes memory raw) private pure {
        uint256 tokens = tokensOf(raw, t.dataOffset, t.dataSize);
        t.floorGas = 21_000 + 10 * tokens;
        t.intrinsicGas = baseGas(tokens, t.isCreation, t.dataSize);
        t.intrinsicGas += 2_400 * t.accessAddresses + 1_900 * t.accessSlots + AUTHORIZATION_GAS * t.authorizations;
    }

    function baseGas(uint256 tokens, bool isCreation, uint256 dataSize) private pure returns (uint256 gas) {
        gas = 21_000 + 4 * tokens;
        if (isCreation) gas += 32_000 + 2 * ((dataSize + 31) / 32);
    }

    /// EIP-7623: a zero byte is one token, another byte four.
    function tokensOf(bytes memory raw, uint256 offset, uint256 size) private pure returns (uint256) {
        uint256 zeros = zeroBytes(raw, offset, size);
        return zeros + 4 * (size - zeros);
    }

    function checkStatically(DecodedTransaction memory t) private view {
        if (t.gasLimit > GAS_LIMIT_MAX || t.maxPriorityFee > t.maxFee) revert TransactionDecoder_Invalid();
        if (t.maxFee != 0 && t.gasLimit > type(uint256).max / t.maxFee) revert TransactionDecoder_Invalid();
        if (t.isCreation && (t.dataSize > INITCODE_SIZE_MAX || t.txType == 4)) revert TransactionDecoder_Invalid();
        if (t.txType == 4 && t.authorizations == 0) revert TransactionDecoder_Invalid();
        if (t.gasLimit < t.intrinsicGas || t.gasLimit < t.floorGas) revert TransactionDecoder_Invalid();
        if (t.nonce == type(uint64).max) revert TransactionDecoder_Invalid();
    }

    /// Zero bytes among `size` bytes, a word at a time.
    function zeroBytes(bytes memory raw, uint256 offset, uint256 size) private pure returns (uint256 count) {
        assembly {
            let low := 0x7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f
            let ones := 0x0101010101010101010101010101010101010101010101010101010101010101
            let from := add(add(raw, 32), offset)
            let to := add(from, size)
            for {} lt(from, to) { from := add(from, 32) } {
                let chunk := mload(from)
                let left := sub(to, from)
                // Bytes behind the end count as non-zero.
                if lt(left, 32) { chunk := or(chunk, shr(mul(8, left), not(0))) }
                let marks := not(or(or(add(and(chunk, low), low), chunk), low))
                count := add(count, shr(248, mul(shr(7, marks), ones)))
            }
        }
    }

    /// The fields read so far, as they stand in the encoding.
    function signedPart(Cursor memory c) private pure returns (bytes memory) {
        return Rlp.slice(c.payload.ptr(), c.rest.ptr() - c.payload.ptr()).toBytes();
    }

    function nextItem(Cursor memory c) private pure returns (Slice item) {
        (item, c.rest) = c.rest.next();
    }

    function nextUint(Cursor memory c, uint256 sizeMax) private pure returns (uint256 value) {
        Slice item = nextItem(c);
        if (item.stringPayload().len() > sizeMax) revert TransactionDecoder_Malformed();
        return item.toUint();
    }

    function nextString(Cursor memory c) private pure returns (uint256 offset, uint256 size) {
        Slice content = nextItem(c).stringPayload();
        return (content.ptr() - c.rawPointer, content.len());
    }

    function toRecipient(Slice item) private pure returns (bool isCreation, address to) {
        if (item.len() == 1 && item.first() == 0x80) return (true, address(0));
        return (false, toAddress(item));
    }

    function toAddress(Slice item) private pure returns (address) {
        Slice content = item.stringPayload();
        if (content.len() != 20) revert TransactionDecoder_Malformed();
        uint256 pointer = content.ptr();
        uint256 value;
        assembly {
            value := shr(96, mload(pointer))
        }
        return address(uint160(value));
    }
}
