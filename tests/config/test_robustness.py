"""Nothing a file contains may crash the reader."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from hamodel.config.daemon import Version
from hamodel.config.directives import directives
from hamodel.config.findings import render_findings
from hamodel.config.haresources import read_groups
from hamodel.config.lines import Source
from hamodel.config.reading import Reading
from tests.config import fuzz
from tests.config.helpers import GOOD, GROUP, KEYS, V2, V3, start

VERSIONS = st.sampled_from([V2, V3])
WORDS = st.one_of(
    st.sampled_from(
        [*directives(), "on", "legacy", "500ms", "node1", "10.0.0.1", "225.0.0.1", "::", "\\", "#", ",", "=", "*"]
    ),
    st.text(alphabet="abn01.:/\\#\r\t\0=*-", max_size=8),
)
LINES = st.lists(st.lists(WORDS, max_size=7).map(" ".join), max_size=12).map("\n".join)


def judged(reading: Reading) -> None:
    """A reading either has refusals with a stage and a closing line, or none and a banner."""
    lines = [str(line) for line in reading.draft.console.lines]
    for error in reading.errors:
        error.render().encode()
    render_findings(reading.findings).encode()
    if reading.errors:
        assert reading.stage is not None
        assert lines[-1] in ("ERROR: Configuration error, heartbeat not started.", "crash: Segmentation fault")
    else:
        assert any(line.startswith("info: Configuration validated.") for line in lines)


@given(st.binary(max_size=400), VERSIONS)
@settings(max_examples=60, deadline=None)
def test_any_bytes_are_an_ha_cf(content: bytes, version: Version) -> None:
    judged(start(content, version=version))


@given(LINES, VERSIONS)
@settings(max_examples=150, deadline=None)
def test_any_lines_after_a_good_file_are_judged(lines: str, version: Version) -> None:
    judged(start(GOOD + lines, version=version))


@given(LINES)
@settings(max_examples=80, deadline=None)
def test_any_lines_are_a_haresources(lines: str) -> None:
    judged(start(GOOD, haresources=lines))


@given(st.one_of(st.binary(max_size=200), LINES.map(str.encode)))
@settings(max_examples=80, deadline=None)
def test_any_bytes_are_an_authkeys(content: bytes) -> None:
    judged(start(GOOD, authkeys=content))


@given(st.lists(st.text(alphabet="abn1.:/_-", min_size=1, max_size=12), min_size=1, max_size=6))
@settings(max_examples=80, deadline=None)
def test_every_word_of_a_plain_line_becomes_a_resource_in_its_place(words: list[str]) -> None:
    text = "node1 " + " ".join(words)

    group = read_groups(Source("haresources", text.encode()))[0]

    assert [resource.text for resource in group.resources] == words
    for resource in group.resources:
        assert resource.span is not None
        start_at = resource.span.column - 1
        assert text[start_at : start_at + resource.span.length] == resource.text


@given(st.integers(min_value=1, max_value=10**6), st.integers(min_value=1, max_value=10**7))
@settings(max_examples=80, deadline=None)
def test_a_pair_of_times_is_refused_exactly_when_deadtime_is_not_above_twice_keepalive(keep: int, dead: int) -> None:
    reading = start(GOOD + f"keepalive {keep}ms\ndeadtime {dead}ms\ninitdead 99999999ms\n")

    assert bool(reading.errors) is (dead <= 2 * keep)


def test_a_huge_line_is_read_in_a_moment() -> None:
    judged(start(GOOD + "x" * 200_000))
    judged(start(GOOD, haresources="node1 " + "y " * 20_000))
    judged(start(GOOD, authkeys=KEYS + "z" * 100_000))


def test_a_short_run_of_the_fuzz_loop_finds_no_crash_and_reads_both_kinds() -> None:
    tried, accepted = fuzz.run(1.0, seed=7)

    assert 0 < accepted < tried


def test_the_good_files_of_the_tests_are_good() -> None:
    judged(start(GOOD, haresources=GROUP, authkeys=KEYS))
    assert start(GOOD).errors == ()
