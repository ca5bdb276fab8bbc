"""Groups: the lines of both haresources under their keys, and the steps their scripts take.

Usually both files are the same. Where they are not, lines with the same key (the first resource) are one group, which
each node knows as its own file has it: with another owner, with fewer resources, in another order, or not at all.
A resource that stands in different groups of the two files is one step: it lives in the group of the first file, and
the scripts of the second node find it in theirs. Resources that no property looks at and that follow each other in a
group are one step with the sum of their times.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    """The groups of a spec.

    Raises NotApplicable where the two files cannot be laid side by side, or a resource stands in two lines of one.
    """
    first, second = (tuple(spec.cluster.per_node[name].groups) for name in spec.pair)
    _each_resource_in_one_line(first)
    _each_resource_in_one_line(second)
    strays: dict[str, str] = {}
    if _texts(first) == _texts(second):
        pairs: list[Pair] = list(zip(first, second, strict=True))
        orders = (tuple(range(len(first))), tuple(range(len(first))))
    else:
        pairs = _paired(first, second)
        strays = _strays(first, second)
        keys = [group.key for pair in pairs for group in pair if group is not None]
        keys = list(dict.fromkeys(keys))
        orders = (tuple(keys.index(g.key) for g in first), tuple(keys.index(g.key) for g in second))
    laid = [_own_steps(pair, strays, spec) for pair in pairs]
    numbers: list[dict[str, int]] = []
    """For each group the step behind each of its own resources, counted through all groups."""
    begin = 0
    for steps in laid:
        numbers.append({r.text: begin + i for i, (_, members) in enumerate(steps) for r in members})
        begin += len(steps)
    homes = {g.key: own for g, own in zip(first, numbers, strict=False)}
    names = tuple(g.key for pair in pairs if (g := pair[0] or pair[1]))
    infos = []
    for pair, steps, own in zip(pairs, laid, numbers, strict=True):
        away = {text: homes[home][text] for text, home in strays.items()}
        infos.append(
            GroupInfo(
                lines=(_line(pair[0]), _line(pair[1])),
                owners=(_owner(pair[0], spec), _owner(pair[1], spec)),
                steps=tuple(info for info, _ in steps),
                order=(_order(pair[0], {**away, **own}), _order(pair[1], {**away, **own})),
            )
        )
    return Grouping(tuple(infos), tuple(members for steps in laid for _, members in steps), orders, names)


def _texts(groups: Sequence[Group]) -> list[list[str]]:
    return [[r.text for r in g.resources] for g in groups]


def _each_resource_in_one_line(groups: Sequence[Group]) -> None:
    """Two lines with one resource are two groups that stop each other's: none of the rules is about such a pair.

    Lines with the same first resource are even read as one (3.0.6 was asked: with one address under both nodes each
    took `node1 ADDRESS node2 ADDRESS` for its group, found no script called node2, and nobody had the address).
    """
    seen: dict[str, Group] = {}
    for group in groups:
        for what in _identities(group):
            other = seen.setdefault(what, group)
            if other is not group:
                raise NotApplicable(
                    f"{what} stands in two lines of haresources: `{_line(other)}` and `{_line(group)}`",
                    help="write it in one; ResourceManager reads lines with the same first resource as one line",
                )


def _identities(group: Group) -> list[str]:
    """What a second line must not have: the words, the addresses, the disks; an NFS export may be mounted twice."""
    names = [n for r in group.resources for n in (r.text, r.address, r.device if r.is_block_mount or r.is_drbd else "")]
    return [name for name in dict.fromkeys(names) if name]


def _paired(first: Sequence[Group], second: Sequence[Group]) -> list[Pair]:
    """The lines of the two files with the same key side by side."""
    for groups in (first, second):
        keys = [g.key for g in groups]
        if twice := [key for key in keys if keys.count(key) > 1]:
            raise NotApplicable(
                f"the two nodes have different haresources, and one has two lines for {twice[0]}",
                help="give each line a first resource of its own",
            )
    twin = {g.key: g for g in second}
    known = {g.key for g in first}
    return [(g, twin.get(g.key)) for g in first] + [(None, g) for g in second if g.key not in known]


def _strays(first: Sequence[Group], second: Sequence[Group]) -> dict[str, str]:
    """The resources that the second file has in other groups than the first, with the key of their group there."""
    places = {(g.key, r.text) for g in first for r in g.resources}
    homes = {r.text: g.key for g in reversed(first) for r in g.resources}
    wanted = [(g.key, r.text) for g in second for r in g.resources]
    return {text: homes[text] for key, text in wanted if text in homes and (key, text) not in places}


def _own_steps(pair: Pair, strays: Mapping[str, str], spec: Spec) -> Steps:
    """The steps that live in this group: what either file has, without what lives in another one."""
    one, two = pair
    away = {r.text for r in two.resources if r.text in strays} if two else set()
    if one is not None:
        away -= {r.text for r in one.resources}
    if one is not None and two is not None and _texts([one]) != _texts([two]):
        known = _union(one.resources, [r for r in two.resources if r.text not in away])
    else:
        whole = one or two
        known = [r for r in whole.resources if r.text not in away] if whole else []
        if not any(r.text in strays for r in known) and not away:
            return _steps(known, spec)
    return [(_info(r, spec), (r,)) for r in known]


def _order(group: Group | None, steps: Mapping[str, int]) -> tuple[int, ...]:
    """The steps of a line from left to right; none where there is no line."""
    return tuple(dict.fromkeys(steps[r.text] for r in group.resources)) if group else ()


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
