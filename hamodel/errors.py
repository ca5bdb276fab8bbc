"""Every way hamodel refuses: one class a cause, each with a code, a place and a repair.

HA1xx reading files, HA2xx modelling, HA3xx properties, HA4xx engines, HA9xx our own fault ("please report").
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from hamodel.source import Span, clipped

Say = Callable[[str], str]
"""A sentence in, the same sentence in the reader's language out."""


def as_it_is(text: str) -> str:
    """English, as it was written."""
    return text


class HamodelError(Exception):
    """The root of the tree.

    `help` is the repair, `seen` what else was looked at, `daemon` what Heartbeat itself prints.
    """

    code: ClassVar[str] = "HA900"

    def __init__(
        self,
        message: str,
        *,
        span: Span | None = None,
        label: str = "",
        seen: Sequence[str] = (),
        daemon: Sequence[str] = (),
        help: str = "",
    ) -> None:
        super().__init__(message)
        self.message, self.span, self.label, self.help = message, span, label, help
        self.seen, self.daemon = tuple(seen), tuple(daemon)

    def render(self, severity: str = "error", say: Say = as_it_is) -> str:
        """The error in the house's style: code, place, caret, what the daemon would say, repair.

        `say` is the reader's language; the daemon's own lines stay as it prints them.
        """
        lines = [f"{say(severity)}[{self.code}]: {clipped(say(self.message))}"]
        if self.span is not None:
            lines.append(self.span.pointer(say(self.label)))
        lines += [f"  = {say('seen')}: {clipped(say(text))}" for text in self.seen]
        lines += [f"  = {say('heartbeat says')}: {clipped(text)}" for text in self.daemon]
        if self.help:
            lines.append(f"  = {say('help')}: {say(self.help)}")
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.render()


class ModelError(HamodelError):
    """A rule, a timer or a cast of machines that cannot be composed.

    Our own files are at fault, or a dimension is too large.
    """

    code = "HA200"


class NotApplicable(HamodelError):
    """The configuration is legal, but what it asks for is outside the model (CRM mode, more than two nodes)."""

    code = "HA210"


class NotModelled(NotApplicable):
    """A scenario does something for which the model has no action yet."""

    code = "HA211"


class PropertyError(HamodelError):
    """A property file or expression that cannot be read."""

    code = "HA300"


class BrokenPropertyFile(PropertyError):
    """A property file that Python cannot read, or that fails while it is asked."""

    code = "HA301"


class UnknownObservable(PropertyError):
    """A property asks for something no machine of this cluster shows."""

    code = "HA302"


class BadExpression(PropertyError):
    """A formula given on the command line that cannot be read."""

    code = "HA303"


class NotAFormula(PropertyError):
    """A property function that returns, or joins, something that is no formula."""

    code = "HA304"


class UnknownProperty(PropertyError):
    """No property file has this name."""

    code = "HA305"


class BadBound(PropertyError):
    """A `within` that is no length of time."""

    code = "HA306"


class BadFairness(PropertyError):
    """A fairness constraint that names nothing, a fault, or stands where there is nothing to wait for."""

    code = "HA308"


class DoubleProperty(PropertyError):
    """Two property files define one name."""

    code = "HA307"


class EngineUnavailable(HamodelError):
    """An engine needs a package that is not installed; `help` names the extra."""

    code = "HA400"


class CannotReplay(HamodelError):
    """An event of a trace is not enabled where the trace says it happened."""

    code = "HA410"


class NoKeptTrace(CannotReplay):
    """A file that should hold a kept trace holds none, so nothing was replayed and no engine is in doubt."""

    code = "HA411"


class EngineLimit(HamodelError):
    """A fixed size of an engine was reached (queue, timers, memory); the verdict would not be complete."""

    code = "HA420"


class NotExportable(HamodelError):
    """What is asked cannot be written in the language of another checker: too large, or it has no words for it."""

    code = "HA430"


class NoUnknown(HamodelError):
    """An option cannot be kept open: a rule decides by it, or it is no length of time of this cluster."""

    code = "HA431"


class UnknownQuestion(HamodelError):
    """A question in words that fits no form, or that names a part this cluster has not."""

    code = "HA432"


class NoWorkers(HamodelError):
    """The cluster that was to do the work cannot be reached, has no workers, or runs another hamodel."""

    code = "HA440"


class EnginesDisagree(HamodelError):
    """Two independent computations of one fact differ: do not trust either, please report."""

    code = "HA901"


class ConfigurationError(HamodelError):
    """Something in the files an administrator wrote that Heartbeat, or hamodel, does not accept."""

    code = "HA100"


class FileUnreadable(ConfigurationError):
    """A file is missing, is a directory, or cannot be opened."""

    code = "HA101"


class IllegalDirective(ConfigurationError):
    """The first word of a line of ha.cf is no directive of this version."""

    code = "HA102"


class BadValue(ConfigurationError):
    """The value of a directive is outside what its setter accepts."""

    code = "HA103"


class DeadtimeTooSmall(ConfigurationError):
    """A dead time has to be more than twice the keepalive."""

    code = "HA104"


class InitdeadTooSmall(ConfigurationError):
    """The dead time of the start is below the dead time."""

    code = "HA105"


class DeadpingTooSmall(ConfigurationError):
    """A dead time given for ping nodes has to be more than twice the keepalive."""

    code = "HA106"


class NoMedia(ConfigurationError):
    """No line says what heartbeats travel on."""

    code = "HA107"


class NoNodes(ConfigurationError):
    """No line names a member of the cluster."""

    code = "HA108"


class LocalNodeMissing(ConfigurationError):
    """The node that reads the file is not a member by this file."""

    code = "HA109"


class BadMedium(ConfigurationError):
    """A medium or ping line that its plugin refuses."""

    code = "HA110"


class DaemonCrashes(ConfigurationError):
    """A line that kills the daemon instead of being refused."""

    code = "HA111"


class BadStonith(ConfigurationError):
    """A stonith line without the words it needs."""

    code = "HA112"


class BadClient(ConfigurationError):
    """A respawn or failfast line that cannot be started."""

    code = "HA113"


class BadApiAuth(ConfigurationError):
    """An apiauth line that does not parse, or names a client twice."""

    code = "HA114"


class NoLogging(ConfigurationError):
    """Nothing is to be logged anywhere, and the logging daemon is switched off."""

    code = "HA115"


class AutojoinConflict(ConfigurationError):
    """Strangers may join, but haresources knows only the nodes it names."""

    code = "HA116"


class TooMany(ConfigurationError):
    """A fixed table of the daemon is full: 100 nodes, 64 media."""

    code = "HA117"


class GivenTwice(ConfigurationError):
    """A directive that may be given once was given again."""

    code = "HA118"


class BadAuthkeys(ConfigurationError):
    """A line of authkeys that does not parse."""

    code = "HA120"


class AuthkeysPermissions(ConfigurationError):
    """Others may read the keys, so Heartbeat will not."""

    code = "HA121"


class NoAuthKey(ConfigurationError):
    """No key is selected, or the selected one has no line after its selection."""

    code = "HA122"


class BadOwner(ConfigurationError):
    """A line of haresources starts with something that is no node."""

    code = "HA125"


class WrongInputs(ConfigurationError):
    """The paths given are not a form hamodel reads."""

    code = "HA129"


class SpecError(ConfigurationError):
    """spec.toml cannot be read as TOML."""

    code = "HA130"


class UnknownKey(SpecError):
    """A key of spec.toml that means nothing, often a misspelt one."""

    code = "HA131"


class WrongType(SpecError):
    """A value of spec.toml of the wrong kind."""

    code = "HA132"


class OutOfRange(SpecError):
    """A value of spec.toml of the right kind that makes no sense: negative, upside down, or naming nothing there is."""

    code = "HA133"


class UnreadableLog(HamodelError):
    """What was given as a log is missing, a device, or cannot be opened."""

    code = "HA123"


class NotALog(UnreadableLog):
    """Nothing in what was given looks like a line of a log."""

    code = "HA124"


class BrokenArchive(UnreadableLog):
    """A compressed file or an archive that is cut off or damaged."""

    code = "HA126"


class LogTooLarge(UnreadableLog):
    """A compressed log that expands beyond all measure, or an archive with more members than any report has."""

    code = "HA127"


class NewestFirst(UnreadableLog):
    """A log whose lines were turned round, as some viewers print them."""

    code = "HA128"


class BadBaseline(ConfigurationError):
    """An entry of a list of accepted findings that cannot be understood."""

    code = "HA134"


class BadSweep(ConfigurationError):
    """An axis of a sweep that has no values, or too many points in all."""

    code = "HA135"


class RefusalGroup(HamodelError):
    """Several refusals raised as one, because readers collect all problems before they give up."""

    code = "HA139"

    def __init__(self, message: str, errors: Sequence[HamodelError]) -> None:
        super().__init__(message)
        self.errors = tuple(errors)

    def render(self, severity: str = "error", say: Say = as_it_is) -> str:
        """Every refusal in the house's style, then one line that sums them up."""
        told = (error.render(severity, say) for error in self.errors)
        return "\n\n".join([*told, f"{say(severity)}: {say(self.message)}"])


class SpecRefused(RefusalGroup):
    """spec.toml says things that cannot be; `errors` holds all of them."""

    code = "HA138"


class BaselineRefused(RefusalGroup):
    """A list of accepted findings with entries that cannot be understood; `errors` holds all of them."""

    code = "HA137"
