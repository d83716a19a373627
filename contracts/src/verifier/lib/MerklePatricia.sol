// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Rlp, Slice} from "./Rlp.sol";

/// @title Ethereum's secure Merkle-Patricia trie: reads and edits over proofs
/// @notice Keys are 32-byte hashes, so that no branch holds a value. Nodes shorter than 32 bytes stand inside their parent.
/// A proof is the list of nodes from the root, as eth_getProof gives it; a deletion that leaves a branch with one other child
/// appends that child's node, unless it is inline. Empty values do not exist: putting one deletes.
library MerklePatricia {
    using Rlp for Slice;

    error MerklePatricia_WrongHash();
    error MerklePatricia_ProofTooShort();
    error MerklePatricia_ProofTooLong();
    error MerklePatricia_MalformedNode();
    error MerklePatricia_MissingSibling();

    /// keccak256(0x80)
    bytes32 internal constant EMPTY_ROOT = 0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421;

    uint256 private constant NODES_MAX = 65;

    // How a walk towards a key can end.
    uint256 private constant END_FOUND = 0;
    uint256 private constant END_NO_CHILD = 1;
    uint256 private constant END_OTHER_LEAF = 2;
    uint256 private constant END_EXTENSION = 3;
    uint256 private constant END_EMPTY_TRIE = 4;

    /// The verified way from a root towards a key.
    struct Walk {
        bytes32 root;
        bytes32 key;
        Slice[] nodes;
        uint256[] depths;
        uint256 count;
        uint256 end;
        Slice value;
        bytes sibling;
        bool hasSibling;
    }

    /// Left-aligned nibbles.
    struct Path {
        uint256 bits;
        uint256 count;
        bool isLeaf;
    }

    /// @notice The value at `key`, empty if there is none.
    function get(bytes32 root, bytes32 key, bytes[] memory proof) internal pure returns (bytes memory) {
        Walk memory w = walk(root, key, proof);
        if (w.hasSibling) revert MerklePatricia_ProofTooLong();
        return valueOf(w);
    }

    /// @notice Verifies the nodes towards `key`.
    function walk(bytes32 root, bytes32 key, bytes[] memory proof) internal pure returns (Walk memory w) {
        w.root = root;
        w.key = key;
        w.nodes = new Slice[](NODES_MAX);
        w.depths = new uint256[](NODES_MAX);
        if (root == EMPTY_ROOT) {
            w.end = END_EMPTY_TRIE;
            if (proof.length != 0) revert MerklePatricia_ProofTooLong();
            return w;
        }
        uint256 used = descend(w, proof);
        if (used < proof.length) {
            if (used + 1 != proof.length) revert MerklePatricia_ProofTooLong();
            w.sibling = proof[used];
            w.hasSibling = true;
        }
    }

    /// @notice The value that a walk found, empty if none.
    function valueOf(Walk memory w) internal pure returns (bytes memory) {
        return w.end == END_FOUND ? w.value.stringPayload().toBytes() : new bytes(0);
    }

    /// @notice The root after `value` is put at the walk's key; an empty value deletes.
    function put(Walk memory w, bytes memory value) internal pure returns (bytes32) {
        if (value.length == 0) return remove(w);
        if (w.hasSibling) revert MerklePatricia_ProofTooLong();
        uint256 key = uint256(w.key);
        if (w.end == END_EMPTY_TRIE) return keccak256(leaf(key, 0, value));
        uint256 last = w.count - 1;
        uint256 depth = w.depths[last];
        if (w.end == END_FOUND) return climb(w, last, leaf(key, depth, value));
        if (w.end == END_NO_CHILD) {
            bytes memory child = leaf(key, depth + 1, value);
            return climb(w, last, withChild(w.nodes[last], key, depth, referenceTo(child)));
        }
        return climb(w, last, split(w.nodes[last], key, depth, value));
    }

    function descend(Walk memory w, bytes[] memory proof) private pure returns (uint256 used) {
        uint256 key = uint256(w.key);
        uint256 depth = 0;
        Slice node = hashedNode(proof, used++, w.root);
        while (true) {
            if (w.count == NODES_MAX) revert MerklePatricia_MalformedNode();
            w.nodes[w.count] = node;
            w.depths[w.count++] = depth;
            Slice child;
            if (isBranch(node)) {
                if (depth >= 64) revert MerklePatricia_MalformedNode();
                child = childOf(node, nibble(key, depth));
                depth++;
                if (isEmpty(child)) {
                    w.end = END_NO_CHILD;
                    return used;
                }
            } else {
                Path memory path;
                (path, child) = pathNode(node);
                bool matches = path.count <= 64 - depth && commonPrefix(path.bits, key << (4 * depth)) >= path.count;
                if (path.isLeaf) {
                    if (depth + path.count != 64) revert MerklePatricia_MalformedNode();
                    w.end = matches ? END_FOUND : END_OTHER_LEAF;
                    w.value = child;
                    return used;
                }
                if (path.count == 0 || depth + path.count >= 64) revert MerklePatricia_MalformedNode();
                if (!matches) {
                    w.end = END_EXTENSION;
                    return used;
                }
                depth += path.count;
            }
            node = child.isList() ? child : hashedNode(proof, used++, child.toBytes32());
        }
    }

    function hashedNode(bytes[] memory proof, uint256 index, bytes32 expected) private pure returns (Slice) {
        if (index >= proof.length) revert MerklePatricia_ProofTooShort();
        if (keccak256(proof[index]) != expected) revert MerklePatricia_WrongHash();
        return Rlp.sliceOf(proof[index]);
    }

    /// Splits the leaf or extension on which a walk ended, so that the new leaf stands beside it.
    function split(Slice node, uint256 key, uint256 depth, bytes memory value) private pure returns (bytes memory) {
        (Path memory path, Slice child) = pathNode(node);
        uint256 common = commonPrefix(path.bits, key << (4 * depth));
        bytes memory added = referenceTo(leaf(key, depth + common + 1, value));
        bytes memory branch = branchOfTwo(
            path.bits << (4 * common) >> 252, shortened(path, common + 1, child), nibble(key, depth + common), added
        );
        if (common == 0) return branch;
        return encodePathNode(Path(firstNibbles(path.bits, common), common, false), referenceTo(branch));
    }

    /// Reference to a leaf or extension without the first `drop` nibbles of its path.
    function shortened(Path memory path, uint256 drop, Slice item) private pure returns (bytes memory) {
        // An extension whose path is used up leaves its child where it stood.
        if (!path.isLeaf && path.count == drop) return item.toBytes();
        return referenceTo(encodePathNode(Path(path.bits << (4 * drop), path.count - drop, path.isLeaf), item.toBytes()));
    }

    function branchOfTwo(uint256 i, bytes memory a, uint256 j, bytes memory b) private pure returns (bytes memory) {
        if (i > j) return branchOfTwo(j, b, i, a);
        return Rlp.encodeList(bytes.concat(empties(i), a, empties(j - i - 1), b, empties(16 - j)));
    }

    /// RLP of `count` empty strings.
    function empties(uint256 count) private pure returns (bytes memory result) {
        result = new bytes(count);
        for (uint256 i = 0; i < count; i++) result[i] = 0x80;
    }

    function remove(Walk memory w) private pure returns (bytes32) {
        if (w.end != END_FOUND) {
            if (w.hasSibling) revert MerklePatricia_ProofTooLong();
            return w.root;
        }
        if (w.count == 1) {
            if (w.hasSibling) revert MerklePatricia_ProofTooLong();
            return EMPTY_ROOT;
        }
        uint256 level = w.count - 2;
        Slice branch = w.nodes[level];
        if (!isBranch(branch)) revert MerklePatricia_MalformedNode();
        uint256 depth = w.depths[level];
        uint256 key = uint256(w.key);
        (uint256 others, uint256 index, Slice other) = otherChildren(branch, nibble(key, depth));
        if (others != 1) {
            if (w.hasSibling) revert MerklePatricia_ProofTooLong();
            return climb(w, level, withChild(branch, key, depth, hex"80"));
        }
        Slice sibling = siblingNode(w, other);
        Path memory path = Path(index << 252, 1, false);
        bytes memory content;
        if (isBranch(sibling)) {
            content = referenceTo(sibling.toBytes());
        } else {
            (Path memory below, Slice child) = pathNode(sibling);
            path = join(path, below);
            content = child.toBytes();
        }
        if (level > 0 && !isBranch(w.nodes[level - 1])) {
            level--;
            (Path memory above,) = pathNode(w.nodes[level]);
            path = join(above, path);
        }
        return climb(w, level, encodePathNode(path, content));
    }

    function siblingNode(Walk memory w, Slice other) private pure returns (Slice) {
        if (other.isList()) {
            if (w.hasSibling) revert MerklePatricia_ProofTooLong();
            return other;
        }
        if (!w.hasSibling) revert MerklePatricia_MissingSibling();
        if (keccak256(w.sibling) != other.toBytes32()) revert MerklePatricia_WrongHash();
        return Rlp.sliceOf(w.sibling);
    }

    function otherChildren(Slice branch, uint256 own) private pure returns (uint256 count, uint256 index, Slice other) {
        Slice rest = branch.listPayload();
        for (uint256 i = 0; i < 16; i++) {
            Slice item;
            (item, rest) = rest.next();
            if (i == own || isEmpty(item)) continue;
            count++;
            index = i;
            other = item;
        }
    }

    function join(Path memory a, Path memory b) private pure returns (Path memory) {
        return Path(a.bits | (b.bits >> (4 * a.count)), a.count + b.count, b.isLeaf);
    }

    /// The root when the walk's node `level` becomes `node`.
    function climb(Walk memory w, uint256 level, bytes memory node) private pure returns (bytes32) {
        while (level > 0) {
            level--;
            node = withChild(w.nodes[level], uint256(w.key), w.depths[level], referenceTo(node));
        }
        return keccak256(node);
    }

    /// RLP of a branch or extension after its child towards `key` is replaced by `ref`.
    function withChild(Slice node, uint256 key, uint256 depth, bytes memory ref)
        private
        pure
        returns (bytes memory)
    {
        Slice payload = node.listPayload();
        Slice child = isBranch(node) ? childOf(node, nibble(key, depth)) : secondOf(payload);
        uint256 before = child.ptr() - payload.ptr();
        uint256 afterwards = payload.len() - before - child.len();
        Slice head = Rlp.slice(payload.ptr(), before);
        Slice tail = Rlp.slice(child.ptr() + child.len(), afterwards);
        return Rlp.encodeList(bytes.concat(head.toBytes(), ref, tail.toBytes()));
    }

    function referenceTo(bytes memory node) private pure returns (bytes memory) {
        return node.length < 32 ? node : Rlp.encode(keccak256(node));
    }

    function leaf(uint256 key, uint256 depth, bytes memory value) private pure returns (bytes memory) {
        return encodePathNode(Path(depth == 64 ? 0 : key << (4 * depth), 64 - depth, true), Rlp.encode(value));
    }

    function encodePathNode(Path memory path, bytes memory item) private pure returns (bytes memory) {
        return Rlp.encodeList(bytes.concat(Rlp.encode(hexPrefix(path)), item));
    }

    /// Yellow Paper, appendix C.
    function hexPrefix(Path memory path) private pure returns (bytes memory result) {
        uint256 flags = path.isLeaf ? 0x20 : 0;
        uint256 bits = path.bits;
        if (path.count & 1 == 1) {
            flags |= 0x10 | (bits >> 252);
            bits <<= 4;
        }
        uint256 size = path.count / 2;
        result = abi.encodePacked(uint8(flags), bits);
        assembly {
            mstore(result, add(size, 1))
        }
    }

    function isBranch(Slice node) private pure returns (bool) {
        (, Slice rest) = node.listPayload().next();
        (, rest) = rest.next();
        return rest.len() > 0;
    }

    function childOf(Slice branch, uint256 index) private pure returns (Slice item) {
        Slice rest = branch.listPayload();
        for (uint256 i = 0; i <= index; i++) (item, rest) = rest.next();
    }

    function secondOf(Slice payload) private pure returns (Slice item) {
        (, Slice rest) = payload.next();
        (item,) = rest.next();
    }

    function pathNode(Slice node) private pure returns (Path memory path, Slice item) {
        (Slice encoded, Slice rest) = node.listPayload().next();
        (item, rest) = rest.next();
        if (rest.len() != 0) revert MerklePatricia_MalformedNode();
        Slice raw = encoded.stringPayload();
        uint256 size = raw.len();
        if (size == 0 || size > 33) revert MerklePatricia_MalformedNode();
        uint256 flags = raw.first();
        if (flags >= 0x40) revert MerklePatricia_MalformedNode();
        uint256 bits;
        uint256 pointer = raw.ptr();
        assembly {
            bits := mload(add(pointer, 1))
        }
        bits = firstNibbles(bits, 2 * (size - 1));
        path.isLeaf = flags & 0x20 != 0;
        path.count = 2 * (size - 1);
        if (flags & 0x10 != 0) {
            if (size == 33) revert MerklePatricia_MalformedNode();
            path.count++;
            bits = (flags << 252) | (bits >> 4);
        } else if (flags & 0x0f != 0) {
            revert MerklePatricia_MalformedNode();
        }
        path.bits = bits;
    }

    function isEmpty(Slice item) private pure returns (bool) {
        return item.len() == 1 && item.first() == 0x80;
    }

    function nibble(uint256 key, uint256 index) private pure returns (uint256) {
        return key << (4 * index) >> 252;
    }

    function firstNibbles(uint256 bits, uint256 count) private pure returns (uint256) {
        return count >= 64 ? bits : bits & ~(type(uint256).max >> (4 * count));
    }

    /// Equal leading nibbles of two left-aligned paths; 64 if all are equal.
    function commonPrefix(uint256 a, uint256 b) private pure returns (uint256 count) {
        uint256 difference = a ^ b;
        if (difference == 0) return 64;
        assembly {
            count := shr(2, clz(difference))
        }
    }
}
