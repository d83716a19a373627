// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title Where L2 contracts read L1 (0x4200…0015)
interface IL1Block {
    error L1Block_NotSystem();

    /// @notice Sets the L1 block that the current L2 block builds on. Only the system address 0xff…fe, at the start of a block.
    function setL1Block(uint64 number, uint64 timestamp, uint256 baseFee, bytes32 hash, bytes32 prevrandao) external;

    function number() external view returns (uint64);

    function timestamp() external view returns (uint64);

    function baseFee() external view returns (uint256);

    function hash() external view returns (bytes32);

    function prevrandao() external view returns (bytes32);
}

/// @title Where messages from L2 to L1 are written (0x4200…0016)
/// @notice `sentMessages` is at storage slot 0: L1 proves slot keccak256(abi.encode(withdrawalHash, 0)).
interface IL2ToL1MessagePasser {
    event MessagePassed(
        uint256 indexed nonce,
        address indexed sender,
        address indexed target,
        uint256 value,
        uint256 gasLimit,
        bytes data,
        bytes32 withdrawalHash
    );

    /// @notice Sends a message to `target` on L1, with `msg.value`, which stays here for ever: nothing takes ETH out of this contract.
    function initiateWithdrawal(address target, uint256 gasLimit, bytes calldata data) external payable returns (bytes32 withdrawalHash);

    function sentMessages(bytes32 withdrawalHash) external view returns (bool);

    function messageNonce() external view returns (uint256);
}

/// @title Coinbase of L2 (0x4200…0011)
interface IFeeVault {
    event Withdrawn(address indexed caller, address indexed recipient, uint256 amount, bytes32 withdrawalHash);

    error FeeVault_BalanceTooSmall(uint256 balance, uint256 minimum);

    /// @notice Sends all fees to the reward pool of the sequencers on L1 as a withdrawal. Anyone may call.
    function withdraw() external returns (bytes32 withdrawalHash);

    /// @notice The registry on L1 whose reward pool receives the fees.
    function recipient() external view returns (address);

    function minimumWithdrawal() external view returns (uint256);
}

/// @title The bridge on L2 (0x4200…0010)
interface IL2Bridge {
    event DepositFinalized(address indexed l1Token, address indexed from, address indexed to, address l2Token, uint256 amount);
    event Erc20WithdrawalInitiated(address indexed l1Token, address indexed from, address indexed to, uint256 amount, bytes32 withdrawalHash);

    error L2Bridge_NotL1Bridge(address sender);
    error L2Bridge_UnknownToken(address l2Token);
    error L2Bridge_InvalidRecipient();
    error L2Bridge_AmountZero();

    /// @notice Mints bridged tokens; creates the token at its first deposit. Only the aliased L1Bridge.
    function finalizeDeposit(
        address l1Token,
        address from,
        address to,
        uint256 amount,
        string calldata name,
        string calldata symbol,
        uint8 decimals
    ) external;

    /// @notice Burns bridged tokens of the caller and releases them on L1 to `to`.
    function withdrawERC20(address l2Token, address to, uint256 amount) external returns (bytes32 withdrawalHash);

    /// @notice Sends `msg.value` to `to` on L1.
    function withdrawETH(address to) external payable returns (bytes32 withdrawalHash);

    /// @notice The L1Bridge that it trusts.
    function l1Bridge() external view returns (address);
}

/// @title Creates the bridged tokens (0x4200…0012)
interface ITokenFactory {
    event TokenCreated(address indexed l1Token, address indexed l2Token);

    error TokenFactory_NotBridge();

    /// @notice Creates the bridged token of `l1Token`. Only the L2 bridge, which knows the L1 token's own metadata.
    function create(address l1Token, string calldata name, string calldata symbol, uint8 decimals) external returns (address l2Token);

    /// @notice The bridged token of an L1 token, created or not: its address is deterministic.
    function tokenOf(address l1Token) external view returns (address l2Token);

    /// @notice The L1 token of a bridged token; zero if it is none.
    function l1TokenOf(address l2Token) external view returns (address);
}

/// @title A token of L1 on L2
interface IBridgedERC20 {
    error BridgedERC20_NotBridge();
    error BridgedERC20_AlreadyInitialized();

    /// @notice Names the token once; the factory calls it right after the creation.
    function initialize(address l1Token, string calldata name, string calldata symbol, uint8 decimals) external;

    function mint(address to, uint256 amount) external;

    function burn(address from, uint256 amount) external;

    function l1Token() external view returns (address);
}
