"""Property files are read from folders: the shipped ones, and those a user adds. `x.py` defines the property `x`."""

from __future__ import annotations

import difflib
import importlib.util
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import ModuleType

from hamodel.errors import BrokenPropertyFile, DoubleProperty, FileUnreadable, UnknownProperty
from hamodel.ir.property import PropertyKind
from hamodel.properties.cluster import Cluster
from hamodel.properties.expression import parse, parts
from hamodel.properties.formula import Formula
from hamodel.properties.words import Definition, Response
from hamodel.source import Span

_PACKAGE = Path(__file__).resolve().parent.parent


def shipped_folder() -> Path:
    """The folder of the shipped properties: inside a wheel, or beside the package in a checkout."""
    inside = _PACKAGE / "_content" / "properties"
    return inside if inside.is_dir() else _PACKAGE.parent / "properties"


def load(folders: Iterable[Path] = (), *, shipped: bool = True) -> tuple[Definition, ...]:
    """The shipped properties and those of `folders`, by name. A name given twice is refused."""
    found: dict[str, Definition] = {}
    wanted = [*([shipped_folder()] if shipped else []), *folders]
    for folder in wanted:
        if not folder.is_dir():
            raise FileUnreadable(f"{folder} is no folder of properties", help="give a folder that holds NAME.py files")
        for path in sorted(folder.glob("*.py")):
            if path.stem.startswith("_"):
                continue
            for definition in definitions_of(path):
                if definition.name in found:
                    raise DoubleProperty(
                        f"two properties are called {definition.name}",
                        span=definition.span,
                        seen=[str(found[definition.name].span)],
                        help="give the new one another name",
                    )
                found[definition.name] = definition
    return tuple(found[name] for name in sorted(found))


def definitions_of(path: Path) -> tuple[Definition, ...]:
    """The properties one file defines; at least one."""
    module = _module(path)
    found = tuple(v for v in vars(module).values() if isinstance(v, Definition) and _is_from(v, path))
    if not found:
        raise BrokenPropertyFile(
            f"{path.name} defines no property",
            span=Span(str(path), 1),
            help="decorate a function with @always, @never, @sometimes or @leads_to",
        )
    return found


def _is_from(definition: Definition, path: Path) -> bool:
    return definition.span is None or Path(definition.span.file).resolve() == path.resolve()


def _module(path: Path) -> ModuleType:
    name = f"_hamodel_property_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise BrokenPropertyFile(f"{path} cannot be read as Python")
    module = importlib.util.module_from_spec(spec)
    writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        spec.loader.exec_module(module)
    except SyntaxError as error:
        span = Span(str(path), error.lineno or 1, error.offset or 1, text=(error.text or "").rstrip("\n"))
        raise BrokenPropertyFile(f"{path.name} is no Python: {error.msg}", span=span) from None
    except Exception as error:
        raise BrokenPropertyFile(
            f"{path.name} fails while it is read: {type(error).__name__}: {error}", span=_place(error, path)
        ) from error
    finally:
        sys.dont_write_bytecode = writes
    return module


def _place(error: BaseException, path: Path) -> Span:
    line, trace = 1, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == str(path):
            line = trace.tb_lineno
        trace = trace.tb_next
    return Span(str(path), line)


def from_text(kind: str, text: str, number: int) -> Definition:
    """A property typed on the command line: kind is always, never, sometimes or leads_to."""
    option = f"--{kind.replace('_', '-')}"
    name, words = f"{kind}_{number}", " ".join(text.split())
    if kind == "leads_to":
        trigger, goal, fairness = parts(text, option)

        def promise(cluster: Cluster) -> Response:
            return Response(parse(trigger, cluster, option, text), parse(goal, cluster, option, text))

        return Definition(name, PropertyKind.LEADS_TO, promise, f"Leads to: {words}", fairness=fairness)

    def ask(cluster: Cluster) -> Formula:
        return parse(text, cluster, option)

    return Definition(
        name,
        PropertyKind.SOMETIMES if kind == "sometimes" else PropertyKind.ALWAYS,
        ask,
        f"{kind.capitalize()}: {words}",
        negated=kind == "never",
    )


def typed_again(name: str, doc: str) -> Definition | None:
    """The formula of a property that was typed, from its name and what it says of itself; None for any other."""
    kind, _, number = name.rpartition("_")
    said = {"always": "Always", "never": "Never", "sometimes": "Sometimes", "leads_to": "Leads to"}.get(kind)
    if said is None or not number.isdecimal() or not doc.startswith(f"{said}: "):
        return None
    return from_text(kind, doc.removeprefix(f"{said}: "), int(number))


def select(definitions: Sequence[Definition], names: Sequence[str]) -> tuple[Definition, ...]:
    """The definitions of these names, or all where none is named."""
    known = {d.name: d for d in definitions}
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, list(known), n=1)
            help = f"did you mean {near[0]}?" if near else "known: " + ", ".join(sorted(known))
            raise UnknownProperty(f"there is no property {name}", help=help)
    return tuple(known[n] for n in dict.fromkeys(names)) if names else tuple(definitions)
