/** Sources to start from; each is whole in itself. */
export const EXAMPLES: Readonly<Record<string, string>> = {
  Counter: `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// Counts. Only its owner may set it back.
contract Counter {
    address public immutable owner = msg.sender;
    uint256 public count;

    event Counted(address indexed by, uint256 count);
    error NotOwner(address caller);

    constructor(uint256 start) {
        count = start;
    }

    function add(uint256 amount) external returns (uint256) {
        count += amount;
        emit Counted(msg.sender, count);
        return count;
    }

    function reset() external {
        if (msg.sender != owner) revert NotOwner(msg.sender);
        count = 0;
    }
}
`,
  Token: `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// A token as ERC-20 has it, as short as it can be.
contract Token {
    string public name;
    string public symbol;
    uint8 public constant decimals = 18;
    uint256 public totalSupply;
    mapping(address owner => uint256) public balanceOf;
    mapping(address owner => mapping(address spender => uint256)) public allowance;

    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);
    error Insufficient(uint256 has, uint256 needs);

    constructor(string memory name_, string memory symbol_, uint256 supply) {
        name = name_;
        symbol = symbol_;
        totalSupply = supply;
        balanceOf[msg.sender] = supply;
        emit Transfer(address(0), msg.sender, supply);
    }

    function transfer(address to, uint256 value) external returns (bool) {
        move(msg.sender, to, value);
        return true;
    }

    function approve(address spender, uint256 value) external returns (bool) {
        allowance[msg.sender][spender] = value;
        emit Approval(msg.sender, spender, value);
        return true;
    }

    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        uint256 allowed = allowance[from][msg.sender];
        if (allowed < value) revert Insufficient(allowed, value);
        allowance[from][msg.sender] = allowed - value;
        move(from, to, value);
        return true;
    }

    function move(address from, address to, uint256 value) private {
        uint256 has = balanceOf[from];
        if (has < value) revert Insufficient(has, value);
        balanceOf[from] = has - value;
        balanceOf[to] += value;
        emit Transfer(from, to, value);
    }
}
`,
  'Two contracts': `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// Keeps ether until its time has come.
contract Safe {
    address public immutable owner;
    uint256 public immutable opens;

    error TooEarly(uint256 now_, uint256 opens);

    constructor(address owner_, uint256 opens_) payable {
        owner = owner_;
        opens = opens_;
    }

    function open() external {
        if (block.timestamp < opens) revert TooEarly(block.timestamp, opens);
        (bool sent,) = owner.call{value: address(this).balance}("");
        require(sent, "the owner refused the ether");
    }
}

/// Makes safes, so that one transaction calls and creates: look at its call tree.
contract SafeFactory {
    Safe[] public safes;

    event Made(Safe safe, address indexed owner, uint256 value);

    function make(uint256 secondsFromNow) external payable returns (Safe safe) {
        safe = new Safe{value: msg.value}(msg.sender, block.timestamp + secondsFromNow);
        safes.push(safe);
        emit Made(safe, msg.sender, msg.value);
    }

    function openAll() external {
        for (uint256 i = 0; i < safes.length; i++) safes[i].open();
    }
}
`,
}
