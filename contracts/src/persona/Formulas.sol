// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import { Math } from "@openzeppelin/contracts/utils/math/Math.sol";
import { IRewardFormula } from "./interfaces/IRewardFormula.sol";

uint256 constant ONE = 1e9;

/// @title engagement × match × trust
contract TrustedShare is IRewardFormula {
    /// @inheritdoc IRewardFormula
    function shareOf(uint256 engagement, uint256 pms, uint256 trust) external pure returns (uint256) {
        return engagement * pms * trust;
    }

    /// @inheritdoc IRewardFormula
    function name() external pure returns (string memory) {
        return unicode"engagement × match × trust";
    }
}

/// @title engagement × match, whoever vouches: what Sybils feed on
contract PlainShare is IRewardFormula {
    /// @inheritdoc IRewardFormula
    function shareOf(uint256 engagement, uint256 pms, uint256) external pure returns (uint256) {
        return engagement * pms * ONE;
    }

    /// @inheritdoc IRewardFormula
    function name() external pure returns (string memory) {
        return unicode"engagement × match";
    }
}

/// @title √engagement × match × trust: less for the busiest
contract SquareRootShare is IRewardFormula {
    /// @inheritdoc IRewardFormula
    function shareOf(uint256 engagement, uint256 pms, uint256 trust) external pure returns (uint256) {
        return Math.sqrt(engagement * ONE) * pms * trust;
    }

    /// @inheritdoc IRewardFormula
    function name() external pure returns (string memory) {
        return unicode"√engagement × match × trust";
    }
}
