// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import { IOneStepVerifier } from "../interfaces/IOneStepVerifier.sol";

/// @title Stands where a part of the one-step verifier is not built: every call reverts, so that nobody can win by it
contract MissingVerifier is IOneStepVerifier {
    error MissingVerifier_NotBuilt();

    /// @notice Refuses the calls that the missing part would take.
    fallback() external {
        revert MissingVerifier_NotBuilt();
    }

    /// @inheritdoc IOneStepVerifier
    function step(Context calldata, bytes32, bytes calldata) external pure returns (bytes32) {
        revert MissingVerifier_NotBuilt();
    }
}
