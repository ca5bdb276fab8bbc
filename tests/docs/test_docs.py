"""The manual is true: every command in it runs, every block of Python too, and its tables name all there is."""

from __future__ import annotations

import posixpath
import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from hamodel.cli import command
from hamodel.docs.reference import reference
from hamodel.docs.tree import WRITTEN, write_site, written
from hamodel.errors import HamodelError

ROOT = Path(__file__).resolve().parents[2]
WORDS_OF_A_BUG = ("Traceback", "our own fault")


def blocks(language: str) -> list[tuple[str, str]]:
    """Page and text of every block of this language in the written pages."""
    fence = re.compile(rf"^```{language}\n(.*?)^```", re.MULTILINE | re.DOTALL)
    return [(name, found[1]) for name, text in written().items() for found in fence.finditer(text)]


SHOWN = {
    page: [
        line for name, text in blocks("sh") if name == page for line in text.splitlines() if line.startswith("hamodel ")
    ]
    for page, _ in blocks("sh")
}


@pytest.fixture
def in_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory that looks like a checkout and may be written to."""
    for name in ("specs", "properties"):
        (tmp_path / name).symlink_to(ROOT / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", SHOWN)
@pytest.mark.usefixtures("in_a_copy")
def test_the_commands_of_a_page_run_one_after_the_other(page: str) -> None:
    for line in SHOWN[page]:
        done = CliRunner().invoke(command, shlex.split(line)[1:])

        assert done.exit_code in (0, 1, 3), f"{page}: {line}\n{done.output}"
        assert not any(word in done.output for word in WORDS_OF_A_BUG)


@pytest.mark.parametrize("page", [name for name, _ in dict(blocks("python")).items()])
@pytest.mark.usefixtures("in_a_copy")
def test_every_python_block_runs_after_the_ones_before(page: str, capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, object] = {}

    for name, text in blocks("python"):
        if name == page:
            exec(compile(text, name, "exec"), names)

    assert capsys.readouterr().out


def test_the_reference_names_every_command_error_fault_and_directive() -> None:
    from hamodel.config.directives import directives
    from hamodel.config.faults import FAULT_KINDS

    pages = reference()
    commands = command.list_commands(None)  # type: ignore[arg-type]

    assert all(f"## hamodel {name}\n" in pages["reference/commands.md"] for name in commands)
    assert all(f"| `{name}` |" in pages["reference/options.md"] for name in directives())
    assert all(f"| `{name}` |" in pages["reference/faults.md"] for name in FAULT_KINDS)
    assert all(kind.code in pages["reference/errors.md"] for kind in HamodelError.__subclasses__())


def test_every_link_of_the_site_leads_to_a_page(tmp_path: Path) -> None:
    write_site(tmp_path)
    pages = {str(p.relative_to(tmp_path / "docs")) for p in (tmp_path / "docs").rglob("*.md")}

    for name in pages:
        text = (tmp_path / "docs" / name).read_text()
        for target in re.findall(r"\]\(([^)#:]+\.md)\)", text):
            assert posixpath.normpath(Path(name).parent / target) in pages, f"{name} points at {target}"
    assert set(WRITTEN) < pages
    assert {f"gallery/{p.parent.name}.md" for p in (ROOT / "specs").glob("*/spec.toml")} < pages


def test_the_same_site_has_the_same_bytes(tmp_path: Path) -> None:
    first, second = ({p.name: p.read_bytes() for p in write_site(tmp_path / name)} for name in ("first", "second"))

    assert first == second


def test_man_pages_are_written_for_every_command(tmp_path: Path) -> None:
    pytest.importorskip("click_man", reason="the extra `docs` is not installed")
    from hamodel.docs.man import write_man_pages

    names = {path.name for path in write_man_pages(tmp_path)}

    assert {f"hamodel-{name}.1" for name in command.list_commands(None)} <= names  # type: ignore[arg-type]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_printed_for_the_shell(shell: str) -> None:
    done = CliRunner().invoke(command, ["completion", shell])

    assert done.exit_code == 0
    assert "_HAMODEL_COMPLETE" in done.output


def test_a_spec_that_breaks_a_promise_has_a_page_to_step_through(tmp_path: Path) -> None:
    specs = tmp_path / "specs"
    for name in ("14-article-5-killall", "10-article-1-stop"):
        shutil.copytree(ROOT / "specs" / name, specs / name)

    write_site(tmp_path / "site", specs, exhibits=True)

    docs = tmp_path / "site" / "docs"
    assert [page.name for page in (docs / "exhibits").iterdir()] == ["14-article-5-killall.html"]
    assert "exhibits/14-article-5-killall.html" in (docs / "gallery" / "14-article-5-killall.md").read_text()
    assert "exhibits/" not in (docs / "gallery" / "10-article-1-stop.md").read_text()
