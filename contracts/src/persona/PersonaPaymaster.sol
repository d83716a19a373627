// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import { Ownable } from "@openzeppelin/contracts/access/Ownable.sol";
import { PaymasterSigner } from "@openzeppelin/contracts/account/paymaster/extensions/PaymasterSigner.sol";
import { ERC4337Utils } from "@openzeppelin/contracts/account/utils/ERC4337Utils.sol";
import { IEntryPoint } from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import { EIP712 } from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import { SignerECDSA } from "@openzeppelin/contracts/utils/cryptography/signers/SignerECDSA.sol";

/// @title Pays the gas of user operations that the sponsor signed
/// @notice ERC-4337 0.8; OpenZeppelin's default is 0.9. paymasterData = validAfter (6 bytes) ‖ validUntil (6) ‖ the sponsor's signature of
/// UserOperationRequest, domain "PersonaPaymaster", version "1".
contract PersonaPaymaster is PaymasterSigner, SignerECDSA, Ownable {
    constructor(address owner_, address sponsor) EIP712("PersonaPaymaster", "1") SignerECDSA(sponsor) Ownable(owner_) { }

    /// @notice Adds to the deposit that pays for gas. Anyone.
    function deposit() external payable {
        _deposit(msg.value);
    }

    /// @notice Takes from the deposit. Only the owner.
    function withdraw(address payable to, uint256 amountWei) external onlyOwner {
        _withdraw(to, amountWei);
    }

    /// @notice Names another sponsor. Only the owner.
    function setSponsor(address sponsor) external onlyOwner {
        _setSigner(sponsor);
    }

    function entryPoint() public pure override returns (IEntryPoint) {
        return ERC4337Utils.ENTRYPOINT_V08;
    }
}
