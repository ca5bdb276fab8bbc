"""Two nodes that do not share a key are two clusters: authkeys as stage 2 reads it.

Only a digest of each key is kept. `auth N` has to come before the line of key N; the further keys are for incoming
packets.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from hamodel.config.daemon import Console, Stage, error, info
from hamodel.config.lines import Line, Source
from hamodel.config.values import parse_int
from hamodel.errors import AuthkeysPermissions, BadAuthkeys, FileUnreadable, NoAuthKey
from hamodel.source import Span

CLOSING_AUTHKEYS = error("Authentication configuration error.")
METHODS = {"crc": False, "md5": True, "sha1": True}
MAX_KEYS = 16

_SPACE = " \t\n\v\f\r"
_AUTH = re.compile(r"auth[ \t\n\v\f\r]*([+-]?[0-9]+)")
_NUMBER = re.compile(r"[+-]?[0-9]+")


@dataclass(frozen=True, slots=True)
class AuthKeys:
    """The key a node signs with, and digests of all keys it accepts."""

    number: int
    method: str
    digest: str
    accepted: Mapping[int, str]
    span: Span | None = field(default=None, compare=False)

    def hears(self, other: AuthKeys) -> bool:
        """Whether packets signed by `other` pass here."""
        return self.accepted.get(other.number) == other.digest


@dataclass(slots=True)
class _Ring:
    """The keys while they are read."""

    console: Console
    chosen: int = -1
    chosen_at: Span | None = None
    keys: dict[int, tuple[str, str, Span]] | None = None
    selected: set[int] | None = None
    loaded: set[str] | None = None


def read_authkeys(console: Console, source: Source, *, check_mode: bool = True) -> AuthKeys | None:
    """Stage 2: the keys, or None with the refusals on the console.

    Only the read bits of group and others are looked at.
    """
    console.stage = Stage.AUTHKEYS
    path = f"{console.directory}/authkeys"
    if source.content is None:
        line = error(f"Cannot open keyfile [{path}].  Stop.")
        message = f"{source.file} cannot be read: {source.problem}"
        console.refuse(FileUnreadable, message, line, help="write authkeys with mode 600")
        return None
    if check_mode and source.mode & 0o044:
        line = error(f"Bad permissions on keyfile [{path}], 600 recommended.")
        message = f"{source.file} has mode {source.mode:04o}: others may read the keys"
        console.refuse(AuthkeysPermissions, message, line, help=f"chmod 600 {source.file}")
        return None
    ring = _Ring(console, keys={}, selected=set(), loaded=set())
    for read in source.lines():
        _line(ring, read, path)
    return _choice(ring, path)


def _line(ring: _Ring, line: Line, path: str) -> None:
    text = line.text.lstrip(" \t\n\r\f")
    place = line.span(len(line.text) - len(text), len(text.rstrip()))
    if not text or text.startswith("#"):
        return
    if text.startswith("a"):
        match = _AUTH.match(text)
        if match is None:
            said = error(f"Invalid auth line [{line.text}{line.end}] in {path}")
            ring.console.refuse(
                BadAuthkeys, "a line with a that is not `auth N`", said, span=place, help="write auth N"
            )
            return
        ring.chosen, ring.chosen_at = parse_int(match.group(1)), place
        return
    number = _NUMBER.match(text)
    words = text[number.end() :].strip(_SPACE).split(None, 2) if number else []
    if number is None or not words:
        said = error(f"Auth line [{line.text}{line.end}] is invalid.")
        ring.console.refuse(BadAuthkeys, "a line that is no key", said, span=place, help="write N method key")
        return
    _key(ring, parse_int(number.group()), words[0], words[1] if len(words) > 1 else "", place, path)


def _key(ring: _Ring, number: int, method: str, key: str, place: Span, path: str) -> None:
    assert ring.keys is not None and ring.selected is not None and ring.loaded is not None
    if not 0 <= number < MAX_KEYS:
        said = error(f"Invalid authnum [{number}] in {path}")
        ring.console.refuse(BadAuthkeys, f"key number {number}", said, span=place, help="numbers are 0 to 15")
        return
    if method not in METHODS:
        ring.console.refuse(
            BadAuthkeys,
            f"{method} is no method",
            error(f"LoadPlugin on {method} returned 5: No such plugin/interface/interface type"),
            error(f"Lookup extended#2 returned FALSE for {method}"),
            error(f"Table size: {len(ring.loaded)}"),
            error(f"Invalid authtype [{method}]"),
            span=place,
            help="write crc, md5 or sha1, in lower case",
        )
        return
    ring.loaded.add(method)
    if METHODS[method] and not key:
        said = error(f"Auth method [{method}] requires a key")
        ring.console.refuse(
            BadAuthkeys, f"{method} without a key", said, span=place, help=f"write {number} {method} KEY"
        )
        return
    if key and not METHODS[method]:
        said = info(f"Auth method [{method}] doesn't use a key")
        message = f"{method} with a key, or with a comment behind it"
        ring.console.refuse(BadAuthkeys, message, said, span=place, help=f"write {number} {method} and nothing more")
        return
    secret = f"{number} {method} {key}".encode("utf-8", "backslashreplace")
    ring.keys[number] = (method, hashlib.sha256(secret).hexdigest()[:16], place)
    if number == ring.chosen:
        ring.selected.add(number)


def _choice(ring: _Ring, path: str) -> AuthKeys | None:
    assert ring.keys is not None and ring.selected is not None
    if ring.chosen < 0:
        said = error(f"Missing auth directive in keyfile [{path}]")
        ring.console.refuse(NoAuthKey, "no key is selected", said, help="begin the file with auth N")
        return None
    if ring.chosen not in ring.selected:
        said = error(f"Auth Key [{ring.chosen}] not found in keyfile [{path}]")
        message = f"auth {ring.chosen} selects a key that has no good line after it"
        ring.console.refuse(NoAuthKey, message, said, span=ring.chosen_at, help="put the auth line first")
        return None
    method, digest, place = ring.keys[ring.chosen]
    place = replace(place, text="")  # whoever shows the place does not show the key
    accepted = MappingProxyType({number: key[1] for number, key in sorted(ring.keys.items())})
    return AuthKeys(ring.chosen, method, digest, accepted, place)
