"""The charts of a cluster: explored once, read off for every lifecycle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click
import numpy as np
import numpy.typing as npt

from hamodel.ir.compose import BUDGET_TOTAL
from hamodel.ir.verdict import Limits
from hamodel.lifecycle import Chart, Control, chart, controls

if TYPE_CHECKING:
    from hamodel.checking.case import Case
    from hamodel.cli._progress import Progress
    from hamodel.engines.classes import Exploration
    from hamodel.lifecycle.chart import Move

MOST = 1 << 62
"""No number of a row is greater."""
SLOTS = ("queue", "standby", "release", "second queue", "second standby", "second release")


def controls_of(case: Case) -> tuple[Control, ...]:
    """The lifecycles of a case with the names its files give to things."""
    layout = case.layout
    return controls(
        case.system,
        {
            "Node": [n.name for n in layout.nodes],
            "Step": [r.text for r in layout.resources],
            "Cable": [c.name for c in layout.cables],
            "Ping": [p.name for p in layout.pings],
            "Client": [c.name for c in layout.clients],
            "Slot": SLOTS,
        },
    )


def chosen(known: Sequence[Control], names: Sequence[str]) -> tuple[Control, ...]:
    """Those of these names or kinds; all without any."""
    for name in names:
        if not any(name in (c.name, c.kind) for c in known):
            kinds = ", ".join(dict.fromkeys(c.kind for c in known))
            raise click.UsageError(f"there is no lifecycle {name}; kinds: {kinds}; `--list` shows every name")
    return tuple(c for c in known if not names or c.name in names or c.kind in names)


def charts_of(
    case: Case, wanted: Sequence[Control], classes: int, explore: bool, progress: Progress
) -> tuple[Chart, ...]:
    """A chart for each lifecycle; without exploring only what the rules permit."""
    if not explore:
        return tuple(chart(case.system, c, scope="read from the rules alone") for c in wanted)
    from hamodel.engines.classes import ClassesEngine

    def tell(done: int, _edges: int, _seconds: float) -> None:
        progress("all runs", done)

    budget = case.system.setting_value.get(BUDGET_TOTAL, 0)
    found = ClassesEngine().explore(case.system, edges=True, limits=Limits(classes=classes), progress=tell)
    faults = "fault or command" if budget == 1 else "faults or commands"
    whole = "every run" if found.complete else f"the runs in the first {found.classes} classes"
    scope = f"{case.name}: {whole} from power-on with at most {budget} {faults}"
    return tuple(chart(case.system, c, counted(found, c), scope) for c in wanted)


def counted(found: Exploration, control: Control) -> Counter[Move]:
    """How often the lifecycle made each move: classes that look the same to it are looked at once."""
    assert found.sources is not None
    assert found.targets is not None
    assert found.actions is not None
    layout = found.layout
    columns = [layout.variables[v] for v in control.variables] + [layout.flag(t) for t in control.timers]
    _, first, inverse = np.unique(_keys(found.states[:, columns]), return_index=True, return_inverse=True)
    words = [control.mode(found.system, found.state(int(i))) for i in first]
    names = list(dict.fromkeys(words))
    modes = np.array([names.index(w) for w in words])[inverse.reshape(-1)]
    before, after = modes[found.sources], modes[found.targets]
    moved = before != after
    moves = np.stack([before[moved], found.actions[moved], after[moved]], axis=1)
    _, seen, counts = np.unique(_keys(moves), return_index=True, return_counts=True)
    actions = found.system.actions
    return Counter(
        {
            (names[int(a)], actions[int(b)].name, names[int(c)]): int(n)
            for (a, b, c), n in zip(moves[seen], counts, strict=True)
        }
    )


def _keys(rows: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """One number for each row, the same for equal rows alone: sorting numbers is much faster than sorting rows."""
    keys, greatest = np.zeros(len(rows), np.int64), 1
    for column in rows.T:
        size = int(column.max(initial=0)) + 1
        if greatest * size > MOST:
            known, keys = np.unique(keys, return_inverse=True)
            greatest = len(known)
        keys, greatest = keys * size + column, greatest * size
    return keys
