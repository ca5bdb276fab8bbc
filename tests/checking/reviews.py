"""Reviews of small clusters on disk, so that a test shows the line it is about and nothing else."""

from __future__ import annotations

from pathlib import Path

from hamodel.checking.review import review, review_refused
from hamodel.checking.review_logs import logs_in, read_log
from hamodel.config.cluster import ConfigurationRefused
from hamodel.config.spec import read_spec
from hamodel.ir.review import Remark, Review
from hamodel.ir.verdict import Limits
from hamodel.properties.loader import load

CAREFUL = """\
logfacility local0
use_logd on
keepalive 2
deadtime 30
warntime 4
initdead 120
bcast eth1 eth2
watchdog /dev/watchdog
auto_failback off
node node1 node2
stonith_host * external/ipmi /etc/fence
"""
"""A pair that breaks no rule of practice."""
GROUP = "node1 10.0.0.1/24/eth1 httpd\n"
DISK = "node1 Filesystem::/dev/sdb1::/m::ext3 10.0.0.1/24/eth1\n"
DRBD = "node1 drbddisk::r0 Filesystem::/dev/drbd0::/m::ext3 10.0.0.1/24/eth1\n"
KEYS = "auth 1\n1 sha1 secret\n"


def put(
    folder: Path,
    hacf: str = CAREFUL,
    haresources: str | None = GROUP,
    authkeys: str = KEYS,
    log: str | None = None,
    mode: int = 0o600,
) -> Path:
    """The files of a cluster; those of the keys closed."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ha.cf").write_text(hacf)
    (folder / "ha.cf").chmod(mode)
    if haresources is not None:
        (folder / "haresources").write_text(haresources)
    (folder / "authkeys").write_text(authkeys)
    (folder / "authkeys").chmod(0o600)
    if log is not None:
        (folder / "ha-log").write_text(log)
    return folder


def reviewed(folder: Path, *, fast: bool = True, overrides: dict[str, object] | None = None) -> Review:
    """The review of a folder, by reading alone unless `fast` is False."""
    logs = [read_log(path) for path in logs_in([folder])]
    try:
        spec = read_spec([folder], None, overrides)
    except ConfigurationRefused as refusal:
        return review_refused(refusal, str(folder), "3.0.6", logs)
    return review(spec, str(folder), load(), logs, Limits(seconds=60), lambda *_: None, fast=fast)


def found(review: Review, code: str) -> Remark:
    """The one finding with this code."""
    return next(remark for remark in review.remarks if remark.code == code)


def codes(review: Review) -> set[str]:
    """The codes of all findings."""
    return {remark.code for remark in review.remarks}


def rules(review: Review) -> set[str]:
    """The rules of practice that the findings cite."""
    return {rule.id for remark in review.remarks for rule in remark.rules}
