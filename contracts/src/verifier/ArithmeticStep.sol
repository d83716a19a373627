// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Alu} from "./lib/Alu.sol";
import {Frame} from "./lib/Machine.sol";
import {OpcodeBase} from "./lib/StepBase.sol";
import {Step, Steps} from "./lib/Steps.sol";

/// @title Verifies ADD to SIGNEXTEND and LT to CLZ
contract ArithmeticStep is OpcodeBase {
    function execute(Step memory s, uint256 opcode, bytes memory) internal pure override returns (bool) {
        uint256 arity = Alu.arity(opcode);
        if (arity == 0) revert StepBase_ForeignStep(uint8(s.state.phase), uint8(opcode));
        Frame memory frame = s.state.frame;
        if (!Steps.fitsStack(frame, arity, 1)) return false;
        uint256[] memory v = Steps.pop(s, arity);
        uint256 b = arity > 1 ? v[1] : 0;
        if (!Steps.charge(frame, Alu.gasOf(opcode, b))) return false;
        Steps.push(frame, Alu.compute(opcode, v[0], b, arity > 2 ? v[2] : 0));
        frame.pc++;
        return true;
    }
}
