"""The store of the kernel: hashes, the table of classes, and the chains of zones of one state."""

from __future__ import annotations

from hamodel.engines._lower.kernel_words import WORDS, Ints, Words, at, shift


def mixed(x: int) -> int:
    x = (x ^ shift(x, 29)) * 7046029254386353131
    return x ^ shift(x, 32)


def hash_row(words: Words) -> int:
    """A sum over the words, so that a step that changes few words changes the hash by few terms."""
    h = 0
    for i in range(WORDS):
        h += mixed(words[i] * 1099511628211 + (i + 1) * 6364136223846793005)
    return h


def hash_step(words: Words, words2: Words, h: int) -> int:
    """The hash of `words2`, from that of `words`, which differs little."""
    for i in range(WORDS):
        x = words[i]
        y = words2[i]
        if x != y:
            h += mixed(y * 1099511628211 + (i + 1) * 6364136223846793005)
            h -= mixed(x * 1099511628211 + (i + 1) * 6364136223846793005)
    return h


def hash_zone(z: Ints, k: int, h: int) -> int:
    """Row and column of 'now' mixed well, the rest as a weighted sum."""
    n = k + 1
    total = 0
    weight = 1442695040888963407
    for i in range(1, n * n):
        total += z[i] * weight
        weight += 3935559000370003845
    return mixed(h ^ mixed(total))


def same_row(words: Words, other: Words) -> int:
    for i in range(WORDS):
        if words[i] != other[i]:
            return 0
    return 1


def same_zone(z: Ints, other: Ints, cells: int) -> int:
    for i in range(cells):
        if z[i] != other[i]:
            return 0
    return 1


def inside(z: Ints, other: Ints, cells: int) -> int:
    """Every bound of z is at most the other's: all its times are among the other's."""
    for i in range(cells):
        if z[i] > other[i]:
            return 0
    return 1


def sums(z: Ints, k: int, link: Words) -> int:
    """Three sums that can only be larger in a zone that contains this one: upper bounds, lower bounds, everything."""
    n = k + 1
    up = 0
    down = 0
    total = 0
    for i in range(n):
        up += z[i * n]
        down += z[i]
    for i in range(n * n):
        total += z[i]
    link[0] = 0 - 1
    link[1] = up
    link[2] = down
    link[3] = total
    return 0


def included(z: Ints, cells: int, first: int, new: int, D: Ints, offset: Words, links: Words) -> int:
    """The class of the chain from `first` that contains the candidate `new`, or -1."""
    c = first
    while c >= 0:
        if (
            links[4 * c + 1] >= links[4 * new + 1]
            and links[4 * c + 2] >= links[4 * new + 2]
            and links[4 * c + 3] >= links[4 * new + 3]
            and inside(z, at(D, offset[c]), cells) != 0
        ):
            return c
        c = links[4 * c]
    return 0 - 1


def find(
    mode: int,
    new: int,
    cells: int,
    h: int,
    S8: Words,
    D: Ints,
    offset: Words,
    table: Ints,
    mask: int,
    hashes: Words,
    links: Words,
) -> int:
    """The stored class that already covers the candidate in place `new`, or -1 after storing it."""
    q = h & mask
    while table[q] >= 0:
        c = table[q]
        if hashes[c] == h and same_row(at(S8, c * WORDS), at(S8, new * WORDS)) != 0:
            if mode == 0:
                if offset[c + 1] - offset[c] == cells and same_zone(at(D, offset[new]), at(D, offset[c]), cells) != 0:
                    return c
            else:
                within = included(at(D, offset[new]), cells, c, new, D, offset, links)
                if within < 0:
                    links[4 * new] = links[4 * c]
                    links[4 * c] = new
                    hashes[new] = h
                return within
        q = (q + 1) & mask
    table[q] = new
    hashes[new] = h
    return 0 - 1


def rehash(table: Ints, size: int, target: Ints, mask: int, hashes: Words) -> int:
    """Move every entry to a larger table."""
    for i in range(size):
        c = table[i]
        if c >= 0:
            q = hashes[c] & mask
            while target[q] >= 0:
                q = (q + 1) & mask
            target[q] = c
    return 0


def digest(mode: int, words: Words, z: Ints, k: int, link: Words) -> int:
    """The hash of a class that did not come from a step, and its sums."""
    h = hash_row(words)
    if mode == 0:
        return hash_zone(z, k, h)
    sums(z, k, link)
    return mixed(h)
