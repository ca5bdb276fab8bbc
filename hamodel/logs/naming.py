"""What a rule names by a number, a journal knows by its text: nodes, groups, resources, sets of resources."""

from __future__ import annotations

from collections.abc import Mapping

from hamodel.errors import ModelError
from hamodel.logs.host import Host

_RSC_TYPES = ("none", "local", "foreign", "all")


class Naming:
    """The part of a journal that finds names; fields may hold a name or its index."""

    __slots__ = ()

    host: Host
    names: tuple[str, str]

    def node(self, value: str) -> str:
        """A node given by name or by its index."""
        return self.names[int(value)] if value in ("0", "1") else value

    def group(self, fields: Mapping[str, str]) -> str:
        """The haresources line meant by `group`, given as its text, its key or its index; empty if not given."""
        wanted = fields.get("group", "")
        if wanted.isdigit():
            if int(wanted) >= len(self.host.groups):
                help = f"{self.host.name} knows {len(self.host.groups)} groups"
                raise ModelError(f"there is no group number {wanted}", help=help)
            return self.host.groups[int(wanted)]
        for line in self.host.groups:
            if line.split()[1:2] == [wanted]:
                return line
        return wanted

    def resource_text(self, fields: Mapping[str, str]) -> str:
        """The resource meant by `resource`, given as its text or as its place in the group."""
        wanted = fields.get("resource", "")
        if not wanted.isdigit():
            return wanted
        words = self.group(fields).split()[1:]
        if int(wanted) >= len(words):
            raise ModelError(f"there is no resource number {wanted} in the group {fields.get('group', '')!r}")
        return words[int(wanted)]


def rsc_type(value: str) -> str:
    """A set of resources by its word or by its bits: 1 local, 2 foreign."""
    return _RSC_TYPES[int(value)] if value in ("0", "1", "2", "3") else value.lower()
