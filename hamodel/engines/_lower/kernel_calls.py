"""What lowered procedures call in the kernel: hastening a timer and the queues."""

from __future__ import annotations

from hamodel.engines._lower.kernel_words import HASTENED, STARTED, Bytes, Words


def hasten(s: Bytes, flag: int, w: Words, mark: int, hi: int) -> int:
    """Let a timer end within `hi`; 0 where that leaves it no time to end at all."""
    if s[flag] == 0 or w[mark] == STARTED:
        if s[flag] == 0:
            w[mark + 1] = 0
            w[mark + 2] = hi
        s[flag] = 1
        w[mark] = STARTED
        if hi < w[mark + 2]:
            w[mark + 2] = hi
        return w[mark + 1] <= w[mark + 2]
    if w[mark] == 0 or hi < w[mark + 2]:
        w[mark + 2] = hi
    w[mark] = HASTENED
    return hi >= 0


def push(s: Bytes, queue: int, capacity: int, value: int) -> int:
    """A message to the end; 0 where the queue is full."""
    n = s[queue]
    if n >= capacity:
        return 0
    s[queue + 1 + n] = value
    s[queue] = n + 1
    return 1


def take(s: Bytes, queue: int) -> int:
    """The head of the queue, 0 where it is empty; the freed place becomes zero."""
    n = s[queue]
    if n == 0:
        return 0
    head = s[queue + 1]
    for i in range(1, n):
        s[queue + i] = s[queue + i + 1]
    s[queue + n] = 0
    s[queue] = n - 1
    return head


def clear(s: Bytes, queue: int) -> int:
    for i in range(s[queue] + 1):
        s[queue + i] = 0
    return 0
