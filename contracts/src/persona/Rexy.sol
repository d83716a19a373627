// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import { IERC721 } from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import { Base64 } from "@openzeppelin/contracts/utils/Base64.sol";
import { Strings } from "@openzeppelin/contracts/utils/Strings.sol";
import { Math } from "@openzeppelin/contracts/utils/math/Math.sol";
import { IBadges } from "./interfaces/IBadges.sol";
import { IRexy } from "./interfaces/IRexy.sol";
import { ERC721, LockedERC721 } from "./lib/LockedERC721.sol";
import { PersonaPredeploys } from "./lib/PersonaPredeploys.sol";

/// @title Rexy: an avatar that badges dress
contract Rexy is LockedERC721, IRexy {
    using Strings for uint256;

    uint256 private constant SPIKES_MAX = 8;
    uint256 private constant HUE_STEP = 137;
    IBadges private constant BADGES = IBadges(PersonaPredeploys.BADGES);

    constructor() ERC721("Rexy", "REXY") { }

    /// @inheritdoc IRexy
    function hatch(uint256 passport) external {
        if (IERC721(PersonaPredeploys.PASSPORT).ownerOf(passport) != msg.sender) revert Rexy_NotOwner(msg.sender, passport);
        _mint(msg.sender, passport);
        emit RexyHatched(passport, msg.sender);
    }

    /// @inheritdoc IRexy
    function traitsOf(uint256 passport) public view returns (Traits memory traits) {
        _requireOwned(passport);
        uint256 kinds = BADGES.kindCount();
        uint256 worn = 0;
        for (uint256 kind = 0; kind < kinds; ++kind) {
            if (BADGES.valueAt(passport, kind, block.timestamp) == 0) continue;
            traits.gear |= uint64(1 << kind);
            ++worn;
        }
        traits.hue = uint16((passport * HUE_STEP) % 360);
        traits.spikes = uint8(Math.min(worn, SPIKES_MAX));
        traits.level = uint8(Math.log2(1 + BADGES.pointsAt(passport, block.timestamp)));
    }

    /// @notice Name, traits and a small picture, all from this chain.
    function tokenURI(uint256 passport) public view override returns (string memory) {
        Traits memory traits = traitsOf(passport);
        bytes memory json = abi.encodePacked(
            '{"name":"Rexy #',
            passport.toString(),
            '","image":"data:image/svg+xml;base64,',
            Base64.encode(_picture(traits)),
            '","attributes":[{"trait_type":"Spikes","value":',
            uint256(traits.spikes).toString(),
            '},{"trait_type":"Level","value":',
            uint256(traits.level).toString(),
            "}]}"
        );
        return string.concat("data:application/json;base64,", Base64.encode(json));
    }

    /// A head, an eye, and one spike along the back per badge.
    function _picture(Traits memory traits) private pure returns (bytes memory) {
        bytes memory spikes;
        for (uint256 i = 0; i < traits.spikes; ++i) {
            uint256 x = 18 + 8 * i;
            spikes = abi.encodePacked(spikes, '<path d="M', x.toString(), ' 40l4-12 4 12z"/>');
        }
        return abi.encodePacked(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><g fill="hsl(',
            uint256(traits.hue).toString(),
            ' 55% 45%)"><rect x="14" y="38" width="72" height="44" rx="20"/>',
            spikes,
            '</g><circle cx="68" cy="54" r="5" fill="#fff"/><circle cx="69" cy="54" r="2"/></svg>'
        );
    }
}
