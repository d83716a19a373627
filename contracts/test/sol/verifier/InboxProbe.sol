// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @notice The two reads of the inbox that the verifier makes, over lists that a test gives.
contract InboxProbe {
    bytes32[] private entries;
    bytes32[] private messages;

    constructor(bytes32[] memory entries_, bytes32[] memory messages_) {
        entries = entries_;
        messages = messages_;
    }

    function entryHash(uint256 index) external view returns (bytes32) {
        return entries[index];
    }

    function messageHash(uint256 index) external view returns (bytes32) {
        return messages[index];
    }
}
