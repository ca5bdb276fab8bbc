"""A mutation run: every rule is deleted in turn, and some world has to notice.

`python -m tests.mutation` prints each rule with the first world that changes without it, and the survivors; with rule
names only those. A run over all rules takes some minutes; the suite tries a few of them each time.
"""

from __future__ import annotations

import sys
import time

from hamodel.engines.classes import ClassesEngine
from hamodel.errors import HamodelError
from hamodel.ir.rule_text import rules_of
from hamodel.machines import MACHINES
from tests.machines.golden import WORLDS, World, golden, numbers_of
from tests.mutation.survivors import SURVIVORS


def rules() -> list[str]:
    """All rules that do something, as `module.rule`, in the order of the files."""
    return [
        f"{module.__name__.rsplit('.', 1)[-1]}.{text.name}"
        for module in MACHINES
        for text in rules_of(module)
        if text.info.kind not in ("formula", "observable", "invariant")
    ]


def killer(rule: str) -> str | None:
    """The first world that is different without this rule, or None."""
    engine = ClassesEngine()
    return next((w.name for w in sorted(WORLDS, key=lambda w: golden()[w.name][0]) if is_missed(rule, w, engine)), None)


def is_missed(rule: str, world: World, engine: ClassesEngine) -> bool:
    """Whether the world is another one without this rule, or none at all."""
    try:
        return numbers_of(world, engine, frozenset({rule})) != golden()[world.name]
    except (HamodelError, AssertionError):
        return True


def main(wanted: list[str]) -> int:
    alive = []
    for rule in wanted or rules():
        began = time.monotonic()
        found = killer(rule)
        print(
            f"{rule:45} {'SURVIVES' if found is None else 'dies in ' + found}  {time.monotonic() - began:.1f} s",
            flush=True,
        )
        if found is None:
            alive.append(rule)
    new = [rule for rule in alive if rule not in SURVIVORS]
    print(f"{len(wanted or rules()) - len(alive)} of {len(wanted or rules())} rules are missed when they are deleted")
    for rule in alive:
        print(f"  survivor {rule}: {SURVIVORS.get(rule, 'NOT EXPLAINED')}")
    return 1 if new else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
