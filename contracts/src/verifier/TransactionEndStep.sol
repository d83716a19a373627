// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Account} from "./lib/AccountCodec.sol";
import {Block, Machine, Tx, World} from "./lib/Machine.sol";
import {StepBase} from "./lib/StepBase.sol";
import {AccountProof, Step, Steps} from "./lib/Steps.sol";

/// @title Verifies the steps that settle a transaction: fees and refunds, selfdestructs, receipt
contract TransactionEndStep is StepBase {
    error TransactionEndStep_WrongChain();
    error TransactionEndStep_WrongBloom();

    uint256 private constant BLOOM_SIZE = 256;

    function run(Step memory s) internal pure override {
        uint256 phase = s.state.phase;
        if (phase == Machine.TX_END) settle(s);
        else if (phase == Machine.DESTRUCT) destruct(s);
        else if (phase == Machine.TX_CLOSE) close(s);
        else revert StepBase_ForeignStep(uint8(phase), 0);
    }

    function settle(Step memory s) private pure {
        Tx memory t = s.state.transaction;
        World memory world = s.state.world;
        uint256 used = t.gasLimit - t.gasLeft;
        uint256 refundMax = used / 5;
        used -= world.refund < refundMax ? world.refund : refundMax;
        if (t.kind != Machine.TX_DEPOSIT && t.kind != Machine.TX_CHEAT) {
            // EIP-7623
            if (used < t.floorGas) used = t.floorGas;
            Steps.credit(s, t.origin, (t.gasLimit - used) * t.gasPrice);
            Steps.credit(s, s.state.block_.coinbase, used * (t.gasPrice - s.state.block_.baseFee));
        }
        t.gasUsed = used;
        s.state.phase = world.destructHash != 0 ? Machine.DESTRUCT : Machine.TX_CLOSE;
    }

    function destruct(Step memory s) private pure {
        World memory world = s.state.world;
        bytes32 account = Steps.takeWord(s);
        bytes32 below = Steps.takeWord(s);
        if (keccak256(abi.encode(below, account)) != world.destructHash) revert TransactionEndStep_WrongChain();
        world.destructHash = below;
        AccountProof memory proof = Steps.takeAccount(s, uint256(account));
        proof.account = emptyAccount(proof.account);
        Steps.writeAccount(s, proof);
        s.state.phase = below != 0 ? Machine.DESTRUCT : Machine.TX_CLOSE;
    }

    /// The same account with nothing that keeps it in the state.
    function emptyAccount(Account memory account) private pure returns (Account memory) {
        account.nonce = 0;
        account.balance = 0;
        account.codeHash = Machine.EMPTY_HASH;
        return account;
    }

    function close(Step memory s) private pure {
        Block memory b = s.state.block_;
        Tx memory t = s.state.transaction;
        World memory world = s.state.world;
        bytes memory own = Steps.takeBlob(s, world.bloomHash);
        bytes memory all = Steps.takeBlob(s, b.bloomHash);
        b.gasUsed += t.gasUsed;
        b.transactionsHash = Machine.pair(b.transactionsHash, t.hash);
        bytes32 receipt = keccak256(abi.encode(t.status, b.gasUsed, world.bloomHash, world.logHash));
        b.receiptsHash = Machine.pair(b.receiptsHash, receipt);
        b.bloomHash = unionHash(own, all);
        b.transactionCount++;
        Tx memory none;
        s.state.transaction = none;
        s.state.world = Machine.cleanWorld(world.stateRoot);
        s.state.phase = Machine.TX_NEXT;
    }

    function unionHash(bytes memory a, bytes memory b) private pure returns (bytes32) {
        if (a.length != BLOOM_SIZE || b.length != BLOOM_SIZE) revert TransactionEndStep_WrongBloom();
        assembly {
            for { let i := 32 } lt(i, add(BLOOM_SIZE, 32)) { i := add(i, 32) } {
                mstore(add(a, i), or(mload(add(a, i)), mload(add(b, i))))
            }
        }
        return keccak256(a);
    }
}
