// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import { IOneStepVerifier } from "../../src/interfaces/IOneStepVerifier.sol";

/// @title A machine whose states are numbers and whose step adds one
/// @notice The pre state's number is the witness; so a wrong witness reverts, as with the real machine.
contract TestVerifier is IOneStepVerifier {
    error TestVerifier_WrongWitness();
    error TestVerifier_WrongContext();

    address public immutable INBOX;

    constructor(address inbox) {
        INBOX = inbox;
    }

    function stateHash(uint256 number) public pure returns (bytes32) {
        return keccak256(abi.encode("state", number));
    }

    function step(Context calldata context, bytes32 preState, bytes calldata witness) external view returns (bytes32) {
        uint256 number = abi.decode(witness, (uint256));
        if (stateHash(number) != preState) revert TestVerifier_WrongWitness();
        if (context.inbox != INBOX || context.endEntry == 0) revert TestVerifier_WrongContext();
        return stateHash(number + 1);
    }
}
