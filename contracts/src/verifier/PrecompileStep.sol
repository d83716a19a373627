// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Frame, Machine} from "./lib/Machine.sol";
import {StepBase} from "./lib/StepBase.sol";
import {Step, Steps} from "./lib/Steps.sol";

/// @title Verifies calls of precompiles by calling L1's own
/// @notice Prices are Osaka's. L1 executes the precompile with exactly that much gas, so that whatever L1 asks beyond it fails.
contract PrecompileStep is StepBase {
    error PrecompileStep_OutOfGas();
    error PrecompileStep_Unknown(uint256 account);

    /// A dearer call fails on L2, so that L1 can always repeat it within one transaction.
    uint256 private constant GAS_MAX = 8_000_000;
    /// What is left for this contract and its callers when L1's precompile has burnt all that it was given.
    uint256 private constant GAS_RESERVE = 100_000;
    /// EIP-7823
    uint256 private constant MODEXP_LENGTH_MAX = 1024;
    /// EIP-2537: price of k pairs in thousandths of k multiplications, two bytes each from k = 1; the last holds beyond.
    bytes private constant DISCOUNTS_G1 =
        hex"03e803b50350031d02fc02ee02e202d802cf02c802c102ba02b402af02aa02a502a1029d029902950292028e028b0288"
        hex"028502820280027d027b0278027602730271026f026d026b026902670265026302610260025e025c025b025902570256"
        hex"0254025302510250024f024d024c024a02490248024602450244024302410240023f023e023d023c023a023902380237"
        hex"0236023502340233023202310230022f022e022d022c022b022a02290228022702260225022402230223022202210220"
        hex"021f021e021d021c021c021b021a0219021802180217021602150214021402130212021102100210020f020e020d020d"
        hex"020c020b020a020a0209020802080207";
    bytes private constant DISCOUNTS_G2 =
        hex"03e803e8039b037403570340032c031c030e030202f702ed02e402dc02d402cd02c702c002bb02b502b002ab02a702a2"
        hex"029e029a02970293028f028c0289028602830280027d027a0278027502730270026e026c026a0267026502630261025f"
        hex"025e025c025a025802560255025302510250024e024d024b024a0248024702460244024302420240023f023e023d023b"
        hex"023a023902380237023602350233023202310230022f022e022d022c022b022a02290228022802270226022502240223"
        hex"0222022102210220021f021e021d021d021c021b021a0219021902180217021702160215021402140213021202120211"
        hex"02100210020f020e020e020d020c020c";
    uint256 private constant DISCOUNTS = 128;

    function run(Step memory s) internal view override {
        if (s.state.phase != Machine.PRECOMPILE) revert StepBase_ForeignStep(uint8(s.state.phase), 0);
        Frame memory frame = s.state.frame;
        bytes memory input = Steps.takeBlob(s, frame.inputHash);
        uint256 price = priceOf(frame.codeAddress, input);
        if (price > GAS_MAX || price > frame.gas) {
            s.state.phase = Machine.HALT;
            return;
        }
        // A call gets at most 63/64 of what is left: a lack of gas on L1 must not read as a failed precompile.
        if ((gasleft() - GAS_RESERVE) * 63 / 64 < price) revert PrecompileStep_OutOfGas();
        (bool success, bytes memory output) = address(uint160(frame.codeAddress)).staticcall{gas: price}(input);
        if (!success) {
            s.state.phase = Machine.HALT;
            return;
        }
        frame.gas -= price;
        frame.returnHash = keccak256(output);
        frame.returnLength = output.length;
        s.state.phase = Machine.RETURN;
    }

    function priceOf(uint256 account, bytes memory input) private pure returns (uint256) {
        uint256 size = input.length;
        uint256 words = (size + 31) / 32;
        if (account == 0x01) return 3_000;
        if (account == 0x02) return 60 + 12 * words;
        if (account == 0x03) return 600 + 120 * words;
        if (account == 0x04) return 15 + 3 * words;
        if (account == 0x05) return modexpPrice(input);
        if (account == 0x06) return 150;
        if (account == 0x07) return 6_000;
        if (account == 0x08) return 45_000 + 34_000 * (size / 192);
        if (account == 0x09) return size == 213 ? uint32(bytes4(input)) : 0;
        if (account == 0x0a) return 50_000;
        if (account == 0x0b) return 375;
        if (account == 0x0c) return msmPrice(size / 160, 12_000, DISCOUNTS_G1);
        if (account == 0x0d) return 600;
        if (account == 0x0e) return msmPrice(size / 288, 22_500, DISCOUNTS_G2);
        if (account == 0x0f) return 37_700 + 32_600 * (size / 384);
        if (account == 0x10) return 5_500;
        if (account == 0x11) return 23_800;
        if (account == 0x100) return 6_900;
        revert PrecompileStep_Unknown(account);
    }

    function msmPrice(uint256 pairs, uint256 price, bytes memory discounts) private pure returns (uint256) {
        if (pairs == 0) return 0;
        uint256 index = (pairs < DISCOUNTS ? pairs : DISCOUNTS) - 1;
        uint256 discount = uint256(uint8(discounts[2 * index])) << 8 | uint8(discounts[2 * index + 1]);
        return pairs * price * discount / 1_000;
    }

    /// EIP-7883. Lengths beyond EIP-7823's bound fail whatever the gas.
    function modexpPrice(bytes memory input) private pure returns (uint256) {
        uint256 baseLength = wordAt(input, 0);
        uint256 exponentLength = wordAt(input, 32);
        uint256 modulusLength = wordAt(input, 64);
        if (
            baseLength > MODEXP_LENGTH_MAX || exponentLength > MODEXP_LENGTH_MAX || modulusLength > MODEXP_LENGTH_MAX
        ) return type(uint256).max;
        uint256 longest = baseLength > modulusLength ? baseLength : modulusLength;
        uint256 words = (longest + 7) / 8;
        uint256 complexity = longest > 32 ? 2 * words * words : 16;
        uint256 head = wordAt(input, 96 + baseLength);
        uint256 iterations = 0;
        if (exponentLength < 32) head = exponentLength == 0 ? 0 : head >> (8 * (32 - exponentLength));
        else iterations = 16 * (exponentLength - 32);
        if (head != 0) {
            uint256 zeros;
            assembly {
                zeros := clz(head)
            }
            iterations += 255 - zeros;
        }
        uint256 price = complexity * (iterations > 1 ? iterations : 1);
        return price > 500 ? price : 500;
    }

    /// The word at an offset, with zeros behind the end.
    function wordAt(bytes memory data, uint256 offset) private pure returns (uint256 word) {
        if (offset >= data.length) return 0;
        uint256 left = data.length - offset;
        assembly {
            word := mload(add(add(data, 32), offset))
        }
        if (left < 32) word &= ~(type(uint256).max >> (8 * left));
    }
}
