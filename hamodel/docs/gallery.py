"""The gallery: a page for every spec of the ladder, with its story, its files, its promises, and how to see the run.

What a spec promises is held to by a test, so the verdicts shown here are those of the checker.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from hamodel.config.spec import Expectation, Spec, read_spec
from hamodel.docs.markdown import block, code, page, plain, prose, table

_FILES = ("ha.cf", "haresources", "spec.toml")


def gallery(specs: Path, exhibits: frozenset[str] = frozenset()) -> Mapping[str, str]:
    """The pages of all specs in the folder, and one that lists them; by file name.

    `exhibits` are the specs that have a page of their own to step through.
    """
    found = {path.parent.name: read_spec([path.parent]) for path in sorted(specs.glob("*/spec.toml"))}
    pages = {f"gallery/{name}.md": _spec(name, spec, specs / name, name in exhibits) for name, spec in found.items()}
    rows = [(f"[{name}]({name}.md)", plain(spec.title or name), _verdict(spec.expect)) for name, spec in found.items()]
    said = "From the plainest pair to the worst night. Every verdict is held to by a test, under both releases."
    pages["gallery/index.md"] = page("Gallery", said, table(("spec", "what it shows", "verdict"), rows))
    return pages


def _verdict(expect: Mapping[str, Expectation]) -> str:
    """The verdict of the whole spec in a few words: what is violated, or that all it promises holds."""
    violated = [name for name, promise in expect.items() if promise.outcome == "violated"]
    if violated:
        return "violated: " + ", ".join(map(code, violated))
    return "holds" if expect else "no promise"


def _spec(name: str, spec: Spec, folder: Path, shown: bool) -> str:
    about = spec.about
    facts = [
        ("release", spec.cluster.version.value),
        ("faults", f"{spec.faults.budget} at most"),
        ("hazards", ", ".join(about.hazards)),
        ("prevented by", f"[{about.prevented_by}]({about.prevented_by}.md)" if about.prevented_by else ""),
        ("finding", plain(about.finding)),
    ]
    promises = [
        (code(prop), promise.outcome, str(promise.faults_used or ""), plain(promise.why))
        for prop, promise in spec.expect.items()
    ]
    return page(
        plain(spec.title or name),
        prose(spec.story),
        table(("about", ""), [row for row in facts if row[1]]),
        "## What is promised" if promises else "",
        table(("property", "verdict", "faults", "why"), promises) if promises else "",
        "## See it",
        f"[Step through the run](../exhibits/{name}.html){{ target=_blank }}" if shown else "",
        block(f"hamodel check specs/{name}\nhamodel report specs/{name} --html {name}.html"),
        *_chinese(spec),
        "## Its files",
        *(f"`{path.name}`\n\n{block(path.read_text())}" for path in _files(folder)),
    )


def _chinese(spec: Spec) -> list[str]:
    if not spec.about.story_zh:
        return []
    return [f"## {plain(spec.about.title_zh)}", "".join(spec.about.story_zh.split())]


def _files(folder: Path) -> list[Path]:
    """The spec's files, those of the nodes too where the two differ."""
    return [p for p in sorted(folder.rglob("*")) if p.is_file() and p.name in _FILES]
