"""Statements: what a rule may do. A rule and all it calls is one macro step, in zero time."""

from __future__ import annotations

from dataclasses import dataclass, field

from hamodel.ir.expr import Expr
from hamodel.source import Span


@dataclass(frozen=True, slots=True)
class Assign:
    """A state variable gets a value, which must lie in its domain."""

    variable: str
    value: Expr


@dataclass(frozen=True, slots=True)
class Bind:
    """A local name of the procedure gets a value."""

    name: str
    value: Expr


@dataclass(frozen=True, slots=True)
class If:
    test: Expr
    then: tuple[Statement, ...]
    otherwise: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class While:
    """Repeats while the test holds; rules use it only to empty a queue, so it ends."""

    test: Expr
    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Call:
    procedure: str
    args: tuple[Expr, ...] = ()


@dataclass(frozen=True, slots=True)
class Start:
    """The timer's remaining time is drawn anew from [lo, hi] (ms), independently of all others."""

    timer: str
    lo: Expr
    hi: Expr


@dataclass(frozen=True, slots=True)
class Cancel:
    timer: str


@dataclass(frozen=True, slots=True)
class Hasten:
    """The timer now ends within `hi` ms.

    A running one keeps its remaining time but at most `hi`, a stopped one starts in [0, hi]. Only for timers whose
    lower bound is 0 (arrivals): the earlier of two arrivals is exactly this restriction.
    """

    timer: str
    hi: Expr


@dataclass(frozen=True, slots=True)
class Push:
    """A message goes to the end of a queue; a full queue is an engine error, never a silent loss."""

    queue: str
    value: Expr


@dataclass(frozen=True, slots=True)
class Take:
    """The head of a queue leaves it into a local name (0 and no change when the queue is empty)."""

    name: str
    queue: str


@dataclass(frozen=True, slots=True)
class Clear:
    queue: str


@dataclass(frozen=True, slots=True)
class Log:
    """A log line of `node`.

    The id of its text in the catalogue and its placeholders' values. No effect on the state.
    """

    node: int
    key: str
    fields: tuple[tuple[str, str | Expr], ...] = ()


@dataclass(frozen=True, slots=True)
class Overflow:
    """A fixed size of the model was exceeded here: the engine must say so instead of going on."""

    what: str


@dataclass(frozen=True, slots=True)
class Return:
    value: Expr | None = None


Statement = Assign | Bind | If | While | Call | Start | Cancel | Hasten | Push | Take | Clear | Log | Overflow | Return


@dataclass(frozen=True, slots=True)
class Procedure:
    """A rule for fixed indices: flat, first order, its call graph has no cycle. `ids` cite the reference."""

    name: str
    params: tuple[str, ...]
    body: tuple[Statement, ...]
    ids: tuple[str, ...] = ()
    doc: str = ""
    span: Span | None = field(default=None, compare=False)
