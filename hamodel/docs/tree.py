"""The site as files: the written pages, the generated ones, and the mkdocs.yml that joins them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from hamodel.docs.course import course
from hamodel.docs.exhibits import write_exhibits
from hamodel.docs.gallery import gallery
from hamodel.docs.reference import reference
from hamodel.scenarios.lessons import lessons

WRITTEN = {
    "index.md": "What can this cluster do to us?",
    "tutorial.md": "Tutorial: the first night",
    "review.md": "How to review a configuration",
    "incident.md": "How to explain an incident",
    "logs.md": "How to read the logs it writes",
    "ci.md": "How to check in CI",
    "teach.md": "How to teach with it",
    "python.md": "How to use it from Python",
    "theory.md": "Theory in two pages",
}
"""The written pages in the order of the menu, with their titles there."""

_REFERENCE = {
    "reference/commands.md": "Commands",
    "reference/options.md": "Options of ha.cf",
    "reference/faults.md": "Faults and commands",
    "reference/properties.md": "Properties",
    "reference/rules.md": "Rules of the daemon",
    "reference/errors.md": "Error codes",
}


def written() -> Mapping[str, str]:
    """The pages that people wrote, by file name."""
    home = files("hamodel.docs") / "pages"
    return {name: (home / name).read_text("utf-8") for name in WRITTEN}


def write_site(out: Path, specs: Path | None = None, *, exhibits: bool = False) -> tuple[Path, ...]:
    """Write the site's sources into `out`: `mkdocs.yml` and `docs/`; without `specs` those that are shipped.

    With `exhibits` every spec that breaks a promise has its page to step through; that takes some seconds for each.
    """
    home = specs or _shipped_specs()
    shown = frozenset(write_exhibits(home, out / "docs" / "exhibits")) if exhibits else frozenset()
    pages = {**written(), **course(), **reference(), **gallery(home, shown)}
    done = []
    for name, text in sorted(pages.items()):
        path = out / "docs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        done.append(path)
    config = out / "mkdocs.yml"
    config.write_text(_config(tuple(name for name in pages if name.startswith("gallery/"))), "utf-8")
    return (config, *done)


def _config(specs: tuple[str, ...]) -> str:
    """mkdocs.yml; JSON is YAML, and needs no library."""
    nav: list[object] = [{title: name} for name, title in WRITTEN.items()]
    nav += [{title: _lessons(language)} for title, language in (("Course", "en"), ("课程", "zh"))]
    nav.append({"Reference": [{title: name} for name, title in _REFERENCE.items()]})
    ladder = sorted((name for name in specs if name != "gallery/index.md"), key=lambda name: Path(name).stem)
    nav.append({"Gallery": ["gallery/index.md", *({Path(name).stem: name} for name in ladder)]})
    palette = [
        {
            "media": f"(prefers-color-scheme: {scheme})",
            "scheme": name,
            "toggle": {"icon": "material/brightness-6", "name": f"Switch to {other}"},
        }
        for scheme, name, other in (("light", "default", "dark"), ("dark", "slate", "light"))
    ]
    theme = {"name": "material", "font": False, "palette": palette, "features": ["navigation.top", "content.code.copy"]}
    extensions = [
        "tables",
        "admonition",
        {"toc": {"permalink": True}},
        "pymdownx.superfences",
        "md_in_html",
        "attr_list",
    ]
    config = {"site_name": "hamodel", "theme": theme, "nav": nav, "markdown_extensions": extensions}
    return json.dumps(config, indent=2, ensure_ascii=False) + "\n"


def _lessons(language: str) -> list[object]:
    """The menu of the course in one language."""
    titles = [{f"{x.number}. {x.words(language).title}": f"course/{language}/{x.number:02d}.md"} for x in lessons()]
    return [f"course/{language}/index.md", *titles]


def _shipped_specs() -> Path:
    from hamodel.properties.loader import shipped_folder

    return shipped_folder().parent / "specs"
