"""What a check found."""

from dataclasses import dataclass, field, fields

SHOWN = 5


@dataclass(slots=True)
class Verdict:
    """Findings by kind, each a line that names the request. Without any the run was faultless.

    `doubled` are answers to a request that has one already: the only kind that at-least-once allows.
    """

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    reordered: list[str] = field(default_factory=list)
    unaccounted: list[str] = field(default_factory=list)
    committed_too_soon: list[str] = field(default_factory=list)
    not_committed: list[str] = field(default_factory=list)

    def kinds(self) -> set[str]:
        """The names of the kinds that were found."""
        return {each.name for each in fields(self) if getattr(self, each.name)}

    def __str__(self) -> str:
        lines: list[str] = []
        for kind in (each.name for each in fields(self)):
            found: list[str] = getattr(self, kind)
            lines.append(f"{kind.replace('_', ' ')} {len(found)}")
            lines += [f"    {line:.160}" for line in found[:SHOWN]]
            if len(found) > SHOWN:
                lines.append(f"    and {len(found) - SHOWN} more")
        return "\n".join(lines)
