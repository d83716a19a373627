// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import { ERC721 } from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import { IERC5192 } from "../interfaces/IERC5192.sol";

/// @title An ERC-721 that is minted and stays (ERC-5192)
abstract contract LockedERC721 is ERC721, IERC5192 {
    error LockedERC721_Locked(uint256 tokenId);

    /// @inheritdoc IERC5192
    function locked(uint256 tokenId) external view returns (bool) {
        _requireOwned(tokenId);
        return true;
    }

    function supportsInterface(bytes4 interfaceId) public view virtual override returns (bool) {
        return interfaceId == type(IERC5192).interfaceId || super.supportsInterface(interfaceId);
    }

    function _update(address to, uint256 tokenId, address auth) internal virtual override returns (address from) {
        from = super._update(to, tokenId, auth);
        if (from != address(0)) revert LockedERC721_Locked(tokenId);
        emit Locked(tokenId);
    }
}
