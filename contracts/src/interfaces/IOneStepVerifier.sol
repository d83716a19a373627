// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title Verifier of one step of the machine of docs/specs/MACHINE.md
interface IOneStepVerifier {
    /// @param inbox IInbox; entries and messages are read by index and never change once settled.
    /// @param endEntry Index after the last entry that the trace executes; at its end the trace is finished and stutters.
    /// @param traceIndex Index t of the claim under test: the step from S_t to S_{t+1}, where a claim at index t commits to S_{t+1}.
    struct Context {
        address inbox;
        uint256 endEntry;
        uint256 traceIndex;
    }

    /// @notice Executes step `context.traceIndex` on the state whose hash is `preState`. Reverts on a wrong witness.
    /// @return postState Hash of the state after the step.
    function step(Context calldata context, bytes32 preState, bytes calldata witness) external view returns (bytes32 postState);
}
