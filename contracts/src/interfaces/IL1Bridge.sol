// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title Escrow of ETH and ERC-20 on L1
/// @notice Holds what exists on L2. Deposits go through the inbox; withdrawals are proven against an output root, and paid once it is final.
interface IL1Bridge {
    /// @notice A message of L2ToL1MessagePasser; its hash is keccak256(abi.encode(nonce, sender, target, value, gasLimit, data)).
    struct Withdrawal {
        uint256 nonce;
        address sender;
        address target;
        uint256 value;
        uint256 gasLimit;
        bytes data;
    }

    /// @param statePreimage Preimage of the root claim (docs/specs/MACHINE.md): six words, TAG_STATE first.
    /// @param worldPreimage Preimage of the World hash in it: seven words, TAG_WORLD first.
    /// @param account RLP of the message passer's account; `accountProof` proves it in the state trie.
    /// @param storageProof Proof of sentMessages[hash] = 1 in the account's storage trie.
    struct WithdrawalProof {
        bytes statePreimage;
        bytes worldPreimage;
        bytes account;
        bytes[] accountProof;
        bytes[] storageProof;
    }

    event EthReceived(address indexed from, uint256 amount);
    event Erc20Deposited(address indexed l1Token, address indexed from, address indexed to, uint256 amount, uint256 messageIndex);
    event WithdrawalProven(bytes32 indexed withdrawalHash, address indexed game, address indexed prover);
    event WithdrawalFinalized(bytes32 indexed withdrawalHash, address indexed target, uint256 value);
    event Erc20Withdrawn(address indexed l1Token, address indexed from, address indexed to, uint256 amount);

    error L1Bridge_NotInbox();
    error L1Bridge_InvalidToken(address token);
    error L1Bridge_InvalidRecipient();
    error L1Bridge_AmountZero();
    error L1Bridge_GasLimitTooSmall(uint256 gasLimit, uint256 minimum);
    error L1Bridge_UnknownGame(address game);
    error L1Bridge_GameLost(address game);
    error L1Bridge_InvalidStorageProof();
    error L1Bridge_AlreadyFinalized(bytes32 withdrawalHash);
    error L1Bridge_NotProven(bytes32 withdrawalHash, address prover);
    error L1Bridge_GameNotFinal(address game);
    error L1Bridge_ForbiddenTarget(address target);
    error L1Bridge_NotEnoughGas(uint256 available, uint256 required);
    error L1Bridge_CallFailed(bytes reason);
    error L1Bridge_EscrowTooSmall(address token, uint256 escrowed, uint256 amount);

    /// @notice Sends ETH to an account of L2. It carries no data: on L2 the bridge's own voice may mint, so nobody may borrow it. Use
    /// `Inbox.deposit` to call contracts.
    function depositETH(address to, uint64 gasLimit) external payable returns (uint256 messageIndex);

    /// @notice Escrows tokens and mints as many of the bridged token on L2. The amount that arrives counts, so fees on transfer are safe.
    /// @param gasLimit At least `minimumTokenGas`: the first deposit of a token creates its bridged token.
    function depositERC20(address l1Token, address to, uint256 amount, uint64 gasLimit) external returns (uint256 messageIndex);

    /// @notice Proves that L2 sent the withdrawal, against a game that is not lost. May be repeated against another game.
    function proveWithdrawal(Withdrawal calldata withdrawal, address game, WithdrawalProof calldata proof) external;

    /// @notice Pays a withdrawal that `prover` proved, once the game's root is final. Reverts if the call fails, so nothing is lost.
    function finalizeWithdrawal(Withdrawal calldata withdrawal, address prover) external;

    /// @notice The game that `prover` used; zero if none.
    function provenGame(bytes32 withdrawalHash, address prover) external view returns (address);

    function isFinalized(bytes32 withdrawalHash) external view returns (bool);

    /// @notice Amount of a token in escrow.
    function escrowed(address l1Token) external view returns (uint256);

    function hashWithdrawal(Withdrawal calldata withdrawal) external pure returns (bytes32);

    function minimumTokenGas() external view returns (uint64);

    /// @notice The contract that makes the calls of withdrawals; `l2Sender()` of it names the sender on L2 during a call.
    function caller() external view returns (address);
}
