"""The script lines of a recorded node, taken apart: one block for each ResourceManager, and the lines outside of any.

Agents run beside each other and name no parent, so a line goes to the youngest ResourceManager that waits for it: for
a status of its next resource, or for the script that it has called last.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from hamodel.ir.trace import LogLine
from hamodel.logs.formats import Entry, Writer
from hamodel.logs.host import Resource, resource
from hamodel.logs.journal import Said

STATUS = {" Resource is stopped": "resource-status-stopped", " Running OK": "resource-status-running"}
OTHERS = ("harc", "ip-request-resp", "mach_down", "hb_standby")

Line = tuple[str, str, str]
"""The tag without its process number, level and text."""


def line_of(entry: Entry | Said) -> Line:
    return entry.tag, entry.level, entry.text


def is_manager(tag: str) -> bool:
    return tag.startswith("ResourceManager")


@dataclass(slots=True)
class Block:
    """What one ResourceManager and the agents it called have written."""

    group: str
    lines: list[Line] = field(default_factory=list)
    events: list[LogLine] = field(default_factory=list)
    running: tuple[Resource, str] | None = None
    """The script at work, and what it is to do."""

    @property
    def resources(self) -> list[str]:
        return self.group.split()[1:]

    @property
    def taking(self) -> bool:
        return self.events[0].key == "acquire-group" and not any(e.key == "group-giving-up" for e in self.events)

    def says(self, key: str, word: str = "") -> None:
        fields = [("group", self.group)] + ([("resource", word)] if word else [])
        self.events.append(LogLine(0, key, tuple(fields)))

    def waits_for(self, what: str, line: Line) -> bool:
        """Whether a line of this instance can come from a script that this ResourceManager has called."""
        if line[2] in STATUS:
            if not self.taking:
                return self.events[-1].key == "resource-stop-failed"
            place = self.asked()
            return place < len(self.resources) and resource(self.resources[place]).instance == what
        return self.running is not None and self.running[0].instance == what

    def asked(self) -> int:
        """The place of the next resource to be asked."""
        for place, word in enumerate(self.resources):
            told = [e.key for e in self.events if dict(e.fields).get("resource") == word]
            if not told:
                return place
        return len(self.resources)

    def word(self, script: str, args: str) -> str:
        """The resource that this script with these arguments is for."""
        found = {(r.script.rsplit("/", 1)[-1], " ".join(r.args)): r.text for r in map(resource, self.resources)}
        return found[script.rsplit("/", 1)[-1], args]


@dataclass(slots=True)
class Taken:
    """All blocks of a node, and the script lines of others."""

    blocks: list[Block] = field(default_factory=list)
    others: list[Line] = field(default_factory=list)
    asked: list[Line] = field(default_factory=list)
    """Status lines outside of any block: those of the child that checks the node's own groups."""
    orphans: list[Line] = field(default_factory=list)
    """Lines of agents whose ResourceManager was killed, or is no longer to be told apart."""


def taken_apart(entries: Iterable[Entry]) -> Taken:
    """The script lines of one node's logfile."""
    found, by_pid = Taken(), dict[int | None, Block]()
    for entry in entries:
        line = line_of(entry)
        name = entry.tag.split("(")[0]
        if entry.writer is not Writer.SCRIPT:
            continue
        if name in OTHERS:
            found.others.append(line)
        elif is_manager(entry.tag):
            _manager(found, by_pid, entry, line)
        else:
            _agent(found, line)
    return found


def _manager(found: Taken, by_pid: dict[int | None, Block], entry: Entry, line: Line) -> None:
    text = entry.text
    head, _, rest = text.partition(": ")
    block = by_pid.get(entry.pid)
    begins = {"Acquiring resource group": "acquire-group", "Releasing resource group": "release-group"}.get(head)
    if begins and (block is None or not block.events or block.events[-1].key != "group-giving-up"):
        block = by_pid[entry.pid] = Block(rest)
        found.blocks.append(block)
    assert block is not None, text
    block.lines.append(line)
    if begins:
        block.says(begins)
        return
    _told(block, text)


def _told(block: Block, text: str) -> None:
    """What a line of ResourceManager within a block stands for."""
    match text.split():
        case ["Running", script, *args, op]:
            word = block.word(script, " ".join(args))
            if block.events[-1].key == "resource-stop-retry":
                pass
            else:
                block.says({"start": "resource-start", "stop": "resource-stop"}[op], word)
            what = resource(word)
            block.running = (what, op) if what.wrapped else None
            if not what.wrapped:
                block.says("resource-started" if op == "start" else "resource-stopped", word)
        case ["Return", "code", *_]:
            failed = dict(block.events[-1].fields)["resource"]
            block.says("resource-start-failed" if block.taking else "resource-stop-failed", failed)
            block.running = None
        case ["Giving", "up", *_, word]:
            block.says("group-giving-up", word)
        case ["Retrying", *_, word]:
            block.says("resource-stop-retry", word.strip("[]"))
        case ["Resource", "STOP", *_]:
            block.says("stop-failure-reboot", dict(block.events[-1].fields)["resource"])
        case ["Killing", *_]:
            pass
        case _:
            raise AssertionError(text)


def _agent(found: Taken, line: Line) -> None:
    tag, _, text = line
    instance = tag.split("(")[1].rstrip(")")
    block = next((b for b in reversed(found.blocks) if b.waits_for(instance, line)), None)
    if block is None:
        (found.asked if text in STATUS else found.orphans).append(line)
        return
    block.lines.append(line)
    if text in STATUS:
        if block.taking:
            block.says(STATUS[text], block.resources[block.asked()])
    elif text == " Success":
        assert block.running is not None
        what, op = block.running
        block.says("resource-started" if op == "start" else "resource-stopped", what.text)
        block.running = None


def deeds(block: Block) -> Iterator[LogLine]:
    """The events of a block; a stop for which the agent had no work found nothing to stop."""
    for number, event in enumerate(block.events):
        word = dict(event.fields).get("resource", "")
        follows = block.events[number + 1].key if number + 1 < len(block.events) else ""
        idle = resource(word).wrapped and not _worked(block, word)
        if event.key == "resource-stop" and follows == "resource-stopped" and idle:
            yield LogLine(0, "resource-stop-idle", event.fields)
        elif not (event.key == "resource-stopped" and idle):
            yield event


def _worked(block: Block, word: str) -> bool:
    """Whether the stop of this resource did something."""
    instance = resource(word).instance
    texts = [text for tag, _, text in block.lines if f"({instance})" in tag]
    return any(text.startswith(("Trying to unmount", "ifconfig ")) for text in texts)
