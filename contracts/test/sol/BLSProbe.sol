// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import { BLS } from "../../src/lib/BLS.sol";

/// @title Shows the BLS library to tests
contract BLSProbe {
    function hashToG2(bytes32 digest, bytes calldata domain) external view returns (bytes memory) {
        return BLS.hashToG2(digest, domain);
    }

    function expand(bytes32 digest, bytes calldata domain) external pure returns (bytes memory) {
        return BLS.expand(digest, domain);
    }

    function verify(bytes calldata key, bytes32 digest, bytes calldata signature, bytes calldata domain) external view returns (bool) {
        return BLS.verify(key, digest, signature, domain);
    }
}
