"""What a word is worth: times, switches and numbers as the daemon's C reads them.

Heartbeat is lenient in places nobody expects (`500mshello` is half a second, `12abc` is the number 12) and strict in
others (`2s` is no time at all). These functions are those rules and nothing else; `None` means that the setter refuses
the word.
"""

from __future__ import annotations

import re

_DIGITS = re.compile(r"[0-9.]+")
_NUMBER = re.compile(r"[0-9]*(?:\.[0-9]*)?")
_ATOI = re.compile(r"[ \t\n\v\f\r]*([+-]?)0*([0-9]*)")
_LONG_MAX = 2**63 - 1

TRUE_WORDS = frozenset({"true", "on", "yes", "y", "1"})
FALSE_WORDS = frozenset({"false", "off", "no", "n", "0"})


def parse_time(text: str) -> int | None:
    """A time in whole milliseconds, or None where Heartbeat reads none.

    Digits and dots come first; then a word that begins with `ms` or `us`, in any case, or nothing, which means seconds.

    >>> parse_time("2"), parse_time(".5"), parse_time("500MSEC"), parse_time("500us")
    (2000, 500, 500, 1)
    >>> parse_time("2s"), parse_time("-1"), parse_time("ms")
    (None, None, None)
    """
    digits = _DIGITS.match(text)
    if digits is None:
        return None
    unit = text[digits.end() :].lstrip(" \t")[:2].lower()
    scale = {"ms": (1.0, 1.0), "us": (1.0, 1000.0), "": (1000.0, 1.0)}.get(unit)
    if scale is None:
        return None
    number = _NUMBER.match(digits.group())
    amount = number.group() if number else ""
    value = (float(amount) if amount.strip(".") else 0.0) * scale[0] / scale[1] + 0.5
    return int(value) if value < _LONG_MAX else None


def parse_bool(text: str) -> bool | None:
    """A switch: `true on yes y 1` or `false off no n 0`, in any case; anything else is refused."""
    word = ascii_lower(text)
    if word in TRUE_WORDS:
        return True
    return False if word in FALSE_WORDS else None


def parse_int(text: str) -> int:
    """A number as C's `atoi` reads it: leading digits count, the rest is ignored, no digits mean 0.

    >>> parse_int("12abc"), parse_int("abc"), parse_int("-3x")
    (12, 0, -3)
    """
    match = _ATOI.match(text)
    sign, digits = (match.group(1), match.group(2)) if match else ("", "")
    if not digits:
        return 0
    size = _LONG_MAX if len(digits) > 19 else min(int(digits), _LONG_MAX)
    if sign == "-":
        size = -size - (1 if size == _LONG_MAX else 0)
    return (size + 2**31) % 2**32 - 2**31


def ascii_lower(text: str) -> str:
    """Lower case for the letters A to Z only, as the daemon's `tolower` in the C locale."""
    return "".join(chr(ord(c) + 32) if "A" <= c <= "Z" else c for c in text)


def show_ms(value: int) -> str:
    """A time as a person writes it: `2 s`, `500 ms`, `2.5 s`."""
    if value < 1000:
        return f"{value} ms"
    return f"{value / 1000:.3f}".rstrip("0").rstrip(".") + " s"
