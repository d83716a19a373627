// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { SafeERC20 } from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import { ReentrancyGuardTransient } from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import { TrieProof } from "@openzeppelin/contracts/utils/cryptography/TrieProof.sol";
import { MetadataReaderLib } from "solady/src/utils/MetadataReaderLib.sol";

import { IAnchorRegistry } from "../interfaces/IAnchorRegistry.sol";
import { IDisputeGame } from "../interfaces/IDisputeGame.sol";
import { IDisputeGameFactory } from "../interfaces/IDisputeGameFactory.sol";
import { IInbox } from "../interfaces/IInbox.sol";
import { IL1Bridge } from "../interfaces/IL1Bridge.sol";
import { IL2Bridge } from "../interfaces/IL2.sol";
import { OutputProof } from "../lib/OutputProof.sol";
import { Predeploys } from "../lib/Predeploys.sol";
import { WithdrawalCaller } from "./WithdrawalCaller.sol";

/// @title Escrow of ETH and ERC-20 on L1
/// @notice Calls of withdrawals are made by a contract of their own: from here they could speak to L2 as the bridge, or move the escrow.
contract L1Bridge is IL1Bridge, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    uint256 private constant METADATA_LENGTH_MAX = 64;
    uint64 private constant MINIMUM_TOKEN_GAS = 500_000;
    /// What the bridge and the caller need around the call of a withdrawal.
    uint256 private constant CALL_OVERHEAD = 60_000;

    IInbox private immutable INBOX;
    IDisputeGameFactory private immutable FACTORY;
    IAnchorRegistry private immutable ANCHOR_REGISTRY;
    WithdrawalCaller private immutable CALLER;

    mapping(bytes32 withdrawalHash => mapping(address prover => address game)) private _proven;
    mapping(bytes32 withdrawalHash => bool) private _finalized;
    mapping(address l1Token => uint256) private _escrow;

    constructor(address inbox, address factory, address anchorRegistry) {
        INBOX = IInbox(inbox);
        FACTORY = IDisputeGameFactory(factory);
        ANCHOR_REGISTRY = IAnchorRegistry(anchorRegistry);
        CALLER = new WithdrawalCaller();
    }

    /// @notice Receives the ETH of deposits from the inbox.
    receive() external payable {
        if (msg.sender != address(INBOX)) revert L1Bridge_NotInbox();
        emit EthReceived(msg.sender, msg.value);
    }

    /// @inheritdoc IL1Bridge
    function depositETH(address to, uint64 gasLimit) external payable nonReentrant returns (uint256 messageIndex) {
        if (to == address(0)) revert L1Bridge_InvalidRecipient();
        if (msg.value == 0) revert L1Bridge_AmountZero();
        return INBOX.deposit{ value: msg.value }(to, gasLimit, "");
    }

    /// @inheritdoc IL1Bridge
    function depositERC20(address l1Token, address to, uint256 amount, uint64 gasLimit)
        external
        nonReentrant
        returns (uint256 messageIndex)
    {
        if (l1Token.code.length == 0) revert L1Bridge_InvalidToken(l1Token);
        if (to == address(0)) revert L1Bridge_InvalidRecipient();
        if (gasLimit < MINIMUM_TOKEN_GAS) revert L1Bridge_GasLimitTooSmall(gasLimit, MINIMUM_TOKEN_GAS);
        uint256 before = IERC20(l1Token).balanceOf(address(this));
        IERC20(l1Token).safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = IERC20(l1Token).balanceOf(address(this)) - before;
        if (received == 0) revert L1Bridge_AmountZero();
        _escrow[l1Token] += received;
        messageIndex = INBOX.deposit(Predeploys.L2_BRIDGE, gasLimit, _mintCall(l1Token, to, received));
        emit Erc20Deposited(l1Token, msg.sender, to, received, messageIndex);
    }

    /// @inheritdoc IL1Bridge
    function proveWithdrawal(Withdrawal calldata withdrawal, address game, WithdrawalProof calldata proof) external {
        bytes32 hash = hashWithdrawal(withdrawal);
        if (_finalized[hash]) revert L1Bridge_AlreadyFinalized(hash);
        if (!FACTORY.isGame(game)) revert L1Bridge_UnknownGame(game);
        bool isLost = IDisputeGame(game).status() == IDisputeGame.Status.ChallengerWins;
        if (isLost || ANCHOR_REGISTRY.isBlacklisted(game)) revert L1Bridge_GameLost(game);
        _checkProof(hash, IDisputeGame(game).rootClaim(), proof);
        _proven[hash][msg.sender] = game;
        emit WithdrawalProven(hash, game, msg.sender);
    }

    /// @inheritdoc IL1Bridge
    function finalizeWithdrawal(Withdrawal calldata withdrawal, address prover) external nonReentrant {
        bytes32 hash = hashWithdrawal(withdrawal);
        if (_finalized[hash]) revert L1Bridge_AlreadyFinalized(hash);
        address game = _proven[hash][prover];
        if (game == address(0)) revert L1Bridge_NotProven(hash, prover);
        if (!ANCHOR_REGISTRY.isFinal(game)) revert L1Bridge_GameNotFinal(game);
        _finalized[hash] = true;
        emit WithdrawalFinalized(hash, withdrawal.target, withdrawal.value);
        if (withdrawal.target == address(this)) _releaseERC20(withdrawal);
        else _execute(withdrawal);
    }

    /// @inheritdoc IL1Bridge
    function provenGame(bytes32 withdrawalHash, address prover) external view returns (address) {
        return _proven[withdrawalHash][prover];
    }

    /// @inheritdoc IL1Bridge
    function isFinalized(bytes32 withdrawalHash) external view returns (bool) {
        return _finalized[withdrawalHash];
    }

    /// @inheritdoc IL1Bridge
    function escrowed(address l1Token) external view returns (uint256) {
        return _escrow[l1Token];
    }

    /// @inheritdoc IL1Bridge
    function hashWithdrawal(Withdrawal calldata withdrawal) public pure returns (bytes32) {
        return keccak256(
            abi.encode(
                withdrawal.nonce, withdrawal.sender, withdrawal.target, withdrawal.value, withdrawal.gasLimit, withdrawal.data
            )
        );
    }

    /// @inheritdoc IL1Bridge
    function minimumTokenGas() external pure returns (uint64) {
        return MINIMUM_TOKEN_GAS;
    }

    /// @inheritdoc IL1Bridge
    function caller() external view returns (address) {
        return address(CALLER);
    }

    /// The token's own metadata travels with every deposit, so that nobody can name a bridged token otherwise.
    function _mintCall(address l1Token, address to, uint256 amount) private view returns (bytes memory) {
        string memory name = MetadataReaderLib.readName(l1Token, METADATA_LENGTH_MAX);
        string memory symbol = MetadataReaderLib.readSymbol(l1Token, METADATA_LENGTH_MAX);
        uint8 decimals = MetadataReaderLib.readDecimals(l1Token);
        return abi.encodeCall(IL2Bridge.finalizeDeposit, (l1Token, msg.sender, to, amount, name, symbol, decimals));
    }

    /// Opens the root claim down to the state root, then the account and the slot in Ethereum's tries.
    function _checkProof(bytes32 withdrawalHash, bytes32 rootClaim, WithdrawalProof calldata proof) private pure {
        bytes32 stateRoot = OutputProof.stateRoot(rootClaim, proof.statePreimage, proof.worldPreimage);
        bytes32 storageRoot = OutputProof.storageRoot(stateRoot, Predeploys.MESSAGE_PASSER, proof.account, proof.accountProof);
        bytes32 slot = keccak256(abi.encode(withdrawalHash, uint256(0)));
        bytes memory slotKey = abi.encode(keccak256(abi.encode(slot)));
        if (!TrieProof.verify(hex"01", storageRoot, slotKey, proof.storageProof)) revert L1Bridge_InvalidStorageProof();
    }

    function _releaseERC20(Withdrawal calldata withdrawal) private {
        if (withdrawal.sender != Predeploys.L2_BRIDGE) revert L1Bridge_ForbiddenTarget(withdrawal.target);
        (address l1Token, address from, address to, uint256 amount) =
            abi.decode(withdrawal.data, (address, address, address, uint256));
        uint256 held = _escrow[l1Token];
        if (held < amount) revert L1Bridge_EscrowTooSmall(l1Token, held, amount);
        _escrow[l1Token] = held - amount;
        emit Erc20Withdrawn(l1Token, from, to, amount);
        IERC20(l1Token).safeTransfer(to, amount);
    }

    function _execute(Withdrawal calldata withdrawal) private {
        // Rationale: 63/64 of the gas passes two calls; the target must get what its sender on L2 asked for.
        uint256 required = (withdrawal.gasLimit * 64 * 64) / (63 * 63) + CALL_OVERHEAD;
        if (gasleft() < required) revert L1Bridge_NotEnoughGas(gasleft(), required);
        (bool success, bytes memory reason) =
            CALLER.execute{ value: withdrawal.value }(withdrawal.sender, withdrawal.target, withdrawal.data);
        if (!success) revert L1Bridge_CallFailed(reason);
    }
}
