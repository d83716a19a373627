// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IOneStepVerifier} from "../../interfaces/IOneStepVerifier.sol";
import {Frame, Machine, Parts, State, World} from "./Machine.sol";
import {Step, Steps} from "./Steps.sol";

/// @title One member of the verifier's family: it verifies the steps of some phases or opcodes
abstract contract StepBase is IOneStepVerifier {
    error OneStepVerifier_WrongPreState();
    /// Another member of the family verifies this step: OneStepVerifier knows which. Opcode is 0 outside EXEC.
    error StepBase_ForeignStep(uint8 phase, uint8 opcode);

    /// @notice The hash of the state after the step. Reverts on a wrong witness.
    /// @param preState hash of the state before, which the witness must open
    /// @param witness abi.encode(State, Parts)
    function step(Context calldata context, bytes32 preState, bytes calldata witness)
        external
        view
        returns (bytes32 postState)
    {
        Step memory s;
        s.context = context;
        (s.state, s.parts) = abi.decode(witness, (State, Parts));
        if (Machine.hashOf(s.state) != preState) revert OneStepVerifier_WrongPreState();
        run(s);
        return Machine.hashOf(s.state);
    }

    /// @dev Applies the rule of the state's phase.
    function run(Step memory s) internal view virtual;
}

/// @title Base of the members that verify opcodes
abstract contract OpcodeBase is StepBase {
    uint256 private constant LENGTH_MAX = 65_536;
    uint256 private constant OFFSET_MAX = 1 << 22;

    function run(Step memory s) internal view override {
        if (s.state.phase != Machine.EXEC) revert StepBase_ForeignStep(uint8(s.state.phase), 0);
        Frame memory frame = s.state.frame;
        bytes memory code = Steps.takeCode(s, frame.codeHash);
        uint256 opcode = frame.pc < code.length ? uint8(code[frame.pc]) : 0;
        Frame memory oldFrame = Machine.copy(frame);
        World memory oldWorld = Machine.copy(s.state.world);
        if (execute(s, opcode, code)) return;
        s.state.frame = oldFrame;
        s.state.world = oldWorld;
        s.state.phase = Machine.HALT;
    }

    /// @dev Executes the opcode at pc; false halts the frame, and then whatever was changed is undone.
    function execute(Step memory s, uint256 opcode, bytes memory code) internal view virtual returns (bool);

    /// @dev Words of memory that must exist before a range of it is used; false if the range is beyond the machine's caps.
    function wordsFor(uint256 words, uint256 offset, uint256 length) internal pure returns (bool, uint256) {
        if (length == 0) return (true, words);
        if (length > LENGTH_MAX || offset > OFFSET_MAX || offset + length > OFFSET_MAX) return (false, words);
        uint256 needed = (offset + length + 31) / 32;
        return (true, needed > words ? needed : words);
    }

    /// @dev Gas of a memory of so many words.
    function memoryGas(uint256 words) internal pure returns (uint256) {
        return 3 * words + words * words / 512;
    }

    /// @dev Charges `gas` and the expansion of memory to `words`, at once.
    function chargeExpanding(Frame memory frame, uint256 gas, uint256 words) internal pure returns (bool) {
        if (!Steps.charge(frame, gas + memoryGas(words) - memoryGas(frame.memoryWords))) return false;
        frame.memoryWords = words;
        return true;
    }
}
