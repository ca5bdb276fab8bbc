"""Every sentence that a renderer or a command looks up, and every word list it takes them from, is in the catalogue."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from hamodel.checking.ask_grammar import FAULTS, QUERIES
from hamodel.checking.exhibits.choices import IMPERATIVES
from hamodel.checking.exhibits.look import NOTED
from hamodel.checking.exhibits.messages import text_of
from hamodel.checking.exhibits.scenes import CLOCKS
from hamodel.cli._walkview import ROWS, WORDS
from hamodel.config.faults import FAULT_KINDS
from hamodel.ir.sweep import Mark
from hamodel.renderers.language import language
from hamodel.renderers.words import mode
from tests.renderers.test_language_everywhere import HOLE, variants

ROOT = Path(__file__).resolve().parents[2] / "hamodel"
CJK = re.compile(r"[\u4e00-\u9fff]")
SAYS = {"say", "speak", "lines", "hung", "UsageError", "_row", "row"}
"""What is called with a sentence."""
YIELD = ("why.py", "repair.py", "prediction.py", "diff.py")
"""Renderers whose lines are said anew as they are."""
FILES = [*sorted((ROOT / "renderers").glob("*.py")), *sorted((ROOT / "renderers" / "picture").glob("*.py")),
         *sorted((ROOT / "cli").glob("*.py"))]  # fmt: skip
SILENT = {"export.py", "completion.py", "rules.py", "engines.py", "draw.py", "_charts.py"}


def given(file: Path) -> Iterator[ast.expr]:
    """What the calls above are given, and the lines of those renderers."""
    for node in ast.walk(ast.parse(file.read_text())):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=args) if name in SAYS:
                yield from args
            case ast.Yield(value=ast.Constant() | ast.JoinedStr() as value) if file.name in YIELD:
                yield value


def cells(file: Path) -> set[str]:
    """The parts between tabs; what holds no word of its own, or was said before, is left out."""
    found = {cell for node in given(file) for text in variants(node) for cell in text.split("\t")}
    return {c for c in found if re.search(r"[a-z]{2}", re.sub(r"hamodel|--[\w-]+", "", c).replace(HOLE, ""))}


LOOKED_UP = sorted({(file.name, cell) for file in FILES if file.name not in SILENT for cell in cells(file)})
PIECES = {
    "zq1 is zq1: zq1": "single_mount is bounded: the search ended after 5 classes",
    "zq1zq1: see `hamodel config` for all of them": "2 warnings and 1 note: see `hamodel config` for all of them",
    "zq1 is zq1 zq1zq1": "a is 2 s to 3 s behind b",
    "zq1, from zq1 zq1zq1": "/dev/sdb5: a and b, from 10:00 to the end, 3 s of it for certain",
    "zq1, perhaps from zq1 zq1 (zq1)": "/dev/sdb5: a and b, perhaps from 10:00 on (its start failed)",
    "zq1 for zq1": "nobody for 2.00 s",
    "zq1, and no zq1 line ties it to that of zq1": (
        "b wrote nothing for 2 h from 10:00 on: its clock may have been set then, "
        "and no later line ties it to that of a"
    ),
    "unsafe zq1": "unsafe where watchdog >= 28.7 s",
    "zq1, cost zq1: zq1": "repair 1, cost 4: 1 directive",
    "zq1zq1zq1, Heartbeat zq1": "webdata: a and b, Heartbeat 3.0.6",
    " (expected: zq1zq1)": " (expected: holds)",
    "each kind of fault or command comes alone, zq1": "each kind of fault or command comes alone, once",
    "mode: zq1": "mode: running",
}
"""Sentences whose holes hold words of their own, each with one as it is said."""


@pytest.mark.parametrize("sentence", PIECES.values())
def test_a_sentence_of_pieces_is_there(sentence: str) -> None:
    assert CJK.search(language("zh")(sentence))


def test_there_are_sentences() -> None:
    assert len(LOOKED_UP) > 150


@pytest.mark.parametrize(("file", "sentence"), LOOKED_UP)
def test_what_is_looked_up_is_there(file: str, sentence: str) -> None:
    say = language("zh")

    known = CJK.search(say(sentence) + say(sentence.strip())) or say(sentence) != sentence
    assert known or sentence.strip() in map(str.strip, PIECES), file


FILLED = {
    *(form.format("a", "b") for form in (*CLOCKS.values(), *IMPERATIVES.values())),
    *(note.format("a") for _, note in NOTED.values()),
    *(text_of(code) for code in range(1, 120)),
    *(says.removesuffix("; only where the spec names it") for says in FAULT_KINDS.values()),
    *(query.says for query in QUERIES),
    *(words[0] for words in FAULTS.values()),
    *(row for row in ROWS.values() if row and row != "ipfail"),
    *(word for word in WORDS.values() if word),
    *(mark.value for mark in Mark),
}


def rules() -> set[str]:
    """The names of the rules a clock or a script fires; those of faults and commands have sentences."""
    named = (n for file in (ROOT / "machines").glob("*.py") for n in ast.walk(ast.parse(file.read_text())))
    timed = (n.name for n in named if isinstance(n, ast.FunctionDef) and any(map(_is_timed, n.decorator_list)))
    return {name.replace("_", " ") for name in timed}


def _is_timed(decorator: ast.expr) -> bool:
    return isinstance(decorator, ast.Call) and "when" in {k.arg for k in decorator.keywords}


def test_there_are_rules_of_clocks() -> None:
    assert len(rules()) > 30


@pytest.mark.parametrize("sentence", sorted(FILLED | rules()))
def test_the_words_of_lists_are_there(sentence: str) -> None:
    assert CJK.search(language("zh")(sentence))


def modes(*functions: str) -> set[str]:
    """The words of the lifecycles' modes, of all or of these."""
    tree = ast.parse((ROOT / "lifecycle" / "catalogue.py").read_text())
    within = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and (not functions or n.name in functions)]
    yields = (n.value for f in within for n in ast.walk(f) if isinstance(n, ast.Yield))
    return {str(w.value) for y in yields if isinstance(y, ast.Tuple) and isinstance(w := y.elts[0], ast.Constant)}


@pytest.mark.parametrize("word", sorted(modes() - {"active"}))
def test_every_mode_has_its_word(word: str) -> None:
    assert mode(word, language("zh")) != word


def test_the_page_has_the_words_of_its_modes() -> None:
    script = (ROOT / "renderers" / "html" / "words.js").read_text("utf-8").split("modes: {")[1].split("}")[0]
    there = set(re.findall(r"(\w+):", script))

    assert modes("_node", "_resource") | {"killed", "none", "unknown", "up", "dead"} <= there
    assert {"beats", "silent", "cut", "deaf"} <= there


def test_every_text_of_the_page_is_there_twice() -> None:
    script = (ROOT / "renderers" / "html" / "words.js").read_text("utf-8")
    pairs = re.findall(r'^ {4}(\w+): \["(.*)", "(.*)"\],$', script, re.MULTILINE)
    holes = [(name, *(sorted(re.findall(r"\{\d\}", text)) for text in (one, other))) for name, one, other in pairs]

    assert len(pairs) > 80
    assert [name for name, _, other in pairs if not CJK.search(other) and name != "colon"] == []
    assert [name for name, one, other in holes if one != other] == []
