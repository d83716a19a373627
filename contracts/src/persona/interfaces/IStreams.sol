// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title Streaming rewards by points (0x4200…0037)
/// @notice A stream pays so much a second, split among passports in proportion to their points when they last synced: an accumulator per share
/// makes each step O(1).
interface IStreams {
    /// @param accumulator Reward per share so far, times 2^64.
    struct Stream {
        address owner;
        address token;
        uint64 start;
        uint64 end;
        uint64 updatedAt;
        uint128 ratePerSecond;
        uint128 shares;
        uint256 accumulator;
    }

    event StreamCreated(uint256 indexed stream, address indexed owner, address indexed token, uint64 start, uint64 end, uint128 ratePerSecond);
    event SharesSynced(uint256 indexed stream, uint256 indexed passport, uint256 shares);
    event StreamClaimed(uint256 indexed stream, uint256 indexed passport, address indexed to, uint256 amount);

    error Streams_Unknown(uint256 stream);
    error Streams_InvalidTime(uint64 start, uint64 end);
    error Streams_RateZero();
    error Streams_NothingToClaim(uint256 stream, uint256 passport);

    /// @notice Escrows ratePerSecond · (end − start) of `token`, which the caller approved. Streams are numbered from 1.
    /// @param start Not in the past.
    function create(address token, uint64 start, uint64 end, uint128 ratePerSecond) external returns (uint256 stream);

    /// @notice Sets a passport's shares to its points now. Anyone, for anyone: a rogue badge's shares are synced away.
    function sync(uint256 stream, uint256 passport) external;

    /// @notice Syncs, then pays what accrued to the passport's owner. Anyone may call.
    function claim(uint256 stream, uint256 passport) external returns (uint256 amount);

    function streamOf(uint256 stream) external view returns (Stream memory);

    /// @notice What `claim` would pay now.
    function accruedOf(uint256 stream, uint256 passport) external view returns (uint256);

    function sharesOf(uint256 stream, uint256 passport) external view returns (uint256);
}
