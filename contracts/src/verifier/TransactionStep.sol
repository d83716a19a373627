// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {DecodedDeposit, DecodedTransaction, TransactionDecoder} from "./TransactionDecoder.sol";
import {Account} from "./lib/AccountCodec.sol";
import {Callee} from "./lib/Callee.sol";
import {Block, Frame, Machine, State, Tx, World} from "./lib/Machine.sol";
import {Rlp, Slice} from "./lib/Rlp.sol";
import {StepBase} from "./lib/StepBase.sol";
import {AccountProof, Step, Steps} from "./lib/Steps.sol";

/// @title Verifies how a transaction starts: its validity, what it pays in advance, access list, authorizations, first frame
contract TransactionStep is StepBase {
    using Rlp for Slice;

    error TransactionStep_OutOfGas();
    error TransactionStep_WrongChain();

    uint256 private constant GAS_LIMIT_MAX = 1 << 24;
    uint256 private constant HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;
    uint256 private constant AUTHORIZATION_REFUND = 12_500;

    TransactionDecoder private immutable DECODER;
    /// EIP-3860, or as much as the chain's genesis allows.
    uint256 private immutable INITCODE_SIZE_MAX;

    constructor(TransactionDecoder transactionDecoder, uint256 initcodeSizeMax) {
        DECODER = transactionDecoder;
        INITCODE_SIZE_MAX = initcodeSizeMax;
    }

    function run(Step memory s) internal view override {
        uint256 phase = s.state.phase;
        if (phase == Machine.TX_START) start(s);
        else if (phase == Machine.ACCESS) access(s);
        else if (phase == Machine.AUTHORIZE) authorize(s);
        else if (phase == Machine.TX_CALL) callFirst(s);
        else revert StepBase_ForeignStep(uint8(phase), 0);
    }

    function start(Step memory s) private view {
        Tx memory t = s.state.transaction;
        bytes memory raw = Steps.takeBlob(s, t.hash);
        uint256 lead = raw.length == 0 ? 0 : uint8(raw[0]);
        if (lead == Machine.TX_CHEAT) {
            s.state.phase = Machine.CHEAT;
            return;
        }
        bool isValid = false;
        if (lead == Machine.TX_DEPOSIT) {
            if (t.source == Machine.SOURCE_INBOX) isValid = startDeposit(s, raw);
        } else {
            isValid = startSigned(s, raw);
        }
        if (isValid) return;
        Tx memory none;
        s.state.transaction = none;
        s.state.phase = Machine.TX_NEXT;
    }

    function startSigned(Step memory s, bytes memory raw) private view returns (bool) {
        try DECODER.decodeSigned(raw, s.state.block_.chainId) returns (DecodedTransaction memory d) {
            if (!isAffordable(s.state.block_, d)) return false;
            AccountProof memory sender = Steps.takeAccount(s, uint160(d.from));
            if (!isSender(s, sender.account, d)) return false;
            begin(s, d, raw);
            Tx memory t = s.state.transaction;
            sender.account.balance -= d.gasLimit * t.gasPrice;
            sender.account.nonce++;
            Steps.writeAccount(s, sender);
            setPhase(s);
            return true;
        } catch (bytes memory reason) {
            // The decoder names what is wrong with a transaction; without a name it lacked gas, which proves nothing.
            if (reason.length == 0) revert TransactionStep_OutOfGas();
            return false;
        }
    }

    /// What the block shows.
    function isAffordable(Block memory b, DecodedTransaction memory d) private pure returns (bool) {
        if (d.maxFee < b.baseFee || d.gasLimit + b.gasUsed > b.gasLimit) return false;
        // The decoder has checked that the product fits.
        return d.value <= type(uint256).max - d.gasLimit * d.maxFee;
    }

    /// What the state shows.
    function isSender(Step memory s, Account memory account, DecodedTransaction memory d) private pure returns (bool) {
        bytes memory code = Steps.takeCode(s, account.codeHash);
        (bool isDelegation,) = Steps.delegateOf(code);
        if (code.length > 0 && !isDelegation) return false;
        return account.nonce == d.nonce && account.balance >= d.gasLimit * d.maxFee + d.value;
    }

    function begin(Step memory s, DecodedTransaction memory d, bytes memory raw) private pure {
        Tx memory t = s.state.transaction;
        t.kind = d.txType;
        t.origin = uint160(d.from);
        t.isCreate = d.isCreation ? 1 : 0;
        t.to = d.isCreation ? Callee.createAddress(t.origin, d.nonce) : uint160(d.to);
        uint256 room = d.maxFee - s.state.block_.baseFee;
        t.gasPrice = s.state.block_.baseFee + (d.maxPriorityFee < room ? d.maxPriorityFee : room);
        t.gasLimit = d.gasLimit;
        t.gas = d.gasLimit - d.intrinsicGas;
        t.floorGas = d.floorGas;
        t.value = d.value;
        t.dataHash = sliceIn(raw, d.dataOffset, d.dataSize).hash();
        t.dataLength = d.dataSize;
        t.committedRoot = s.state.world.stateRoot;
        t.accessHash = d.accessHash;
        t.authorizationHash = d.authorizationHash;
    }

    function startDeposit(Step memory s, bytes memory raw) private view returns (bool) {
        try DECODER.decodeDeposit(raw) returns (DecodedDeposit memory d) {
            Tx memory t = s.state.transaction;
            t.committedRoot = s.state.world.stateRoot;
            AccountProof memory sender = Steps.takeAccount(s, uint160(d.from));
            Account memory account = sender.account;
            t.kind = Machine.TX_DEPOSIT;
            t.origin = uint160(d.from);
            t.isCreate = d.isCreation ? 1 : 0;
            t.to = d.isCreation ? Callee.createAddress(t.origin, account.nonce) : uint160(d.to);
            t.gasLimit = d.gasLimit < GAS_LIMIT_MAX ? d.gasLimit : GAS_LIMIT_MAX;
            t.value = d.value;
            t.dataHash = sliceIn(raw, d.dataOffset, d.dataSize).hash();
            t.dataLength = d.dataSize;
            unchecked {
                account.balance += d.mint;
            }
            bool fails = account.nonce == type(uint64).max || t.gasLimit < d.intrinsicGas || account.balance < d.value
                || (d.isCreation && d.dataSize > INITCODE_SIZE_MAX);
            if (account.nonce != type(uint64).max) account.nonce++;
            Steps.writeAccount(s, sender);
            if (!fails) t.gas = t.gasLimit - d.intrinsicGas;
            s.state.phase = fails ? Machine.TX_END : Machine.TX_CALL;
            return true;
        } catch (bytes memory reason) {
            if (reason.length == 0) revert TransactionStep_OutOfGas();
            return false;
        }
    }

    function access(Step memory s) private pure {
        Tx memory t = s.state.transaction;
        uint256 account = uint256(Steps.takeWord(s));
        uint256 isSlot = uint256(Steps.takeWord(s));
        bytes32 slot = Steps.takeWord(s);
        bytes32 below = Steps.takeWord(s);
        if (keccak256(abi.encode(below, account, isSlot, slot)) != t.accessHash) revert TransactionStep_WrongChain();
        t.accessHash = below;
        if (isSlot == 0) {
            Steps.warm(s, account);
        } else {
            Steps.exchangeScratch(s, Steps.scratchKey(Machine.SCRATCH_WARM_SLOT, account, slot), bytes32(uint256(1)));
        }
        setPhase(s);
    }

    function authorize(Step memory s) private pure {
        Tx memory t = s.state.transaction;
        // below, chainId, address, nonce, yParity, r, s
        bytes32[7] memory w;
        for (uint256 i = 1; i < 7; i++) w[i] = Steps.takeWord(s);
        w[0] = Steps.takeWord(s);
        if (keccak256(abi.encode(w)) != t.authorizationHash) revert TransactionStep_WrongChain();
        t.authorizationHash = w[0];
        setPhase(s);
        uint256 authority = authorityOf(w, s.state.block_.chainId);
        if (authority == 0) return;
        Steps.warm(s, authority);
        AccountProof memory proof = Steps.takeAccount(s, authority);
        bytes memory code = Steps.takeCode(s, proof.account.codeHash);
        (bool isDelegation,) = Steps.delegateOf(code);
        if ((code.length > 0 && !isDelegation) || proof.account.nonce != uint256(w[3])) return;
        if (proof.account.exists) s.state.world.refund += AUTHORIZATION_REFUND;
        address target = address(uint160(uint256(w[2])));
        proof.account.codeHash =
            target == address(0) ? Machine.EMPTY_HASH : keccak256(abi.encodePacked(hex"ef0100", target));
        proof.account.nonce++;
        Steps.writeAccount(s, proof);
    }

    /// Who signed the tuple; zero if it has no effect.
    function authorityOf(bytes32[7] memory w, uint256 chainId) private pure returns (uint256) {
        uint256 nonce = uint256(w[3]);
        if ((w[1] != 0 && uint256(w[1]) != chainId) || nonce >= type(uint64).max) return 0;
        if (uint256(w[4]) > 1 || w[5] == 0 || w[6] == 0 || uint256(w[6]) > HALF_ORDER) return 0;
        bytes memory tuple = bytes.concat(
            Rlp.encode(uint256(w[1])), Rlp.encode(address(uint160(uint256(w[2])))), Rlp.encode(nonce)
        );
        bytes32 digest = keccak256(bytes.concat(hex"05", Rlp.encodeList(tuple)));
        return uint160(ecrecover(digest, uint8(27 + uint256(w[4])), w[5], w[6]));
    }

    function callFirst(Step memory s) private pure {
        Tx memory t = s.state.transaction;
        Frame memory frame;
        frame.self = t.to;
        frame.codeAddress = t.to;
        frame.caller = t.origin;
        frame.value = t.value;
        frame.gas = t.gas;
        frame.memoryRoot = Machine.EMPTY_MEMORY;
        frame.returnHash = Machine.EMPTY_HASH;
        if (t.isCreate != 0) {
            frame.kind = Machine.KIND_CREATE;
            frame.codeHash = t.dataHash;
            frame.inputHash = Machine.EMPTY_HASH;
        } else {
            frame.kind = Machine.KIND_CALL;
            frame.inputHash = t.dataHash;
            frame.inputLength = t.dataLength;
            (frame.codeHash,,) = Callee.resolve(s, t.to);
        }
        s.state.frame = frame;
        s.state.phase = Machine.FRAME_START;
    }

    /// Access list, then authorizations, then the call.
    function setPhase(Step memory s) private pure {
        Tx memory t = s.state.transaction;
        if (t.accessHash != 0) s.state.phase = Machine.ACCESS;
        else if (t.authorizationHash != 0) s.state.phase = Machine.AUTHORIZE;
        else s.state.phase = Machine.TX_CALL;
    }

    function sliceIn(bytes memory raw, uint256 offset, uint256 size) private pure returns (Slice) {
        uint256 pointer;
        assembly {
            pointer := add(raw, 32)
        }
        return Rlp.slice(pointer + offset, size);
    }
}
