// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title Uses what everyday transfers never touch, so that every kind of fraud finds a step to lie about.
/// @dev One visit hashes with a precompile, reads a block hash, creates by CREATE2, reverts a write, jumps where it must not,
/// and destroys a contract in the transaction that created it.
contract Exerciser {
    /// Jumps into the data of a PUSH2, where a byte looks like a JUMPDEST; whoever lets it, lets it write slot 0.
    bytes private constant TRAP_INIT_CODE = hex"6a600456615b5b60015f55005f52600b6015f3";
    uint256 private constant TRAP_GAS = 50_000;

    /// Chain of SHA-256 digests, one per visit.
    bytes32 public digest;
    /// Hash of the block before the last visit.
    bytes32 public blockSeen;
    /// Created by the last visit.
    address public child;
    /// Counts only writes that were reverted: always 0.
    uint256 public spoiled;
    address public immutable TRAP;

    error Exerciser_Spoiled(uint256 spoiled);

    constructor() {
        bytes memory code = TRAP_INIT_CODE;
        address created;
        assembly {
            created := create(0, add(code, 32), mload(code))
        }
        TRAP = created;
    }

    /// @notice Does one of each. ETH that comes along passes through a contract that lives for this transaction alone.
    /// @param salt Decides where the child is created; fresh in every visit.
    function visit(bytes32 salt) external payable {
        digest = sha256(abi.encode(digest, salt));
        blockSeen = blockhash(block.number - 1);
        child = address(new Child{ salt: salt }());
        try this.spoil() { } catch { }
        (bool jumped,) = TRAP.call{ gas: TRAP_GAS }("");
        if (jumped) spoiled += 1;
        new Mayfly{ value: msg.value }(payable(msg.sender));
    }

    /// @notice Writes, then reverts.
    function spoil() external {
        spoiled += 1;
        revert Exerciser_Spoiled(spoiled);
    }
}

/// @title Created by CREATE2 in every visit.
contract Child {
    function answer() external pure returns (uint256) {
        return 42;
    }
}

/// @title Gone at the end of the transaction that created it (EIP-6780).
contract Mayfly {
    constructor(address payable heir) payable {
        assembly {
            selfdestruct(heir)
        }
    }
}
