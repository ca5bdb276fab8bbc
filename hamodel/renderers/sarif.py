"""SARIF 2.1.0, which code scanning reads: every issue a result in its place, its story a code flow.

What passes is no result, because some readers make an alert of every result; what is accepted is a suppressed one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from hamodel.ir.answers import ERROR, NOTE, WARNING, Answers
from hamodel.ir.report import ConfigLine
from hamodel.renderers.issues import Issue, clean, issues, relative, told

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {ERROR: "error", WARNING: "warning", NOTE: "note"}
Tree = Mapping[str, object]


def render(answers: Answers, root: Path = Path(), *, version: str = "", exit_code: int = 0) -> str:
    """The document: one run of one tool over all configurations."""
    return printed(as_object(answers, root, version=version, exit_code=exit_code))


def printed(tree: Tree) -> str:
    """A document as text, with a line feed at its end."""
    return json.dumps(tree, indent=2, ensure_ascii=False) + "\n"


def as_object(answers: Answers, root: Path = Path(), *, version: str = "", exit_code: int = 0) -> Tree:
    """What `render` writes."""
    return document(list(issues(answers)), root, version, exit_code, finished=not answers.interrupted)


def document(found: Sequence[Issue], root: Path, version: str, exit_code: int, *, finished: bool) -> Tree:
    """One run of one tool that found these."""
    rules = {issue.rule: issue for issue in reversed(found)}
    index = {rule: number for number, rule in enumerate(sorted(rules))}
    driver: dict[str, object] = {"name": "hamodel", "rules": [_rule(rules[rule]) for rule in index]}
    if version:
        driver["version"] = version
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "where the check was started"}}},
        "invocations": [{"executionSuccessful": finished, "exitCode": exit_code}],
        "results": [_result(issue, index[issue.rule], root) for issue in found],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(issue: Issue) -> Tree:
    found: dict[str, object] = {"id": issue.rule, "defaultConfiguration": {"level": LEVELS[issue.level]}}
    if issue.about:
        found["shortDescription"] = {"text": clean(issue.about)}
    return found


def _result(issue: Issue, index: int, root: Path) -> Tree:
    text = f"{issue.cluster}: {issue.message}" if issue.cluster else issue.message
    text += "".join(f"\nheartbeat says: {line}" for line in issue.daemon)
    text += f"\nhelp: {issue.help}" if issue.help else ""
    found: dict[str, object] = {
        "ruleId": issue.rule,
        "ruleIndex": index,
        "level": LEVELS[issue.level],
        "message": {"text": clean(text)},
        "partialFingerprints": {"hamodel/v1": issue.fingerprint},
    }
    here = _location(issue, root)
    if here is not None:
        found["locations"] = [here]
    if issue.also:
        found["relatedLocations"] = [
            {"id": number, **_line(line, root), "message": {"text": clean(line.text)}}
            for number, line in enumerate(issue.also, 1)
        ]
    if issue.story:
        steps = [
            {"location": {**(here or {}), "message": {"text": clean(told(line))}}, "executionOrder": number}
            for number, line in enumerate(issue.story, 1)
        ]
        found["codeFlows"] = [{"threadFlows": [{"locations": steps}]}]
    if issue.accepted:
        found["suppressions"] = [{"kind": "external", "justification": clean(f"accepted {issue.accepted}")}]
    return found


def _location(issue: Issue, root: Path) -> Tree | None:
    if not issue.file:
        return None
    place: dict[str, object] = {"artifactLocation": _artifact(issue.file, root)}
    if issue.line:
        region = {"startLine": issue.line}
        if issue.column:
            region |= {"startColumn": issue.column, "endColumn": issue.column + issue.length}
        place["region"] = region
    return {"physicalLocation": place}


def _line(line: ConfigLine, root: Path) -> Tree:
    return {
        "physicalLocation": {"artifactLocation": _artifact(line.file, root), "region": {"startLine": line.line}},
    }


def _artifact(file: str, root: Path) -> Tree:
    name = relative(file, root)
    if PurePosixPath(name).is_absolute():
        return {"uri": "file://" + quote(name, errors="replace")}
    return {"uri": quote(name, errors="replace"), "uriBaseId": "%SRCROOT%"}
