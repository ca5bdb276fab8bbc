"""Groups: the lines of both haresources under their keys, and the steps their scripts take.

Usually both files are the same. Where they are not, lines with the same key (the first resource) are one group, which
each node knows as its own file has it: with another owner, with fewer resources, in another order, or not at all.
Resources that no property looks at and that follow each other in a group are one step with the sum of their times.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hamodel.config.parts import Group, Resource
from hamodel.config.spec import Spec
from hamodel.errors import NotApplicable
from hamodel.machines.structure import GroupInfo, StepInfo
from hamodel.machines.world import ABSENT


@dataclass(frozen=True, slots=True)
class Grouping:
    """The groups, the resources behind each of their steps, and the order of the groups in each file."""

    groups: tuple[GroupInfo, ...]
    members: tuple[tuple[Resource, ...], ...]
    file_order: tuple[tuple[int, ...], tuple[int, ...]]
    keys: tuple[str, ...]
    """For each group its key, the first resource."""


Pair = tuple[Group | None, Group | None]
Steps = list[tuple[StepInfo, tuple[Resource, ...]]]


def grouping(spec: Spec) -> Grouping:
    """The groups of a spec. Raises NotApplicable where the two files cannot be laid side by side."""
    first, second = (tuple(spec.cluster.per_node[name].groups) for name in spec.pair)
    if _texts(first) == _texts(second):
        pairs: list[Pair] = list(zip(first, second, strict=True))
        orders = (tuple(range(len(first))), tuple(range(len(first))))
    else:
        pairs = _paired(first, second)
        keys = [group.key for pair in pairs for group in pair if group is not None]
        keys = list(dict.fromkeys(keys))
        orders = (tuple(keys.index(g.key) for g in first), tuple(keys.index(g.key) for g in second))
    infos, members = [], []
    for pair in pairs:
        info, parts = _group(pair, spec)
        infos.append(info)
        members += parts
    return Grouping(tuple(infos), tuple(members), orders, tuple(g.key for pair in pairs if (g := pair[0] or pair[1])))


def _texts(groups: Sequence[Group]) -> list[list[str]]:
    return [[r.text for r in g.resources] for g in groups]


def _paired(first: Sequence[Group], second: Sequence[Group]) -> list[Pair]:
    """The lines of the two files with the same key side by side."""
    for groups in (first, second):
        keys = [g.key for g in groups]
        if twice := [key for key in keys if keys.count(key) > 1]:
            raise NotApplicable(
                f"the two nodes have different haresources, and one has two lines for {twice[0]}",
                help="give each line a first resource of its own",
            )
    places: list[dict[str, str]] = [{r.text: g.key for g in groups for r in g.resources} for groups in (first, second)]
    for text, key in places[0].items():
        if places[1].get(text, key) != key:
            raise NotApplicable(
                f"{text} stands in different groups in the two haresources, which is not modelled",
                help="make the files equal",
            )
    twin = {g.key: g for g in second}
    known = {g.key for g in first}
    return [(g, twin.get(g.key)) for g in first] + [(None, g) for g in second if g.key not in known]


def _group(pair: Pair, spec: Spec) -> tuple[GroupInfo, list[tuple[Resource, ...]]]:
    one, two = pair
    if one is not None and two is not None and _texts([one]) != _texts([two]):
        union = _union(one.resources, two.resources)
        steps: Steps = [(_info(r, spec), (r,)) for r in union]
        texts = [r.text for r in union]
        order = (_order(one, texts), _order(two, texts))
    else:
        known = one or two
        steps = _steps(known.resources if known else (), spec)
        whole = tuple(range(len(steps)))
        order = (whole if one else (), whole if two else ())
    return (
        GroupInfo(
            lines=(_line(one), _line(two)),
            owners=(_owner(one, spec), _owner(two, spec)),
            steps=tuple(info for info, _ in steps),
            order=order,
        ),
        [members for _, members in steps],
    )


def _order(group: Group, texts: Sequence[str]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(texts.index(r.text) for r in group.resources))


def _union(first: Sequence[Resource], second: Sequence[Resource]) -> list[Resource]:
    """All resources, those only the second file has behind what stands before them there."""
    found = list({r.text: r for r in first}.values())
    before = ""
    for resource in second:
        texts = [r.text for r in found]
        if resource.text not in texts:
            found.insert(texts.index(before) + 1 if before else 0, resource)
        before = resource.text
    return found


def _line(group: Group | None) -> str:
    if group is None:
        return ""
    return " ".join((group.line or " ".join([group.owner, *(r.text for r in group.resources)])).split())


def _owner(group: Group | None, spec: Spec) -> int:
    if group is None:
        return ABSENT
    return spec.pair.index(group.owner) if group.owner in spec.pair else 2


def _info(resource: Resource, spec: Spec) -> StepInfo:
    device = resource.device or resource.text if spec.is_exclusive(resource) else ""
    return StepInfo(resource.text, resource.type, resource.is_address, device)


def _steps(resources: Sequence[Resource], spec: Spec) -> Steps:
    """The steps of a group, each with its resources: neighbours that no property looks at are one."""
    steps: Steps = []
    for position, resource in enumerate(resources):
        info = _info(resource, spec)
        plain = not info.address and not info.device
        if plain and position > 1 and steps and not steps[-1][0].address and not steps[-1][0].device:
            before, members = steps[-1]
            merged = StepInfo(f"{before.text} {info.text}", before.resource_type, False, "")
            steps[-1] = (merged, (*members, resource))
        else:
            steps.append((info, (resource,)))
    return steps
