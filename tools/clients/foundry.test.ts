/** Foundry's command line from npm, unmodified, against a served devnet. */
import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { parseEther } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bytecode, serveDevnet } from './devnet.testing.ts'

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url))
const { url, addressOf, keyOf } = serveDevnet()

interface Ran {
  readonly stdout: string
  readonly stderr: string
}

/** npm's wrapper keeps the exit code of a binary to itself; a failure shows in what is printed. */
async function run(name: string, args: readonly string[], cwd = REPOSITORY): Promise<Ran> {
  const env = { ...process.env, NO_COLOR: '1' }
  return promisify(execFile)(join(REPOSITORY, 'node_modules/.bin', name), [...args], { cwd, env })
}

const cast = async (...args: readonly string[]) => (await run('cast', args)).stdout.trim()

interface CastReceipt {
  readonly status: string
  readonly contractAddress: string
  readonly logs: readonly unknown[]
}

describe('cast', () => {
  const send = async (...args: readonly string[]): Promise<CastReceipt> =>
    JSON.parse(
      await cast('send', '--rpc-url', url('l2'), '--private-key', keyOf(0), '--json', ...args),
    )
  const call = (address: string, ...args: readonly string[]) =>
    run('cast', ['call', '--rpc-url', url('l2'), '--from', addressOf(0), address, ...args])
  let probe: string
  beforeAll(async () => {
    const created = await send('--create', `${bytecode}${'7'.padStart(64, '0')}`)
    expect(created.status).toBe('0x1')
    probe = created.contractAddress
  })

  test('sends, calls, reads logs', async () => {
    expect((await send(probe, 'set(uint256)', '12')).logs).toHaveLength(1)
    expect((await call(probe, 'value()(uint256)')).stdout.trim()).toBe('12')
    const range = ['--from-block', '0', '--address', probe]
    const logs = JSON.parse(await cast('logs', '--rpc-url', url('l2'), '--json', ...range))
    expect(logs).toHaveLength(1)
    expect(BigInt(await cast('balance', '--rpc-url', url('l2'), addressOf(0)))).toBeLessThan(
      parseEther('10000'),
    )
  })

  test('meets a revert, and shows why: words, a custom error', async () => {
    expect((await call(probe, 'refuseInWords()')).stderr).toContain('not today')
    const { stderr } = await call(probe, 'refuse(uint256)', '3')
    const [data] = /0x[0-9a-f]{136}/.exec(stderr) ?? []
    const decoded = await cast('decode-error', '--sig', 'Refused(uint256,address)', String(data))
    expect(decoded.split(/\s+/)).toEqual(['3', addressOf(0)])
    const mined = await send('--gas-limit', '100000', probe, 'refuse(uint256)', '3')
    expect(mined).toMatchObject({ status: '0x0', logs: [] })
  })
})

describe('forge script', () => {
  let project: string
  beforeAll(() => {
    project = mkdtempSync(join(tmpdir(), 'trex-forge-'))
    mkdirSync(join(project, 'src'))
    const source = 'contracts/test/sol/ClientProbe.sol'
    cpSync(join(REPOSITORY, source), join(project, 'src/ClientProbe.sol'))
    writeFileSync(join(project, 'foundry.toml'), CONFIGURATION)
    writeFileSync(join(project, 'src/Scripts.sol'), SCRIPTS)
  })
  afterAll(() => rmSync(project, { recursive: true, force: true }))

  const script = async (contract: string, ...flags: readonly string[]): Promise<string> => {
    const solc = join(REPOSITORY, 'tools/clients/solc.mjs')
    const door = ['--rpc-url', url('l2'), '--private-key', keyOf(1), '--broadcast', '--slow']
    const args = [
      'script',
      `src/Scripts.sol:${contract}`,
      '--use',
      solc,
      ...door,
      '--non-interactive',
    ]
    const { stdout, stderr } = await run('forge', [...args, ...flags], project)
    return stdout + stderr
  }

  test('compiles with npm’s solc, deploys, sends and reads its log', async () => {
    expect(await script('Deploy')).toContain('ONCHAIN EXECUTION COMPLETE & SUCCESSFUL')
    expect(await script('ReadLog')).toContain('value 43')
  })

  test('decodes a custom error before it sends anything', async () => {
    const printed = await script('Refuse')
    expect(printed).toContain(`Refused(3, ${addressOf(1)})`)
    expect(printed).not.toContain('ONCHAIN')
  })

  test('tells that a transaction that it sent reverted', async () => {
    const printed = await script('SendInVain', '--skip-simulation')
    expect(printed).toMatch(/Transaction Failure: 0x[0-9a-f]{64}/)
  })
})

const CONFIGURATION = `[profile.default]
src = "src"
offline = true
evm_version = "osaka"
`

const SCRIPTS = `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;
import { ClientProbe } from "./ClientProbe.sol";
struct EthGetLogs {
    address emitter;
    bytes32[] topics;
    bytes data;
    bytes32 blockHash;
    uint64 blockNumber;
    bytes32 transactionHash;
    uint64 transactionIndex;
    uint256 logIndex;
    bool removed;
}
interface Vm {
    function startBroadcast() external;
    function stopBroadcast() external;
    function eth_getLogs(uint256 fromBlock, uint256 toBlock, address target, bytes32[] memory topics)
        external
        returns (EthGetLogs[] memory);
    function toString(uint256 value) external pure returns (string memory);
    function getNonce(address account) external view returns (uint64);
    function computeCreateAddress(address deployer, uint256 nonce) external pure returns (address);
}
abstract contract Script {
    Vm constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    event log(string);
    function deployed() internal view returns (ClientProbe) {
        return ClientProbe(vm.computeCreateAddress(msg.sender, 0));
    }
}
contract Deploy is Script {
    function run() external {
        vm.startBroadcast();
        ClientProbe probe = new ClientProbe(42);
        probe.set(probe.value() + 1);
        vm.stopBroadcast();
    }
}
contract ReadLog is Script {
    function run() external {
        bytes32[] memory topics = new bytes32[](1);
        topics[0] = ClientProbe.ValueSet.selector;
        EthGetLogs[] memory logs = vm.eth_getLogs(0, block.number, address(deployed()), topics);
        require(logs.length == 1, "no log");
        emit log(string.concat("value ", vm.toString(abi.decode(logs[0].data, (uint256)))));
    }
}
contract Refuse is Script {
    function run() external {
        vm.startBroadcast();
        deployed().refuse(3);
        vm.stopBroadcast();
    }
}
contract SendInVain is Script {
    function run() external {
        vm.startBroadcast();
        (bool done,) = address(deployed()).call{ gas: 100_000 }(abi.encodeCall(ClientProbe.refuse, (3)));
        require(!done);
        vm.stopBroadcast();
    }
}
`
