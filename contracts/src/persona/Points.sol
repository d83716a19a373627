// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import { IBadges } from "./interfaces/IBadges.sol";
import { IPassport } from "./interfaces/IPassport.sol";
import { IPoints } from "./interfaces/IPoints.sol";
import { PersonaPredeploys } from "./lib/PersonaPredeploys.sol";

/// @title Ecosystem points
/// @notice Rationale: points are derived, not booked. A booked balance would be wrong from the second a badge expires or its validator is revoked
/// until somebody corrects it.
contract Points is IPoints {
    IBadges private constant BADGES = IBadges(PersonaPredeploys.BADGES);
    IPassport private constant PASSPORT = IPassport(PersonaPredeploys.PASSPORT);

    /// @inheritdoc IPoints
    function balanceOf(uint256 passport) external view returns (uint256) {
        return BADGES.pointsAt(passport, block.timestamp);
    }

    /// @inheritdoc IPoints
    function balanceAt(uint256 passport, uint256 time) external view returns (uint256) {
        return BADGES.pointsAt(passport, time);
    }

    /// @inheritdoc IPoints
    function balanceOfWallet(address wallet) external view returns (uint256) {
        uint256 passport = PASSPORT.resolve(wallet);
        return passport == 0 ? 0 : BADGES.pointsAt(passport, block.timestamp);
    }

    /// @inheritdoc IPoints
    function name() external pure returns (string memory) {
        return "Ecosystem Points";
    }

    /// @inheritdoc IPoints
    function symbol() external pure returns (string memory) {
        return "POINTS";
    }
}
