// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import { AccessControl } from "@openzeppelin/contracts/access/AccessControl.sol";
import { IValidators } from "./interfaces/IValidators.sol";

/// @title Registry of badge issuers
contract Validators is IValidators, AccessControl {
    bytes32 public constant REGISTRAR_ROLE = keccak256("REGISTRAR_ROLE");
    address private constant BURNED = 0x000000000000000000000000000000000000dEaD;
    uint256 private constant MINIMUM_BOND = 1 ether;
    uint64 private constant UNBONDING_SECONDS = 1 days;

    mapping(address validator => Validator) private _validators;
    mapping(address validator => uint256) private _indices;
    address[] private _all;

    constructor(address registrar) {
        _grantRole(DEFAULT_ADMIN_ROLE, registrar);
        _grantRole(REGISTRAR_ROLE, registrar);
    }

    /// @inheritdoc IValidators
    function register(Kind kind, string calldata name) external payable {
        if (_validators[msg.sender].status != Status.None) revert Validators_AlreadyRegistered(msg.sender);
        if (msg.value < MINIMUM_BOND) revert Validators_BondTooSmall(msg.value, MINIMUM_BOND);
        _validators[msg.sender] = Validator({
            kind: kind,
            status: Status.Registered,
            listedAt: 0,
            revokedAt: 0,
            leftAt: 0,
            bondWei: uint128(msg.value),
            name: name
        });
        _indices[msg.sender] = _all.length;
        _all.push(msg.sender);
        emit ValidatorRegistered(msg.sender, kind, name, msg.value);
    }

    /// @inheritdoc IValidators
    function list(address validator) external onlyRole(REGISTRAR_ROLE) {
        Validator storage found = _validators[validator];
        if (found.status != Status.Registered) revert Validators_WrongStatus(validator, found.status);
        found.status = Status.Listed;
        found.listedAt = uint64(block.timestamp);
        emit ValidatorListed(validator);
    }

    /// @inheritdoc IValidators
    function revoke(address validator, string calldata reason) external onlyRole(REGISTRAR_ROLE) {
        Validator storage found = _validators[validator];
        if (found.status == Status.None || found.status == Status.Revoked) revert Validators_WrongStatus(validator, found.status);
        uint256 slashed = found.bondWei;
        found.status = Status.Revoked;
        found.revokedAt = uint64(block.timestamp);
        found.bondWei = 0;
        emit ValidatorRevoked(validator, slashed, reason);
        _send(BURNED, slashed);
    }

    /// @inheritdoc IValidators
    function resign() external {
        Validator storage found = _validators[msg.sender];
        if (!_isIssuing(found.status)) revert Validators_WrongStatus(msg.sender, found.status);
        found.status = Status.Left;
        found.leftAt = uint64(block.timestamp);
        emit ValidatorLeft(msg.sender);
    }

    /// @inheritdoc IValidators
    function withdrawBond() external {
        Validator storage found = _validators[msg.sender];
        if (found.status != Status.Left) revert Validators_WrongStatus(msg.sender, found.status);
        uint256 until = found.leftAt + UNBONDING_SECONDS;
        if (block.timestamp < until) revert Validators_NotYet(block.timestamp, until);
        uint256 amount = found.bondWei;
        found.bondWei = 0;
        emit BondWithdrawn(msg.sender, amount);
        _send(msg.sender, amount);
    }

    /// @inheritdoc IValidators
    function validatorOf(address validator) external view returns (Validator memory) {
        return _validators[validator];
    }

    /// @inheritdoc IValidators
    function validatorCount() external view returns (uint256) {
        return _all.length;
    }

    /// @inheritdoc IValidators
    function validatorAt(uint256 index) external view returns (address) {
        return _all[index];
    }

    /// @inheritdoc IValidators
    function indexOf(address validator) external view returns (uint256) {
        Status status = _validators[validator].status;
        if (status == Status.None) revert Validators_WrongStatus(validator, status);
        return _indices[validator];
    }

    /// @inheritdoc IValidators
    function mayIssue(address validator, Kind kind) external view returns (bool) {
        Validator storage found = _validators[validator];
        return _isIssuing(found.status) && found.kind == kind;
    }

    /// @inheritdoc IValidators
    function indexCountsAt(uint256 index, uint256 time) external view returns (bool) {
        return countsAt(_all[index], time);
    }

    /// @inheritdoc IValidators
    function countsAt(address validator, uint256 time) public view returns (bool) {
        Validator storage found = _validators[validator];
        uint256 listedAt = found.listedAt;
        uint256 revokedAt = found.revokedAt;
        return listedAt != 0 && listedAt <= time && (revokedAt == 0 || time < revokedAt);
    }

    /// @inheritdoc IValidators
    function minimumBond() external pure returns (uint256) {
        return MINIMUM_BOND;
    }

    /// @inheritdoc IValidators
    function unbondingSeconds() external pure returns (uint64) {
        return UNBONDING_SECONDS;
    }

    function _isIssuing(Status status) private pure returns (bool) {
        return status == Status.Registered || status == Status.Listed;
    }

    function _send(address to, uint256 amount) private {
        (bool success,) = to.call{ value: amount }("");
        if (!success) revert Validators_TransferFailed(to, amount);
    }
}
