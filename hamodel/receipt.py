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
TIMERS, CLOCKS, AWAKE = ("near", "far", "stopwatch"), ("near", "stopwatch"), ("near", "far")  # awake: it will end
PLAIN = ("add", "sub", "mul", "floordiv", "mod", "eq", "ne", "lt", "le", "gt", "ge", "and_", "or_")
OPS = {"and": all, "or": any, "not": operator.not_, **{name: getattr(operator, name) for name in PLAIN}}
BEYOND = "not proved: that the system in the receipt is the right model of your cluster"
Tree = Any  # JSON
Row = Any  # the numbers of a state, cell by cell: bytes, a bytearray while a step is under way, or a `Guess`
Zone = tuple[int, ...]


class Refuted(Exception): ...  # this proof does not prove this claim


class Guess(list[Any]):
    """A row some cells of which are still open: such a cell holds its own number as a text. LookupError: it is read."""

    def __getitem__(self, at: Any) -> Any:  # noqa: ANN401
        if type(value := super().__getitem__(at)) is str:
            raise LookupError(int(value))
        return value


def need(fact: object, why: str) -> None:
    if not fact:
        raise Refuted(why)


class Machine:
    """The meaning of the system: what a row of cells permits, and what a step does to it and to the timers."""

    def __init__(self, system: Tree, settings: dict[str, int], free: list[str] | None) -> None:
        self.procedures, self.settings, self.after = system["procedures"], settings, system["after"]
        names, kinds, self.least, self.most, first = zip(*system["cells"], strict=True)
        self.cell: dict[str, int] = {name: at for at, name in enumerate(names)}
        self.kind: dict[Any, str] = {None: "free", **dict(enumerate(kinds))}
        for at, (name, kind, lo, hi, value) in enumerate(system["cells"]):
            whole = kind != "queue" or kinds[at + 1 : at + 1 + hi] == ("place",) * hi
            fits = (lo == 0 or kind == "variable") and hi == {"place": 255, "queue": hi, "variable": hi}.get(kind, 1)
            need(whole and fits and lo <= value <= hi, f"the cell {name} has a wrong range")
        self.timers = [at for at, kind in enumerate(kinds) if kind in TIMERS]
        self.actions = [(str(n), *a) for n, *a in system["actions"] if free is None or n in free or a[0] is not None]
        self.invariants = ["and", *(formula for _, formula in system["invariants"])]
        ends = sorted(timer for _, timer, _, guard in self.actions if timer is not None and guard == 1)
        need(ends == [t for t in self.timers if kinds[t] != "stopwatch"], "a timer has no action, two, or a guard")
        self.first = self.fire(bytes(first), None, system["initial"])
        self.drawn, self.zone = self.started, pass_time((0,), [], NOW, self.on(self.first), self.started, {})

    def on(self, row: Row, kinds: tuple[str, ...] = CLOCKS) -> list[int]:
        return [t for t in self.timers if row[t] and self.kind[t] in kinds]

    def able(self, row: Row, timer: int | None, guard: Tree) -> bool:  # a far timer waits for all that are near
        waits = timer is not None and self.kind[timer] == "far" and self.on(row, ("near",))
        return self.holds(guard, row) if timer is None else bool(row[timer] and not waits)

    def fire(self, row: Row, timer: int | None, procedure: str) -> Any:  # noqa: ANN401
        """The row after a macro step; `started` and `hastened` tell of the timers. An hour ends all stopwatches."""
        s = Guess(row) if type(row) is Guess else bytearray(row)
        for t in [t for t in self.timers if t == timer or (self.kind[timer] == "far" and self.kind[t] == "stopwatch")]:
            s[t] = 0
        self.started, self.hastened, self.work = dict[int, Any](), dict[int, int](), MOST_WORK
        self.block([["call", name] for name in (procedure, self.after) if name is not None], s, {})
        return s if type(s) is Guess else bytes(s)

    def holds(self, e: Tree, row: Row) -> bool:  # a formula cannot write into a row of bytes
        self.started, self.hastened, self.work = {}, {}, MOST_WORK
        s = Guess(row) if type(row) is Guess else row
        answer = bool(self.value(e, s, {}))
        need(s == row, "a formula has an effect")
        return answer

    def block(self, body: Tree, s: Row, x: dict[str, int]) -> int | None:  # a number: their procedure returns it
        self.work -= 1
        need(self.work > 0, "a step does not come to an end")
        for op, first, *rest in body:
            result = None
            if op == "if":
                result = self.block(rest[0] if self.value(first, s, x) else rest[1], s, x)
            elif op == "return":
                result = self.value(first, s, x)
            elif op == "call":
                self.value([op, first, *rest], s, x)
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
        need(
            self.kind[at] in {"set": ["variable"], "push": ["queue"]}.get(op, TIMERS),
            f"{op} does not go with cell {at}",
        )
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
        if op in ("and", "or"):
            return OPS[op](self.value(each, s, x) for each in e[1:])
        if op in ("get", "option", "local"):
            return s[self.cell[e[1]]] if op == "get" else (x if op == "local" else self.settings)[e[1]]
        if op == "take":
            at = self.cell[e[1]]
            need(self.kind[at] == "queue", f"cell {at} is no queue")
            many, head = s[at], s[at + 1] if s[at] else 0
            s[at + 1 : at + many], s[at + many], s[at] = s[at + 2 : at + many + 1], 0, max(many - 1, 0)
            return head
        args = [self.value(each, s, x) for each in e[(2 if op == "call" else 1) :]]
        if op == "call":
            params, body = self.procedures[e[1]]
            return self.block(body, s, dict(zip(params, args, strict=True))) or 0
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
    """A set of classes that no step leaves; where something is awaited, every step makes the rank smaller.
    A rank is [[number, *duty]..], from outside in. Where steps leave the number as it is they do not do the duty, and
    it is owed where the rank ends: so a run that counts does not stay there for ever, or stays where the next falls.
    """

    def __init__(self, part: Tree, machine: Machine) -> None:
        self.rows, self.zones, self.at = list[bytes](), list[Zone](), dict[bytes, list[int]]()
        self.ranks = part.get("ranks") or [[]] * len(part["classes"])
        self.fits = operator.eq if any(self.ranks) else operator.le  # in a larger zone more is possible, and owed
        for number, (like, changes, zone) in enumerate(part["classes"]):
            row = bytearray(self.rows[like] if 0 <= like < number else len(machine.most))
            for cell, value in zip(changes[::2], changes[1::2], strict=True):
                row[cell] = value
            self.rows.append(bytes(row))
            self.zones.append(tuple(zone))
            self.at.setdefault(self.rows[-1], []).append(number)
            need(len(zone) == (len(machine.on(row)) + 1) ** 2, f"class {number} has a zone of the wrong size")

    def covers(self, row: bytes, zone: Zone, rank: Tree = None, did: Tree = None) -> bool:
        known = (i for i in self.at.get(row, ()) if all(map(self.fits, zone, self.zones[i])))
        return any(rank is None or self.falls(rank, self.ranks[i], did) for i in known)

    def falls(self, rank: Tree, after: Tree, did: Tree) -> bool:
        for (number, *duty), (less, *same) in zip(rank, after, strict=False):
            if less != number or duty != same or not duty or duty[-1] in did:
                return bool(less < number)
        return bool(after)

    def check(self, machine: Machine, claim: Tree) -> tuple[int, int]:
        steps, given = 0, [(kind, name) for kind, name in claim.get("given", [])]
        for row, same in self.at.items():
            clocks, awake, here = machine.on(row), machine.on(row, AWAKE), f"class {same[0]}"
            need(machine.holds(["and", claim.get("always", 1), machine.invariants], row), f"{here} is not as claimed")
            unmet = "goal" in claim and not machine.holds(claim["goal"], row)
            waiting = [i for i in same if unmet and self.ranks[i]]
            need(waiting == same or not unmet or not machine.holds(claim["after"], row), f"{here} has no rank")
            may, n = dict[Any, set[int]](), len(clocks) + 1
            for name, timer, procedure, guard in machine.actions:
                p, on = [None, *clocks].index(timer) if timer in clocks else 0, machine.able(row, timer, guard)
                may[name] = may[timer] = {i for i in same if on and (not p or min(self.zones[i][p + n :: n]) >= 0)}
                if not may[name]:
                    continue
                try:
                    after = machine.fire(row, timer, procedure)
                except Refuted as problem:
                    raise Refuted(f"{here}, {name}: {problem}") from None
                effect, did = (machine.on(after), machine.started, machine.hastened), {name, timer, *machine.started}
                ranks = {i: self.ranks[i] for i in waiting if not machine.holds(claim["goal"], after)}
                for i in may[name]:
                    zone = pass_time(self.zones[i], clocks, timer, *effect)
                    than = " with a smaller rank" * (i in ranks)
                    need(self.covers(after, zone, ranks.get(i), did), f"class {i}, {name}: not in the set{than}")
                steps += len(may[name])
            for i in waiting:
                able, duties = {what for what in may if i in may[what]}, [tuple(duty) for _, *duty in self.ranks[i]]
                left = {(), *(("runs", t) for t in awake), *(g for g in given if g[0] == "strong" or g[1] in able)}
                left |= {("time",) for end in self.zones[i][n::n] if end <= 0}
                owed = {d for d in left if d in ((), ("time",)) or d[1] in able or machine.kind.get(d[1]) == "near"}
                ends = duties[-1] in owed and (awake or duties[-1])
                need({*duties} <= left and ends, f"class {i}: a run may last that leaves {duties} undone")
        return len(self.rows), steps


class Clauses:
    """An inductive invariant: clauses that no action breaks, whatever the times. Cells are decided as they are read."""

    def __init__(self, part: Tree, machine: Machine) -> None:
        self.clauses = [[(machine.cell[name], OPS[op], v) for name, op, v in clause] for clause in part["clauses"]]

    def covers(self, row: Row, _zone: Zone = ()) -> bool:
        return all(any(op(row[at], value) for at, op, value in clause) for clause in self.clauses)

    def check(self, machine: Machine, claim: Tree) -> tuple[int, int]:
        cases, todo = 0, [(action, Guess(map(str, range(len(machine.most))))) for action in (None, *machine.actions)]
        while todo:
            cases, (action, row) = cases + 1, todo.pop()
            need(cases < MOST_CASES, f"more than {MOST_CASES} cases: too many for this checker")
            try:
                need(self.kept(machine, row, action, claim), f"{action and action[0]}: the clauses do not suffice")
            except LookupError as open_:
                (at,) = open_.args
                values = range(machine.least[at], machine.most[at] + 1)
                todo += [(action, Guess([*row[:at], value, *row[at + 1 :]])) for value in values]
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


def one_run(machine: Machine, boot: Machine | None, claim: Tree, step: Tree) -> int:  # the number of events
    row, drawn, events, loop = machine.first, machine.drawn, step["events"], step["loop"]
    if boot is not None:
        row, drawn = walk(boot, (boot.first, [], (0,)), boot.drawn, step["boot"], True)[-1][0], {}
        need(not boot.on(row, (*CLOCKS, *AWAKE)), "the boot does not end at rest")
    states = walk(machine, (row, [], (0,)), drawn, events, True)
    if "sometimes" in claim:
        need(machine.holds(claim["sometimes"], states[-1][0]), "the last state does not show it")
        return len(events)
    last = len(events) if loop is None else loop  # from here on it repeats what it does
    met = max((k for k, (row, _, _) in enumerate(states) if machine.holds(claim["goal"], row)), default=-1)
    need(met < last and any(machine.holds(claim["after"], s[0]) for s in states[met + 1 :]), "nothing is awaited")
    may = [
        [name for name, t, _, guard in machine.actions if machine.able(row, t, guard)] for row, _, _ in states[last:]
    ]
    for strength, name in claim["given"]:
        owed = (all if strength == "weak" else any)(name in names for names in may)
        need(not owed or name in dict(events[last:]), f"{name} is put off for ever")
    if loop is None:
        need(not machine.on(states[-1][0], AWAKE), "at the end something more will happen by itself")
        return len(events)
    here = walk(machine, (states[0][0], [], (0,)), drawn, events[:loop], False)[-1]
    for _ in range(1000):
        row, clocks, zone = walk(machine, here, {}, events[loop:], False)[-1]
        back = row, clocks, cut(zone, len(clocks), 0, RUN - 1)
        need(row == here[0], "the loop does not end in the state in which it begins")
        before, after = (pass_time(z, c, NOW, c[:-1], {}, {}) for _, c, z in (here, back))
        if all(map(operator.le, before, after)):
            return len(events)
        here = back
    raise Refuted("the times of the loop do not come back")


def judge(data: Tree) -> str:
    """What was verified, in a sentence; `Refuted` where it is not so."""
    system, ladder, kind, verdict = data["system"], data["ladder"], data["kind"], data["verdict"]
    text = json.dumps(system, sort_keys=True, separators=(",", ":"))
    need(hashlib.sha256(text.encode()).hexdigest() == data["fingerprint"], "the fingerprint is that of another system")
    need(data["claims"] and data["start"] in ("boot", "steady"), "a claim of another format")
    most, counts = system["settings"][ladder] if ladder else 0, [0, 0]
    single = verdict != "vacuous" and (kind == "sometimes") == (verdict == "holds")
    for claim in data["claims"]:
        form, given = set(claim) - {"observe", "steps"}, claim.get("given", [])
        need(
            form in ([{"sometimes"}] if single else [{"always"}]) + [{"after", "goal", "given"}],
            "not the verdict's form",
        )
        need(all(kind in ("weak", "strong") and type(name) is str for kind, name in given), "no such assumption")
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


def read(path: str) -> Tree:  # whole numbers and texts; raises ValueError, OSError or zlib.error
    with open(path, "rb") as file:  # noqa: PTH123
        data = file.read(MOST_BYTES + 1)
    if data[:2] == b"\x1f\x8b":
        data = zlib.decompressobj(31).decompress(data, MOST_BYTES + 1)
    head, _, body = data.partition(b"\n")
    if len(data) > MOST_BYTES or head != f"{FORMAT} sha256 {hashlib.sha256(body).hexdigest()}".encode():
        raise ValueError(f"it is no receipt of format 1, damaged, or larger than {MOST_BYTES >> 20} MB")
    return json.loads(body, parse_float=int, parse_constant=int)


def main(args: list[str]) -> int:  # the exit code
    try:
        data = read(*args)
        about = f"{data['property']} {data['verdict']} in {data['cluster']}"
        claims = json.dumps([{k: v for k, v in claim.items() if k != "steps"} for claim in data["claims"]])
        said, code = f"verified: {about}: {judge(data)}\nclaimed: {claims}\n{BEYOND}", 0
    except Refuted as problem:
        said, code = f"refuted: {about}: {problem}", 1
    except (Exception, KeyboardInterrupt) as problem:
        said, code = f"unreadable: {type(problem).__name__}: {problem}" if args else str(__doc__), 2
    print("".join(c if c.isprintable() or c == "\n" else "?" for c in said))
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
