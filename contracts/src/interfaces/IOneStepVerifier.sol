// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title Verifier of one step of the machine of docs/specs/MACHINE.md
interface IOneStepVerifier {
    /// @param inbox IInbox; entries and messages are read by index and never change once settled.
    /// @param firstEntry The first entry that the trace executes.
    /// @param endEntry The last entry that it executes (inclusive); the trace ends, and stutters, at its end.
    /// @param traceIndex Index t of the step: the proof shows state t-1 (t = 0: the state before the trace) and yields state t.
    struct Context {
        address inbox;
        uint64 firstEntry;
        uint64 endEntry;
        uint256 traceIndex;
    }

    /// @notice Executes step `context.traceIndex`. Reverts if the proof is malformed or the step is not provable.
    /// @return preState Hash of the state that the proof opens; the caller compares it with what was claimed.
    /// @return postState Hash of the state after the step.
    function step(Context calldata context, bytes calldata proof) external view returns (bytes32 preState, bytes32 postState);
}
