// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IOneStepVerifier} from "../interfaces/IOneStepVerifier.sol";
import {Machine, Parts, State} from "./lib/Machine.sol";

/// @title Entry to the family of contracts that verify one step of the machine (docs/specs/MACHINE.md)
/// @notice It decides stutters itself and hands every other step to the member that knows its phase or opcode. The choice needs no
/// trust: each member checks the witness and refuses steps that are not its own.
contract OneStepVerifier is IOneStepVerifier {
    error OneStepVerifier_WrongPreState();
    error OneStepVerifier_UnknownPhase(uint256 phase);

    struct Members {
        address arithmetic;
        address stack;
        address flow;
        address memory_;
        address environment;
        address storage_;
        address log;
        address call;
        address create;
        address frame;
        address precompile;
        address transaction;
        address transactionEnd;
        address cheat;
        address block_;
    }

    /// The State is static: 70 words.
    uint256 private constant STATE_SIZE = 70 * 32;
    uint256 private constant ITEM_STEPS = 1 << 25;

    address private immutable ARITHMETIC;
    address private immutable STACK;
    address private immutable FLOW;
    address private immutable MEMORY;
    address private immutable ENVIRONMENT;
    address private immutable STORAGE;
    address private immutable LOG;
    address private immutable CALL;
    address private immutable CREATE;
    address private immutable FRAME;
    address private immutable PRECOMPILE;
    address private immutable TRANSACTION;
    address private immutable TRANSACTION_END;
    address private immutable CHEAT;
    address private immutable BLOCK;

    constructor(Members memory m) {
        ARITHMETIC = m.arithmetic;
        STACK = m.stack;
        FLOW = m.flow;
        MEMORY = m.memory_;
        ENVIRONMENT = m.environment;
        STORAGE = m.storage_;
        LOG = m.log;
        CALL = m.call;
        CREATE = m.create;
        FRAME = m.frame;
        PRECOMPILE = m.precompile;
        TRANSACTION = m.transaction;
        TRANSACTION_END = m.transactionEnd;
        CHEAT = m.cheat;
        BLOCK = m.block_;
    }

    /// @inheritdoc IOneStepVerifier
    function step(Context calldata context, bytes32 preState, bytes calldata witness) external view returns (bytes32) {
        State memory state = abi.decode(witness[:STATE_SIZE], (State));
        if (Machine.hashOf(state) != preState) revert OneStepVerifier_WrongPreState();
        if (stutters(context, state)) return preState;
        forward(state.phase == Machine.EXEC ? opcodeMember(opcodeOf(state, witness)) : phaseMember(state.phase));
    }

    /// Boundary phases wait for the next item; a finished trace stays as it is.
    function stutters(Context calldata context, State memory state) private pure returns (bool) {
        if (state.phase > Machine.BLOCK_END) return false;
        if (context.traceIndex % ITEM_STEPS != 0) return true;
        return state.phase == Machine.BATCH_OPEN && state.block_.batchIndex >= context.endEntry;
    }

    /// The opcode as the witness claims it; the member checks the code.
    function opcodeOf(State memory state, bytes calldata witness) private pure returns (uint256) {
        if (state.frame.codeHash == Machine.EMPTY_HASH) return 0;
        Parts calldata parts;
        assembly {
            parts := add(witness.offset, calldataload(add(witness.offset, STATE_SIZE)))
        }
        bytes calldata code = parts.blobs[0];
        return state.frame.pc < code.length ? uint8(code[state.frame.pc]) : 0;
    }

    function phaseMember(uint256 phase) private view returns (address) {
        if (phase <= Machine.SYSTEM) return BLOCK;
        if (phase <= Machine.TX_CALL) return TRANSACTION;
        if (phase == Machine.PRECOMPILE) return PRECOMPILE;
        if (phase <= Machine.HALT) return FRAME;
        if (phase <= Machine.TX_CLOSE) return TRANSACTION_END;
        if (phase == Machine.CHEAT) return CHEAT;
        revert OneStepVerifier_UnknownPhase(phase);
    }

    function opcodeMember(uint256 opcode) private view returns (address) {
        if ((opcode >= 0x01 && opcode <= 0x0b) || (opcode >= 0x10 && opcode <= 0x1e)) return ARITHMETIC;
        if (opcode == 0x20 || (opcode >= 0x51 && opcode <= 0x53) || opcode == 0x5e) return MEMORY;
        if (opcode == 0x37 || opcode == 0x39 || opcode == 0x3c || opcode == 0x3e) return MEMORY;
        if (opcode >= 0x30 && opcode <= 0x4a) return ENVIRONMENT;
        if (opcode == 0x54 || opcode == 0x55 || opcode == 0x5c || opcode == 0x5d) return STORAGE;
        if (opcode == 0x50 || opcode == 0x59 || opcode == 0x5a || (opcode >= 0x5f && opcode <= 0x9f)) return STACK;
        if (opcode >= 0xa0 && opcode <= 0xa4) return LOG;
        if (opcode == 0xf0 || opcode == 0xf5 || opcode == 0xff) return CREATE;
        if (opcode == 0xf1 || opcode == 0xf2 || opcode == 0xf4 || opcode == 0xfa) return CALL;
        // STOP, JUMP, JUMPI, PC, JUMPDEST, RETURN, REVERT, and whatever is undefined.
        return FLOW;
    }

    /// Hands the call over as it came, and answers as the member does.
    function forward(address member) private view {
        assembly {
            let free := mload(0x40)
            calldatacopy(free, 0, calldatasize())
            let success := staticcall(gas(), member, free, calldatasize(), 0, 0)
            returndatacopy(free, 0, returndatasize())
            if iszero(success) { revert(free, returndatasize()) }
            return(free, returndatasize())
        }
    }
}
