// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title Passport: the identity of a Persona (0x4200…0031)
/// @notice ERC-721 that cannot be transferred (ERC-5192), numbered from 1 without gaps. It links wallets by their signature and Web2 accounts
/// by hashed claims that a zkTLS validator signed; both can be unlinked. One wallet belongs to one passport. The set of links has one
/// hash, as in ERC-7231. EIP-712 domain: name "Passport", version "1".
interface IPassport {
    event PassportMinted(uint256 indexed passport, address indexed owner);
    event WalletLinked(uint256 indexed passport, address indexed wallet);
    event WalletUnlinked(uint256 indexed passport, address indexed wallet);
    event AccountLinked(uint256 indexed passport, bytes32 indexed claim, address indexed validator);
    event AccountUnlinked(uint256 indexed passport, bytes32 indexed claim);
    /// @notice ERC-7231: the hash of all links changed.
    event SetIdentitiesRoot(uint256 id, bytes32 identitiesRoot);

    error Passport_WalletTaken(address wallet, uint256 passport);
    error Passport_NotOwner(address caller, uint256 passport);
    error Passport_NotLinked(uint256 passport, address wallet);
    error Passport_OwnerStays(uint256 passport);
    error Passport_ClaimTaken(bytes32 claim, uint256 passport);
    error Passport_ClaimNotLinked(uint256 passport, bytes32 claim);
    error Passport_TooManyLinks(uint256 limit);
    error Passport_Expired(uint256 deadline, uint256 time);
    error Passport_WrongSignature(address signer);
    error Passport_NotZkTls(address validator);

    /// @notice Mints the caller's passport.
    function mint() external returns (uint256 passport);

    /// @notice Mints for an owner who signed Mint(address owner,uint256 deadline). Anyone may relay.
    function mintFor(address owner, uint256 deadline, bytes calldata signature) external returns (uint256 passport);

    /// @notice Links a wallet that signed LinkWallet(uint256 passport,address wallet,uint256 nonce,uint256 deadline). Only the owner.
    function linkWallet(uint256 passport, address wallet, uint256 deadline, bytes calldata walletSignature) external;

    /// @notice The same relayed by anyone: the owner signed the same message too.
    function linkWalletFor(
        uint256 passport,
        address wallet,
        uint256 deadline,
        bytes calldata ownerSignature,
        bytes calldata walletSignature
    ) external;

    /// @notice Unlinks a wallet. The owner or the wallet itself.
    function unlinkWallet(uint256 passport, address wallet) external;

    /// @notice Links a Web2 account: `claim` = keccak256(abi.encode(provider, handle, salt)) hides it. `validator`, a zkTLS one that may issue,
    /// signed LinkAccount(uint256 passport,bytes32 claim,uint256 nonce,uint256 deadline). Only the owner.
    function linkAccount(uint256 passport, bytes32 claim, address validator, uint256 deadline, bytes calldata signature) external;

    /// @notice Unlinks a Web2 account. Only the owner.
    function unlinkAccount(uint256 passport, bytes32 claim) external;

    /// @notice The passport that a wallet belongs to, as owner or by link; zero if none.
    function resolve(address wallet) external view returns (uint256 passport);

    /// @notice All wallets, the owner's first.
    function walletsOf(uint256 passport) external view returns (address[] memory);

    function accountsOf(uint256 passport) external view returns (bytes32[] memory);

    /// @notice keccak256(abi.encode(walletsOf, accountsOf)).
    function getIdentitiesRoot(uint256 passport) external view returns (bytes32);

    /// @notice What the next LinkWallet or LinkAccount message must contain. It grows with every link and unlink.
    function nonceOf(uint256 passport) external view returns (uint256);

    /// @notice How many passports there are; their numbers are 1 to `supply`.
    function supply() external view returns (uint256);

    /// @notice How many there were at the end of second `time`.
    function supplyAt(uint256 time) external view returns (uint256);
}
