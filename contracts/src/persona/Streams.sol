// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { IERC721 } from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import { SafeERC20 } from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import { Math } from "@openzeppelin/contracts/utils/math/Math.sol";
import { ReentrancyGuardTransient } from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import { IPoints } from "./interfaces/IPoints.sol";
import { IStreams } from "./interfaces/IStreams.sol";
import { PersonaPredeploys } from "./lib/PersonaPredeploys.sol";

/// @title Streaming rewards by points
/// @notice Tokens that take a fee on transfer leave a stream short: its last claims fail. Each token's streams share what it holds.
contract Streams is IStreams, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    struct Position {
        uint128 shares;
        uint128 accrued;
        /// The stream's accumulator when the position was last settled.
        uint256 entry;
    }

    uint256 private constant SCALE = 1 << 64;
    IPoints private constant POINTS = IPoints(PersonaPredeploys.POINTS);

    uint256 private _count;
    mapping(uint256 stream => Stream) private _streams;
    mapping(uint256 stream => mapping(uint256 passport => Position)) private _positions;

    /// @inheritdoc IStreams
    function create(address token, uint64 start, uint64 end, uint128 ratePerSecond) external nonReentrant returns (uint256 stream) {
        if (start < block.timestamp || end <= start) revert Streams_InvalidTime(start, end);
        if (ratePerSecond == 0) revert Streams_RateZero();
        stream = ++_count;
        _streams[stream] = Stream({
            owner: msg.sender,
            token: token,
            start: start,
            end: end,
            updatedAt: start,
            ratePerSecond: ratePerSecond,
            shares: 0,
            accumulator: 0
        });
        emit StreamCreated(stream, msg.sender, token, start, end, ratePerSecond);
        IERC20(token).safeTransferFrom(msg.sender, address(this), uint256(ratePerSecond) * (end - start));
    }

    /// @inheritdoc IStreams
    function sync(uint256 stream, uint256 passport) public {
        Stream storage found = _known(stream);
        Position storage position = _positions[stream][passport];
        found.accumulator = _accumulatorNow(found);
        found.updatedAt = uint64(Math.max(found.updatedAt, Math.min(block.timestamp, found.end)));
        position.accrued = uint128(_accrued(position, found.accumulator));
        position.entry = found.accumulator;
        uint128 shares = uint128(POINTS.balanceOf(passport));
        if (shares == position.shares) return;
        found.shares = found.shares - position.shares + shares;
        position.shares = shares;
        emit SharesSynced(stream, passport, shares);
    }

    /// @inheritdoc IStreams
    function claim(uint256 stream, uint256 passport) external nonReentrant returns (uint256 amount) {
        sync(stream, passport);
        Position storage position = _positions[stream][passport];
        amount = position.accrued;
        if (amount == 0) revert Streams_NothingToClaim(stream, passport);
        position.accrued = 0;
        address to = IERC721(PersonaPredeploys.PASSPORT).ownerOf(passport);
        emit StreamClaimed(stream, passport, to, amount);
        IERC20(_streams[stream].token).safeTransfer(to, amount);
    }

    /// @inheritdoc IStreams
    function streamOf(uint256 stream) external view returns (Stream memory) {
        return _known(stream);
    }

    /// @inheritdoc IStreams
    function accruedOf(uint256 stream, uint256 passport) external view returns (uint256) {
        return _accrued(_positions[stream][passport], _accumulatorNow(_known(stream)));
    }

    /// @inheritdoc IStreams
    function sharesOf(uint256 stream, uint256 passport) external view returns (uint256) {
        return _positions[stream][passport].shares;
    }

    /// While nobody has shares nothing accrues; that part stays in the contract.
    function _accumulatorNow(Stream storage found) private view returns (uint256) {
        uint256 now_ = Math.min(block.timestamp, found.end);
        if (found.shares == 0 || now_ <= found.updatedAt) return found.accumulator;
        uint256 streamed = (now_ - found.updatedAt) * found.ratePerSecond;
        return found.accumulator + Math.mulDiv(streamed, SCALE, found.shares);
    }

    function _accrued(Position storage position, uint256 accumulator) private view returns (uint256) {
        return position.accrued + Math.mulDiv(position.shares, accumulator - position.entry, SCALE);
    }

    function _known(uint256 stream) private view returns (Stream storage) {
        if (stream == 0 || stream > _count) revert Streams_Unknown(stream);
        return _streams[stream];
    }
}
