// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {DecodedCheat, TransactionDecoder} from "./TransactionDecoder.sol";
import {Account, AccountCodec} from "./lib/AccountCodec.sol";
import {Callee} from "./lib/Callee.sol";
import {Block, Machine, Tx} from "./lib/Machine.sol";
import {MerklePatricia} from "./lib/MerklePatricia.sol";
import {Rlp} from "./lib/Rlp.sol";
import {StepBase} from "./lib/StepBase.sol";
import {AccountProof, Step, Steps} from "./lib/Steps.sol";

/// @title Verifies what a devnet's cheat does (docs/specs/CHEATS.md): an account is changed, or called in its name
/// @notice Mirrors workers/rollup/machine/phases/cheat.ts. A chain that is no devnet deploys it with `allowsCheats` false: then a
/// cheat is skipped like any other invalid transaction.
contract CheatStep is StepBase {
    error CheatStep_OutOfGas();

    TransactionDecoder private immutable DECODER;
    bool private immutable ALLOWED;

    constructor(TransactionDecoder transactionDecoder, bool allowsCheats) {
        DECODER = transactionDecoder;
        ALLOWED = allowsCheats;
    }

    function run(Step memory s) internal view override {
        if (s.state.phase != Machine.CHEAT) revert StepBase_ForeignStep(uint8(s.state.phase), 0);
        if (ALLOWED && s.state.transaction.source == Machine.SOURCE_PAYLOAD && cheat(s)) return;
        Tx memory none;
        s.state.transaction = none;
        s.state.phase = Machine.TX_NEXT;
    }

    /// False: the cheat is skipped.
    function cheat(Step memory s) private view returns (bool) {
        bytes memory raw = Steps.takeBlob(s, s.state.transaction.hash);
        Block memory b = s.state.block_;
        try DECODER.decodeCheat(raw, b.chainId) returns (DecodedCheat memory d) {
            if (d.gasLimit + b.gasUsed > b.gasLimit) return false;
            Tx memory t = s.state.transaction;
            t.kind = Machine.TX_CHEAT;
            t.origin = uint160(d.account);
            if (d.action == Machine.CHEAT_SEND) send(s, d);
            else edit(s, d);
            return true;
        } catch (bytes memory reason) {
            // The decoder names what is wrong with a transaction; without a name it lacked gas, which proves nothing.
            if (reason.length == 0) revert CheatStep_OutOfGas();
            return false;
        }
    }

    function edit(Step memory s, DecodedCheat memory d) private pure {
        Tx memory t = s.state.transaction;
        AccountProof memory proof = Steps.takeAccount(s, t.origin);
        Account memory account = proof.account;
        bool changes = true;
        if (d.action == Machine.CHEAT_SET_BALANCE) {
            account.balance = d.value;
        } else if (d.action == Machine.CHEAT_ADD_BALANCE) {
            unchecked {
                // Modulo 2^256, so that the rule is total.
                account.balance += d.value;
            }
        } else if (d.action == Machine.CHEAT_SET_NONCE) {
            account.nonce = d.value;
        } else if (d.action == Machine.CHEAT_SET_CODE) {
            account.codeHash = d.dataHash;
        } else {
            changes = setSlot(s, account, d);
        }
        if (changes) Steps.writeAccount(s, proof);
        t.to = t.origin;
        t.status = 1;
        s.state.phase = Machine.TX_END;
    }

    /// An empty account would not last (EIP-161), so it gets the nonce that a contract begins with.
    function setSlot(Step memory s, Account memory account, DecodedCheat memory d) private pure returns (bool) {
        (MerklePatricia.Walk memory walk, uint256 current) = Steps.takeSlot(s, account.storageRoot, bytes32(d.slot));
        if (current == d.value) return false;
        if (AccountCodec.isEmpty(account)) account.nonce = 1;
        account.storageRoot = MerklePatricia.put(walk, d.value == 0 ? new bytes(0) : Rlp.encode(d.value));
        return true;
    }

    /// As a deposit that mints nothing.
    function send(Step memory s, DecodedCheat memory d) private pure {
        Tx memory t = s.state.transaction;
        t.committedRoot = s.state.world.stateRoot;
        AccountProof memory sender = Steps.takeAccount(s, t.origin);
        Account memory account = sender.account;
        t.isCreate = d.isCreation ? 1 : 0;
        t.to = d.isCreation ? Callee.createAddress(t.origin, account.nonce) : uint160(d.to);
        t.gasLimit = d.gasLimit;
        t.value = d.value;
        t.dataHash = d.dataHash;
        t.dataLength = d.dataSize;
        bool fails = account.nonce == type(uint64).max || account.balance < d.value;
        if (account.nonce != type(uint64).max) account.nonce++;
        Steps.writeAccount(s, sender);
        if (!fails) t.gas = d.gasLimit - d.intrinsicGas;
        s.state.phase = fails ? Machine.TX_END : Machine.TX_CALL;
    }
}
