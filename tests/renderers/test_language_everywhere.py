"""Every sentence written in the reader, the review and the incident's explanation is said in Chinese, whole."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from click.testing import CliRunner

from hamodel.cli import command
from hamodel.renderers.language import language
from tests.shared import SHARED

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(
    file
    for pattern in (
        "config/review_*.py", "config/practice.py", "config/authkeys.py", "config/haresources.py", "config/inputs.py",
        "config/wholelines.py", "config/crosschecks.py", "checking/review*.py", "incident/advice.py",
        "incident/rules.py", "incident/cause.py", "incident/faults/*.py", "incident/explain.py",
        "incident/doubts/*.py", "incident/unseen.py",
    )
    for file in (ROOT / "hamodel").glob(pattern)
)  # fmt: skip
QUOTED = {"warn", "error", "info", "DaemonLine", "stderr", "compile", "removeprefix", "startswith"}
"""What is called with words of the daemon, or with patterns."""
NAMES = {"text", "message", "help", "said", "what", "why", "repair", "steps", "advice"}
"""Variables and arguments that hold sentences."""
CALLS = {
    "finding",
    "Finding",
    "Advice",
    "refuse",
    "_idle",
    "_fence",
    "_advice",
    "_refuse",
    "_wrong",
    "_remark",
    "append",
    "missing",
    "broken",
}
HOLE, MANY = "zq1", 24


def variants(node: ast.expr) -> list[str]:
    """What a constant, an f-string, a choice or a sum of these can be, `zq1` for whatever is put in."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr(values=parts):
            each = [variants(p.value) if isinstance(p, ast.FormattedValue) else variants(p) for p in parts]
            return ["".join(parts) for parts in product(*each)][:MANY]
        case ast.IfExp(body=one, orelse=other):
            return [*variants(one), *variants(other)]
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            return [a + b for a, b in product(variants(left), variants(right))]
        case _:
            return [HOLE]


def sentences(file: Path) -> Iterator[str]:
    """All texts given to the calls and names above."""
    for node in ast.walk(ast.parse(file.read_text())):
        given: list[ast.expr] = []
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in NAMES:
                given = [value]
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in CALLS:
                given = [*node.args, *(k.value for k in node.keywords if k.arg in NAMES | {"label"})]
        for each in given:
            yield from variants(each)


PIECES = {
    "nothing unsafe; nobody had zq1 zq1, after zq1": "nothing unsafe; nobody had x to the end, after y",
    "the clock of zq1 is zq1 s zq1 that of zq1: times of two nodes are not compared here":
        "the clock of a is 3 s ahead of that of b: times of two nodes are not compared here",
    "zq1 carried nothing between zq1 and zq1 any morezq1zq1":
        "eth0 carried nothing between a and b any more, at a's end, the only medium",
}  # fmt: skip
"""Sentences whose holes hold words of their own, each with one as it is said."""


@pytest.mark.parametrize("sentence", PIECES.values())
def test_a_sentence_of_pieces_is_said_in_chinese(sentence: str) -> None:
    assert not ENGLISH.search(language("zh")(sentence))


def is_prose(text: str) -> bool:
    words = re.findall(r"[a-z]{2,}", text.replace(HOLE, ""))
    return len(words) > 1 and " " in text.strip() and not text[:1].isspace() and text not in PIECES


SENTENCES = sorted({text for file in FILES for text in sentences(file) if is_prose(text)})


def test_there_are_sentences() -> None:
    assert len(SENTENCES) > 300


@pytest.mark.parametrize("sentence", SENTENCES)
def test_it_is_said_in_chinese_with_all_its_facts(sentence: str) -> None:
    said = language("zh")(sentence)

    assert re.search(r"[\u4e00-\u9fff]", said), "the catalogue has no form for it"
    assert said.count(HOLE) == sentence.count(HOLE)


ENGLISH = re.compile(r"\b(?:the|is|are|was|has|not|and|it|its|nothing|nobody|without|which|that|they|before)\b")
QUOTES = re.compile(r"\S*/\S*|\[[^\]]*\]|heartbeat 的输出.*|^\s*\d* *\|.*|.*-->.*|“[^”]*”|\"We are dead\"")


def english_in(shown: str) -> list[str]:
    unquoted = re.sub(r"`[^`]*`", "", shown)
    lines = (QUOTES.sub("", line) for line in unquoted.splitlines() if "# " not in line)
    return [line for line in lines if ENGLISH.search(line)]


@pytest.mark.parametrize("name", ["config", "review"])
@pytest.mark.parametrize("spec", sorted((ROOT / "specs").glob("*/")), ids=lambda path: path.name)
def test_what_the_reader_says_of_a_spec_has_no_english_sentence(name: str, spec: Path) -> None:
    fast = ["--fast", "--quiet"] if name == "review" else []
    shown = CliRunner().invoke(command, [name, str(spec), "--lang", "zh", *fast]).output.split("实践规则")[0]

    lines = shown.splitlines()
    begin = next(i for i, line in enumerate(lines) if re.match(r"未检查|检查范围|启动|  keepalive|错误", line))
    assert english_in("\n".join(lines[begin:])) == []


TRACES = sorted((SHARED / "traces").glob("*/"))[::6] if (SHARED / "traces").is_dir() else []


@pytest.mark.parametrize("trace", TRACES, ids=lambda path: path.name)
def test_an_explanation_has_no_english_sentence(trace: Path) -> None:
    shown = CliRunner().invoke(command, ["explain", str(trace), "--lang", "zh", "--quiet"]).output

    assert english_in(shown) == []


def test_a_refusal_is_said_in_chinese_and_the_daemon_is_quoted(tmp_path: Path) -> None:
    (tmp_path / "ha.cf").write_text("keepalive 2\ndeadtime 3\nbcast eth0\nnode a b\nauto_failback maybe\n")
    (tmp_path / "haresources").write_text("a 10.0.0.1\n")

    done = CliRunner().invoke(command, ["config", str(tmp_path), "--lang", "zh"])

    assert "deadtime 3 s 必须大于 keepalive 2 s 的两倍" in done.output
    assert "auto_failback 不接受 `maybe`" in done.output
    assert "heartbeat 的输出: ERROR: " in done.output
