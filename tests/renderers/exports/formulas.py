"""Reading SMV and TLA+ back: small readers of just what the exports write, to explore the text itself.

They are no NuSMV and no TLC. They catch a wrong name, a value in the wrong branch, a guard at the wrong
action; they do not show that the real tools accept every word.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from types import CodeType

State = tuple[int, ...]
Step = Callable[[dict[str, int]], dict[str, int] | None]


def explored(first: dict[str, int], steps: dict[str, Step]) -> tuple[int, int, list[dict[str, int]]]:
    """States, steps, and the states themselves."""
    names = list(first)
    seen = {tuple(first.values())}
    waiting, count, found = [first], 0, []
    while waiting:
        state = waiting.pop()
        found.append(state)
        for step in steps.values():
            after = step(state)
            if after is None:
                continue
            count += 1
            key = tuple(after[n] for n in names)
            if key not in seen:
                seen.add(key)
                waiting.append(dict(zip(names, key, strict=True)))
    return len(seen), count, found


def compiled(text: str) -> CodeType:
    """A term of either language as Python: IF and ?: are written with parentheses around them."""
    text = re.sub(r"\bIF (.*)", lambda m: m[0], text)
    text = text.replace("/\\", " and ").replace("\\/", " or ").replace("~", " not ").replace("\\div", "//")
    text = re.sub(r"\bTRUE\b", "True", re.sub(r"\bFALSE\b", "False", text))
    text = text.replace("#", "!=").replace("&", " and ").replace("|", " or ").replace(" mod ", " % ")
    text = re.sub(r"!(?!=)", " not ", text)
    text = re.sub(r"(?<![<>!=])=(?!=)", "==", text)
    return compile(_choices(text).strip(), "<formula>", "eval")


def _choices(text: str) -> str:
    """`(IF a THEN b ELSE c)` and `(a ? b : c)` as Python writes them."""
    while (found := re.search(r"\(IF ", text)) is not None:
        start = found.start()
        end = _closing(text, start)
        inside = text[start + 4 : end]
        then, other = _at(inside, " THEN "), _at(inside, " ELSE ")
        test, yes, no = inside[:then], inside[then + 6 : other], inside[other + 6 :]
        text = f"{text[:start]}(({yes}) if ({test}) else ({no})){text[end + 1 :]}"
    while (mark := text.find(" ? ")) >= 0:
        start = _opening(text, mark)
        end = _closing(text, start)
        inside = text[start + 1 : end]
        asked, other = _at(inside, " ? "), _at(inside, " : ")
        test, yes, no = inside[:asked], inside[asked + 3 : other], inside[other + 3 :]
        text = f"{text[:start]}(({yes}) if ({test}) else ({no})){text[end + 1 :]}"
    return text


def _at(text: str, sign: str) -> int:
    """Where a sign stands outside all parentheses."""
    depth = 0
    for place, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if depth == 0 and text.startswith(sign, place):
            return place
    raise AssertionError(f"no {sign} in {text}")


def _closing(text: str, start: int) -> int:
    depth = 0
    for place in range(start, len(text)):
        depth += (text[place] == "(") - (text[place] == ")")
        if depth == 0:
            return place
    raise AssertionError(text)


def _opening(text: str, mark: int) -> int:
    depth = 0
    for place in range(mark, -1, -1):
        depth += (text[place] == ")") - (text[place] == "(")
        if depth < 0:
            return place
    raise AssertionError(text)


def tla(text: str) -> tuple[dict[str, int], dict[str, Step], CodeType]:
    """The first state, the actions and the claim of a TLA+ module."""
    text = re.sub(r"\\\*.*", "", text.split("EXTENDS Integers")[1])
    parts = dict(re.findall(r"^(\w+) ==\s*\n?((?:.|\n)*?)(?=^\w+ ==|^====)", text, re.MULTILINE))
    first = {n: int(v) for n, v in re.findall(r"/\\ (\w+) = (\d+)", parts["Init"])}
    names = re.findall(r"\\/ (\w+)", parts["Next"])
    return first, {n: _tla_action(parts[n]) for n in names}, compiled(parts["Claim"])


def _tla_action(text: str) -> Step:
    lines = text.strip().splitlines()
    guard = compiled(lines[0].strip().removeprefix("/\\"))
    body = "\n".join(lines[1:])
    defined = [(n, compiled(v)) for n, v in re.findall(r"^\s*(v_\w+) == (.*)$", body, re.MULTILINE)]
    after = [(n, compiled(v)) for n, v in re.findall(r"/\\ (\w+)' = (.*)$", body, re.MULTILINE)]
    same = [n.strip() for found in re.findall(r"UNCHANGED << (.*) >>", body) for n in found.split(",")]

    def step(state: dict[str, int]) -> dict[str, int] | None:
        if not eval(guard, dict(state)):
            return None
        known: dict[str, int] = dict(state)
        for name, code in defined:
            known[name] = eval(code, dict(known))
        changed = {name: eval(code, dict(known)) for name, code in after}
        assert not set(changed) & set(same)
        assert set(changed) | set(same) == set(state), "every variable has one value after the step"
        return state | changed

    return step


def smv(text: str) -> tuple[dict[str, int], dict[str, Step], CodeType]:
    """The first state, the events and the first invariant of an SMV module."""
    text = re.sub(r"--.*", "", text)
    first = {n: int(v) for n, v in re.findall(r"init\((\w+)\) := (\d+);", text)}
    ranges = {n: (int(a), int(b)) for n, a, b in re.findall(r"^  (\w+) : (\d+)\.\.(\d+);", text, re.MULTILINE)}
    assert set(ranges) == set(first)
    defined = [(n, compiled(v)) for n, v in re.findall(r"^  (\w+_t\d+) := (.*);$", text, re.MULTILINE)]
    guards = {n: compiled(v) for n, v in re.findall(r"^TRANS event = (\w+) -> (.*);$", text, re.MULTILINE)}
    cases: dict[str, list[tuple[CodeType, CodeType]]] = {}
    for name, inside in re.findall(r"next\((\w+)\) := case((?:.|\n)*?)esac;", text):
        lines = [line.strip().removesuffix(";") for line in inside.strip().splitlines()]
        split = [(line[: _at(line, " : ")], line[_at(line, " : ") + 3 :]) for line in lines]
        cases[name] = [(compiled(a), compiled(b)) for a, b in split]
    events = {event: number for number, event in enumerate(guards)}

    def of(event: str) -> Step:
        def step(state: dict[str, int]) -> dict[str, int] | None:
            known: dict[str, int] = state | events | {"event": events[event]}
            if not eval(guards[event], dict(known)):
                return None
            for name, code in defined:
                if name.startswith(f"{event}_t"):
                    known[name] = eval(code, dict(known))
            after = {}
            for name, choices in cases.items():
                value = next(b for a, b in choices if eval(a, dict(known)))
                after[name] = int(eval(value, dict(known)))
                assert ranges[name][0] <= after[name] <= ranges[name][1]
            return after

        return step

    claim = re.search(r"^INVARSPEC (.*);", text, re.MULTILINE)
    assert claim is not None
    return first, {event: of(event) for event in guards}, compiled(claim[1])
