// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import { EIP712 } from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import { SignatureChecker } from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import { Checkpoints } from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import { EnumerableSet } from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";
import { IPassport } from "./interfaces/IPassport.sol";
import { IValidators } from "./interfaces/IValidators.sol";
import { ERC721, LockedERC721 } from "./lib/LockedERC721.sol";
import { PersonaPredeploys } from "./lib/PersonaPredeploys.sol";

/// @dev First in line of inheritance, so that L1 finds it at slot 0.
abstract contract WalletIndex {
    mapping(address wallet => uint256 passport) internal _passportOf;
}

/// @title Passport: the identity of a Persona
contract Passport is WalletIndex, LockedERC721, EIP712, IPassport {
    using Checkpoints for Checkpoints.Trace208;
    using EnumerableSet for EnumerableSet.AddressSet;
    using EnumerableSet for EnumerableSet.Bytes32Set;

    bytes32 private constant MINT_TYPE = keccak256("Mint(address owner,uint256 deadline)");
    bytes32 private constant LINK_WALLET_TYPE =
        keccak256("LinkWallet(uint256 passport,address wallet,uint256 nonce,uint256 deadline)");
    bytes32 private constant LINK_ACCOUNT_TYPE =
        keccak256("LinkAccount(uint256 passport,bytes32 claim,uint256 nonce,uint256 deadline)");
    uint256 private constant LINKS_MAX = 16;
    IValidators private constant VALIDATORS = IValidators(PersonaPredeploys.VALIDATORS);

    uint256 private _supply;
    Checkpoints.Trace208 private _supplyHistory;
    mapping(uint256 passport => uint256) private _nonces;
    /// Without the owner's own.
    mapping(uint256 passport => EnumerableSet.AddressSet) private _wallets;
    mapping(uint256 passport => EnumerableSet.Bytes32Set) private _accounts;
    mapping(bytes32 claim => uint256 passport) private _passportOfClaim;

    constructor() ERC721("T-Rex Passport", "PASS") EIP712("Passport", "1") { }

    /// @inheritdoc IPassport
    function mint() external returns (uint256 passport) {
        return _mintTo(msg.sender);
    }

    /// @inheritdoc IPassport
    function mintFor(address owner, uint256 deadline, bytes calldata signature) external returns (uint256 passport) {
        _checkDeadline(deadline);
        _checkSignature(owner, keccak256(abi.encode(MINT_TYPE, owner, deadline)), signature);
        return _mintTo(owner);
    }

    /// @inheritdoc IPassport
    function linkWallet(uint256 passport, address wallet, uint256 deadline, bytes calldata walletSignature) external {
        _checkOwner(passport);
        _checkSignature(wallet, _linkWalletHash(passport, wallet, deadline), walletSignature);
        _link(passport, wallet);
    }

    /// @inheritdoc IPassport
    function linkWalletFor(
        uint256 passport,
        address wallet,
        uint256 deadline,
        bytes calldata ownerSignature,
        bytes calldata walletSignature
    ) external {
        bytes32 structHash = _linkWalletHash(passport, wallet, deadline);
        _checkSignature(_requireOwned(passport), structHash, ownerSignature);
        _checkSignature(wallet, structHash, walletSignature);
        _link(passport, wallet);
    }

    /// @inheritdoc IPassport
    function unlinkWallet(uint256 passport, address wallet) external {
        address owner = _requireOwned(passport);
        if (msg.sender != owner && msg.sender != wallet) revert Passport_NotOwner(msg.sender, passport);
        if (wallet == owner) revert Passport_OwnerStays(passport);
        if (!_wallets[passport].remove(wallet)) revert Passport_NotLinked(passport, wallet);
        delete _passportOf[wallet];
        ++_nonces[passport];
        emit WalletUnlinked(passport, wallet);
        emit SetIdentitiesRoot(passport, getIdentitiesRoot(passport));
    }

    /// @inheritdoc IPassport
    function linkAccount(uint256 passport, bytes32 claim, address validator, uint256 deadline, bytes calldata signature) external {
        _checkOwner(passport);
        _checkDeadline(deadline);
        if (!VALIDATORS.mayIssue(validator, IValidators.Kind.ZkTls)) revert Passport_NotZkTls(validator);
        bytes32 structHash = keccak256(abi.encode(LINK_ACCOUNT_TYPE, passport, claim, _nonces[passport]++, deadline));
        _checkSignature(validator, structHash, signature);
        uint256 taken = _passportOfClaim[claim];
        if (taken != 0) revert Passport_ClaimTaken(claim, taken);
        if (_accounts[passport].length() == LINKS_MAX) revert Passport_TooManyLinks(LINKS_MAX);
        _passportOfClaim[claim] = passport;
        _accounts[passport].add(claim);
        emit AccountLinked(passport, claim, validator);
        emit SetIdentitiesRoot(passport, getIdentitiesRoot(passport));
    }

    /// @inheritdoc IPassport
    function unlinkAccount(uint256 passport, bytes32 claim) external {
        _checkOwner(passport);
        if (!_accounts[passport].remove(claim)) revert Passport_ClaimNotLinked(passport, claim);
        delete _passportOfClaim[claim];
        ++_nonces[passport];
        emit AccountUnlinked(passport, claim);
        emit SetIdentitiesRoot(passport, getIdentitiesRoot(passport));
    }

    /// @inheritdoc IPassport
    function resolve(address wallet) external view returns (uint256 passport) {
        return _passportOf[wallet];
    }

    /// @inheritdoc IPassport
    function walletsOf(uint256 passport) public view returns (address[] memory wallets) {
        address[] memory linked = _wallets[passport].values();
        wallets = new address[](linked.length + 1);
        wallets[0] = _requireOwned(passport);
        for (uint256 i = 0; i < linked.length; ++i) wallets[i + 1] = linked[i];
    }

    /// @inheritdoc IPassport
    function accountsOf(uint256 passport) public view returns (bytes32[] memory) {
        return _accounts[passport].values();
    }

    /// @inheritdoc IPassport
    function getIdentitiesRoot(uint256 passport) public view returns (bytes32) {
        return keccak256(abi.encode(walletsOf(passport), accountsOf(passport)));
    }

    /// @inheritdoc IPassport
    function nonceOf(uint256 passport) external view returns (uint256) {
        return _nonces[passport];
    }

    /// @inheritdoc IPassport
    function supply() external view returns (uint256) {
        return _supply;
    }

    /// @inheritdoc IPassport
    function supplyAt(uint256 time) external view returns (uint256) {
        return _supplyHistory.upperLookupRecent(uint48(time));
    }

    function _mintTo(address owner) private returns (uint256 passport) {
        _checkFree(owner);
        passport = ++_supply;
        _supplyHistory.push(uint48(block.timestamp), uint208(passport));
        _passportOf[owner] = passport;
        _mint(owner, passport);
        emit PassportMinted(passport, owner);
    }

    function _link(uint256 passport, address wallet) private {
        _checkFree(wallet);
        if (_wallets[passport].length() == LINKS_MAX) revert Passport_TooManyLinks(LINKS_MAX);
        _passportOf[wallet] = passport;
        _wallets[passport].add(wallet);
        emit WalletLinked(passport, wallet);
        emit SetIdentitiesRoot(passport, getIdentitiesRoot(passport));
    }

    /// Takes the passport's nonce: a signature links once, also after the wallet was unlinked.
    function _linkWalletHash(uint256 passport, address wallet, uint256 deadline) private returns (bytes32) {
        _checkDeadline(deadline);
        return keccak256(abi.encode(LINK_WALLET_TYPE, passport, wallet, _nonces[passport]++, deadline));
    }

    function _checkFree(address wallet) private view {
        uint256 taken = _passportOf[wallet];
        if (taken != 0) revert Passport_WalletTaken(wallet, taken);
    }

    function _checkOwner(uint256 passport) private view {
        if (msg.sender != _requireOwned(passport)) revert Passport_NotOwner(msg.sender, passport);
    }

    function _checkDeadline(uint256 deadline) private view {
        if (block.timestamp > deadline) revert Passport_Expired(deadline, block.timestamp);
    }

    function _checkSignature(address signer, bytes32 structHash, bytes calldata signature) private view {
        bool isRight = SignatureChecker.isValidSignatureNowCalldata(signer, _hashTypedDataV4(structHash), signature);
        if (!isRight) revert Passport_WrongSignature(signer);
    }
}
