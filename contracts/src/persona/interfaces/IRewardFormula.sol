// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title How engagement, match and trust make a share
/// @notice The one interface behind which reward formulas are swapped (docs/specs/PERSONA.md, section 5). Pure, and monotone in each argument.
interface IRewardFormula {
    /// @param engagement Σ weight · min(count, cap) over the kinds of action; below 2^64.
    /// @param pms Persona matching score, 10^9 = 1.
    /// @param trust EigenTrust, 10^9 · points is what a lone passport starts from; below 2^80.
    /// @return share Passports are paid in proportion to it; below 2^192.
    function shareOf(uint256 engagement, uint256 pms, uint256 trust) external pure returns (uint256 share);

    /// @notice Name for people, e.g. "engagement × match × trust".
    function name() external pure returns (string memory);
}
