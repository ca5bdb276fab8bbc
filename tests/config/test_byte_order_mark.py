"""A byte order mark is invisible: what stumbles over it must say so."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from hamodel.config.cluster import ConfigurationRefused, read_cluster
from hamodel.config.spec import read_spec

SPEC = Path(__file__).resolve().parents[2] / "specs" / "01-webdata"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(SPEC, tmp_path / "pair")


def marked(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())


def test_heartbeat_refuses_a_marked_ha_cf_and_the_repair_names_the_mark(folder: Path) -> None:
    marked(folder / "ha.cf")

    with pytest.raises(ConfigurationRefused) as caught:
        read_cluster([folder])

    assert "byte order mark" in caught.value.errors[0].help


def test_a_marked_spec_is_read(folder: Path) -> None:
    marked(folder / "spec.toml")

    assert read_spec([folder]).title == read_spec([SPEC]).title
