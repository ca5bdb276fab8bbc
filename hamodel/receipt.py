"""Checks a receipt: does the proof in this file prove the claim in this file?

    python -m hamodel.receipt FILE        exit code 0: verified, 1: refuted, 2: unreadable

It shares nothing with the engines but the format (see hamodel/checking/receipts.py). Verified means that the claim is
true of the system in the file. Is that the right model of your cluster? Ask `hamodel receipt FILE --against DIR`.
"""

import hashlib
import json
import operator
import sys
import zlib
from typing import Any

FORMAT, MOST_BYTES, MOST_MS, MOST_WORK, MOST_CASES = "hamodel receipt 1", 1 << 27, 10**12, 200_000, 300_000
WATCH, NOW, RUN = -1, -2, 10**13  # the checker's own stopwatch; the event that is no event; what it starts with, in ms
CLOCKS, AWAKE = ("near", "stopwatch"), ("near", "far")  # what zones speak of; what makes something happen by itself
NAMES = ["add", "sub", "mul", "floordiv", "mod", "eq", "ne", "lt", "le", "gt", "ge", "and_", "or_"]
OPS = {name: getattr(operator, name) for name in NAMES}
Tree = Any  # JSON
Row = Any  # the numbers of a state, cell by cell: bytes, a bytearray while a step is under way, or a `Guess`
Zone = tuple[int, ...]


class Refuted(Exception): ...  # this proof does not prove this claim


class Unknown(Exception): ...  # a cell was read that is still open


class Guess(list[Any]):
    """A row some cells of which are still open: such a cell holds its own number as a text."""

    def __getitem__(self, at: Any) -> Any:  # noqa: ANN401
        if type(value := super().__getitem__(at)) is str:
            raise Unknown(int(value))
        return value


def need(fact: object, why: str) -> None:
    if not fact:
        raise Refuted(why)


def tell(done: int, of: int) -> None:
    if sys.stderr.isatty() and done % 100 == 0:
        print(f"{done} of {of} ", end="\r", file=sys.stderr, flush=True)


class Machine:
    """The meaning of the system: what a row of cells permits, and what a step does to it and to the timers."""

    def __init__(self, system: Tree, settings: dict[str, int], free: list[str] | None) -> None:
        self.procedures, self.settings, self.after = system["procedures"], settings, system["after"]
        names, kinds, self.least, self.most, first = zip(*system["cells"], strict=True)
        self.cell: dict[str, int] = {name: at for at, name in enumerate(names)}
        self.kind: dict[int | None, str] = {None: "free", **dict(enumerate(kinds))}
        for at, (name, kind, lo, hi, value) in enumerate(system["cells"]):
            whole = kind != "queue" or kinds[at + 1 : at + 1 + hi] == ("place",) * hi
            fits = (lo == 0 or kind == "variable") and hi == {"place": 255, "queue": hi, "variable": hi}.get(kind, 1)
            need(whole and fits and lo <= value <= hi, f"the cell {name} has a wrong range")
        self.timers = [at for at, kind in enumerate(kinds) if kind in ("near", "far", "stopwatch")]
        self.actions = [a for a in system["actions"] if a[1] is not None or free is None or a[0] in free]
        self.invariants = ["and", *(formula for _, formula in system["invariants"])]
        ends = sorted(timer for _, timer, _, guard in self.actions if timer is not None and guard == 1)
        need(ends == [t for t in self.timers if kinds[t] != "stopwatch"], "a timer has no action, two, or a guard")
        self.first = self.fire(bytes(first), None, system["initial"])
        self.drawn, self.zone = self.started, pass_time((0,), [], NOW, self.on(self.first), self.started, {})

    def on(self, row: Row, kinds: tuple[str, ...] = CLOCKS) -> list[int]:
        return [t for t in self.timers if row[t] and self.kind[t] in kinds]

    def able(self, row: Row, timer: int | None, guard: Tree) -> bool:
        """Whether a state permits an action; of time is asked elsewhere. A far timer waits for all that are near."""
        waits = timer is not None and self.kind[timer] == "far" and self.on(row, ("near",))
        return self.holds(guard, row) if timer is None else bool(row[timer] and not waits)

    def fire(self, row: Row, timer: int | None, procedure: str) -> Any:  # noqa: ANN401
        """The row after a macro step; `started` and `hastened` tell of the timers. An hour ends all stopwatches."""
        s = Guess(row) if type(row) is Guess else bytearray(row)
        for t in self.timers:
            if t == timer or (self.kind[timer] == "far" and self.kind[t] == "stopwatch"):
                s[t] = 0
        self.started, self.hastened, self.work = dict[int, Any](), dict[int, int](), MOST_WORK
        for name in [procedure] if self.after is None else [procedure, self.after]:
            self.call(name, [], s)
        return s if type(s) is Guess else bytes(s)

    def holds(self, e: Tree, row: Row) -> bool:
        """Whether a formula is true; it cannot write into a row of bytes."""
        self.started, self.hastened, self.work = {}, {}, MOST_WORK
        s = Guess(row) if type(row) is Guess else row
        answer = bool(self.value(e, s, {}))
        need(s == row, "a formula has an effect")
        return answer

    def call(self, name: str, args: list[int], s: Row) -> int:
        params, body = self.procedures[name]
        return self.block(body, s, dict(zip(params, args, strict=True))) or 0

    def block(self, body: Tree, s: Row, x: dict[str, int]) -> int | None:
        """Runs statements in order; a number means that their procedure has returned it."""
        self.work -= 1
        need(self.work > 0, "a step does not come to an end")
        for op, first, *rest in body:
            result = None
            if op == "if":
                result = self.block(rest[0] if self.value(first, s, x) else rest[1], s, x)
            elif op == "return":
                result = self.value(first, s, x)
            elif op == "call":
                self.call(first, [self.value(a, s, x) for a in rest], s)
            elif op == "let":
                x[first] = self.value(rest[0], s, x)
            elif op == "while":
                while result is None and self.value(first, s, x):
                    result = self.block(rest[0], s, x)
            else:
                need(op != "overflow", f"the model is too small: {first}")
                self.act(op, self.cell[first], s, *[self.value(a, s, x) for a in rest])
            if result is not None:
                return result
        return None

    def act(self, op: str, at: int, s: Row, *values: int) -> None:
        kind = "timer" if at in self.timers else self.kind[at]
        need({"set": "variable", "push": "queue"}.get(op, "timer") == kind, f"{op} does not go with cell {at}")
        if op == "set":
            need(self.least[at] <= values[0] <= self.most[at], f"the variable of cell {at} becomes {values[0]}")
            s[at] = values[0]
        elif op == "push":
            need(1 <= values[0] <= 255 and s[at] < self.most[at], f"the queue of cell {at} cannot take {values[0]}")
            s[at + 1 + s[at]], s[at] = values[0], s[at] + 1
        elif op == "hasten" and s[at] and at not in self.started:
            need(values[0] >= 0, f"the timer of cell {at} is to end in the past")
            self.hastened[at] = min(values[0], self.hastened.get(at, values[0]))
        else:
            known = self.started.pop(at, (0, *values))
            lo, hi = (known[0], min(known[1], values[0])) if op == "hasten" else values or (0, 0)
            need(0 <= lo <= hi < MOST_MS, f"the timer of cell {at} starts with [{lo}, {hi}]")
            self.hastened.pop(at, None)
            s[at] = {"cancel": 0, "start": 1, "hasten": 1}[op]
            self.started |= {at: (lo, hi)} if s[at] else {}

    def value(self, e: Tree, s: Row, x: dict[str, int]) -> Any:  # noqa: ANN401
        if type(e) is int:
            return e
        op = e[0]
        if op == "get":
            return s[self.cell[e[1]]]
        if op in ("and", "or"):
            values = (self.value(each, s, x) for each in e[1:])
            return any(values) if op == "or" else all(values)
        if op in ("option", "local"):
            return (self.settings if op == "option" else x)[e[1]]
        if op == "take":
            at = self.cell[e[1]]
            need(self.kind[at] == "queue", f"cell {at} is no queue")
            many, head = s[at], s[at + 1] if s[at] else 0
            s[at + 1 : at + many], s[at + many], s[at] = s[at + 2 : at + many + 1], 0, max(many - 1, 0)
            return head
        args = [self.value(each, s, x) for each in e[(2 if op == "call" else 1) :]]
        if op in ("call", "not"):
            return self.call(e[1], args, s) if op == "call" else not args[0]
        need(op != "mul" or abs(args[0]) | abs(args[1]) < 1 << 62, "a number is too large")
        return OPS[op](*args)


def pass_time(zone: Zone, old: list[int], event: int | None, new: list[int], drawn: Tree, ends: Tree) -> Zone:
    """The zone over the clocks `new` after a step; empty: at no time. Index 0 is now; zone[x * n + y] bounds x - y.

    The step is no later than the end of any clock, so it is low[y] - y at most; it is at the end of the clock `event`,
    now (NOW), or from now on whenever one likes (None). What is drawn anew does not depend on anything else.
    """
    n, p = len(old) + 1, old.index(event) + 1 if event in old else 0
    low = zone[:n] if event == NOW else (0, *(min(zone[y + n :: n]) for y in range(1, n)))
    if low[p] < 0:
        return ()
    was = [0, *(0 if t in drawn else old.index(t) + 1 for t in new)]
    hi = [0, *(zone[x * n + p] if x else drawn[t][1] for x, t in zip(was[1:], new, strict=True))]
    lo = [0, *(low[x] if x else -drawn[t][0] for x, t in zip(was[1:], new, strict=True))]
    zone = tuple(
        0 if i == j else min(hi[i] + lo[j], zone[was[i] * n + was[j]]) if was[i] and was[j] else hi[i] + lo[j]
        for i in range(len(was))
        for j in range(len(was))
    )
    for t, end in ends.items():
        zone = cut(zone, new.index(t) + 1, 0, end)
    return zone


def cut(zone: Zone, x: int, y: int, most: int) -> Zone:  # the part in which x - y <= most
    n = int(len(zone) ** 0.5)
    need(most + zone[y * n + x] >= 0, "a timer cannot end at this time, or no time passes")
    return tuple(min(zone[i * n + j], zone[i * n + x] + most + zone[y * n + j]) for i in range(n) for j in range(n))


class Classes:
    """A set of classes that no step leaves; where something is awaited, every step makes the rank smaller."""

    def __init__(self, part: Tree, machine: Machine) -> None:
        self.rows, self.zones, self.at = list[bytes](), list[Zone](), dict[bytes, list[int]]()
        self.ranks = part.get("ranks") or [-1] * len(part["classes"])
        for number, (like, changes, zone) in enumerate(part["classes"]):
            row = bytearray(self.rows[like] if 0 <= like < number else len(machine.most))
            for cell, value in zip(changes[::2], changes[1::2], strict=True):
                row[cell] = value
            self.rows.append(bytes(row))
            self.zones.append(tuple(zone))
            self.at.setdefault(self.rows[-1], []).append(number)
            need(len(zone) == (len(machine.on(row)) + 1) ** 2, f"class {number} has a zone of the wrong size")

    def covers(self, row: bytes, zone: Zone, below: int | None = None) -> bool:
        known = (i for i in self.at.get(row, ()) if below is None or 0 <= self.ranks[i] < below)
        return any(all(map(operator.le, zone, self.zones[i])) for i in known)

    def check(self, machine: Machine, claim: Tree) -> tuple[int, int]:
        steps = 0
        for number, (row, same) in enumerate(self.at.items()):
            tell(number, len(self.at))
            clocks, here, n = machine.on(row), f"class {same[0]}", len(machine.on(row)) + 1
            need(machine.holds(["and", claim.get("always", 1), machine.invariants], row), f"{here} is not as claimed")
            unmet = "goal" in claim and not machine.holds(claim["goal"], row)
            waiting = [i for i in same if unmet and self.ranks[i] >= 0]
            ranked = waiting == same or not unmet or not machine.holds(claim["after"], row)
            need(ranked, f"{here}: the goal is awaited, but there is no rank")
            need(not waiting or machine.on(row, AWAKE), f"{here}: the goal is awaited, but nothing more happens")
            for name, timer, procedure, guard in machine.actions:
                p = [None, *clocks].index(timer) if timer in clocks else 0
                able = [i for i in same if not p or min(self.zones[i][p + n :: n]) >= 0]
                if able and machine.able(row, timer, guard):
                    try:
                        after = machine.fire(row, timer, procedure)
                    except Refuted as problem:
                        raise Refuted(f"{here}, {name}: {problem}") from None
                    effect = machine.on(after), machine.started, machine.hastened
                    over = not waiting or machine.holds(claim["goal"], after)
                    for i in able:
                        below = self.ranks[i] if i in waiting and not over else None
                        if not self.covers(after, zone := pass_time(self.zones[i], clocks, timer, *effect), below):
                            no = ["state", "zone", "rank"][(after in self.at) + self.covers(after, zone)]
                            raise Refuted(f"class {i}, {name}: what comes next is not in the set: no such {no}")
                    steps += len(able)
        return len(self.rows), steps


class Clauses:
    """An inductive invariant: clauses that no action breaks, whatever the times. Cells are decided as they are read."""

    def __init__(self, part: Tree, machine: Machine) -> None:
        self.clauses = [[(machine.cell[name], OPS[op], v) for name, op, v in clause] for clause in part["clauses"]]

    def covers(self, row: Row, _zone: Zone = ()) -> bool:
        return all(any(op(row[at], value) for at, op, value in clause) for clause in self.clauses)

    def check(self, machine: Machine, claim: Tree) -> tuple[int, int]:
        cases = 0
        for action in [None, *machine.actions]:
            todo = [Guess(map(str, range(len(machine.most))))]
            while todo:
                cases, row = cases + 1, todo.pop()
                need(cases < MOST_CASES, f"more than {MOST_CASES} cases: too many for this checker")
                try:
                    need(self.kept(machine, row, action, claim), f"{action and action[0]}: the clauses do not suffice")
                except Unknown as open_:
                    (at,), cells = open_.args, list(row)
                    for value in range(machine.least[at], machine.most[at] + 1):
                        todo.append(Guess([*cells[:at], value, *cells[at + 1 :]]))
        return len(self.clauses), cases

    def kept(self, machine: Machine, row: Row, action: Tree, claim: Tree) -> bool:
        """Whether a row of the invariant leads into it (without an action: is as claimed), or is none of its rows."""
        raw = list(row)
        out = any(all(type(raw[at]) is int and not op(raw[at], v) for at, op, v in clause) for clause in self.clauses)
        if out or (action and not machine.able(row, action[1], action[3])):
            return True
        if action is None:
            return machine.holds(["and", claim["always"], machine.invariants], row) or not self.covers(row)
        after = machine.fire(row, action[1], action[2])
        changed = {at for at, (a, b) in enumerate(zip(after, row, strict=True)) if a is not b}
        touched = [clause for clause in self.clauses if any(at in changed for at, _, _ in clause)]
        return all(any(op(after[at], v) for at, op, v in clause) for clause in touched) or not self.covers(row)


def walk(machine: Machine, at: Tree, drawn: Tree, events: Tree, timed: bool) -> list[Tree]:
    """The states along a run and its exact zones; the last clock is the checker's own stopwatch, for the time."""
    (row, old, zone), last = at, 0
    clocks = [*machine.on(row), WATCH]
    zone = pass_time(zone, old, NOW, clocks, {**drawn, WATCH: (RUN, RUN)}, {})
    states = [(row, clocks, zone)]
    for name, ms in events:
        _, timer, procedure, guard = next((a for a in machine.actions if a[0] == name), ("", None, "", 0))
        need(machine.able(row, timer, guard), f"{name} is not possible")
        row = machine.fire(row, timer, procedure)
        again = {WATCH: (RUN - ms, RUN - ms)} if machine.kind[timer] == "far" else {}
        old, clocks = clocks, [*machine.on(row), WATCH]
        zone = pass_time(zone, old, timer, clocks, machine.started | again, machine.hastened)
        need(zone and ms >= last, f"{name} is not possible at this time")
        if timed:
            zone, last = cut(cut(zone, len(clocks), 0, RUN - ms), 0, len(clocks), ms - RUN), ms
        states.append((row, clocks, zone))
    return states


def one_run(machine: Machine, boot: Machine | None, claim: Tree, step: Tree) -> int:
    """The events of a run that shows it; where runs begin at rest, after a boot that comes to rest."""
    row, drawn, loop = machine.first, machine.drawn, step["loop"]
    if boot is not None:
        row, drawn = walk(boot, (boot.first, [], (0,)), boot.drawn, step["boot"], True)[-1][0], {}
        need(not boot.on(row, (*CLOCKS, *AWAKE)), "the boot does not end at rest")
    states = walk(machine, (row, [], (0,)), drawn, step["events"], True)
    need(machine.holds(claim.get("sometimes", 1), states[-1][0]), "the last state does not show it")
    waits = "sometimes" in claim
    for row, _, _ in states if "goal" in claim else ():
        waits = (waits or machine.holds(claim["after"], row)) and not machine.holds(claim["goal"], row)
    need(waits, "at the end nothing is awaited")
    if loop is None or "sometimes" in claim:
        need("sometimes" in claim or not machine.on(row, AWAKE), "at the end something more will happen by itself")
        return len(states) - 1
    need(0 <= loop < len(step["events"]), "a loop without events")
    need(not any(machine.holds(claim["goal"], row) for row, _, _ in states[loop:]), "what is awaited comes on the loop")
    here = walk(machine, (states[0][0], [], (0,)), drawn, step["events"][:loop], False)[-1]
    for _ in range(1000):
        row, clocks, zone = walk(machine, here, {}, step["events"][loop:], False)[-1]
        back = row, clocks, cut(zone, len(clocks), 0, RUN - 1)
        need(row == here[0], "the loop does not end in the state in which it begins")
        before, after = (pass_time(z, c, NOW, c[:-1], {}, {}) for _, c, z in (here, back))
        if all(map(operator.le, before, after)):
            return len(states) - 1
        here = back
    raise Refuted("the times of the loop do not come back")


def judge(data: Tree) -> str:
    """What was verified, in a sentence; `Refuted` where it is not so."""
    system, ladder, kind, verdict = data["system"], data["ladder"], data["kind"], data["verdict"]
    text = json.dumps(system, sort_keys=True, separators=(",", ":"))
    need(hashlib.sha256(text.encode()).hexdigest() == data["fingerprint"], "the fingerprint is that of another system")
    need(data["claims"] and not data["fairness"] and data["start"] in ("boot", "steady"), "a claim of another format")
    most, counts = system["settings"][ladder] if ladder else 0, [0, 0]
    single = verdict != "vacuous" and (kind == "sometimes") == (verdict == "holds")
    for claim in data["claims"]:
        form = {"always", "sometimes", "goal"} & set(claim)
        need(len(form) == 1 and (form == {"goal"} or single == (form == {"sometimes"})), "not what the verdict says")
        budgets = [step["budget"] for step in claim["steps"]]
        need(budgets and budgets == [b for b in range(most + 1) if not single or b in budgets[:1]], "a missing budget")
        for step in claim["steps"]:
            settings = system["settings"] | ({ladder: step["budget"]} if ladder else {})
            boot = Machine(system, settings, []) if data["start"] == "steady" else None
            need(all(name.startswith("observe[") for name in claim["observe"]), "an option is changed")
            machine = Machine(system, settings | dict.fromkeys(claim["observe"], 1), system["enabled"])
            starts = [(machine.first, machine.zone)]
            if single:
                counts[1] += one_run(machine, boot, claim, step)
                continue
            if boot is not None:
                before = Classes(step["boot"], boot)
                need(before.covers(boot.first, boot.zone), "the boot does not begin at the beginning")
                before.check(boot, {})
                starts = [(row, (0,)) for row in before.at if not boot.on(row, AWAKE)]
                need(not any(boot.on(row) for row, _ in starts), "a stopwatch runs at rest")
            parts = [Clauses(p, machine) if "clauses" in p else Classes(p, machine) for p in step["parts"]]
            need(starts and all(any(p.covers(*s) for p in parts) for s in starts), "a start is in no part")
            counts = [sum(n) for n in zip(counts, *(p.check(machine, claim) for p in parts), strict=True)]
    how = "{} clauses, {} cases: inductive" if '"clauses"' in json.dumps(data) else "{} classes, {} steps: closed"
    return f"a run of {counts[1]} events shows it" if single else f"{how.format(*counts)}; the claim holds in each"


def read(path: str) -> Tree:
    """The content of a receipt: whole numbers and texts. Raises ValueError, OSError or zlib.error."""
    with open(path, "rb") as file:  # noqa: PTH123
        data = file.read(MOST_BYTES + 1)
    if data[:2] == b"\x1f\x8b":
        data = zlib.decompressobj(31).decompress(data, MOST_BYTES + 1)
    head, _, body = data.partition(b"\n")
    if len(data) > MOST_BYTES or head != f"{FORMAT} sha256 {hashlib.sha256(body).hexdigest()}".encode():
        raise ValueError(f"it is no receipt of format 1, damaged, or larger than {MOST_BYTES >> 20} MB")
    return json.loads(body, parse_float=int, parse_constant=int)


def main(args: list[str]) -> int:
    """Prints what was verified, or why it is not; returns the exit code."""
    try:
        data = read(*args)
        about = f"{data['property']} {data['verdict']} in {data['cluster']}"
        claims = [{k: v for k, v in claim.items() if k != "steps"} for claim in data["claims"]]
        said, code = f"verified: {about}: {judge(data)}\nclaimed: {json.dumps(claims)}", 0
        said += "\nnot proved: that the system in the receipt is the right model of your cluster"
    except Refuted as problem:
        said, code = f"refuted: {about}: {problem}", 1
    except (Exception, KeyboardInterrupt) as problem:
        said, code = f"unreadable: {type(problem).__name__}: {problem}" if args else str(__doc__), 2
    print("".join(c if c.isprintable() or c == "\n" else "?" for c in said))
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
