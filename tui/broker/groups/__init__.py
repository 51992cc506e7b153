"""Consumer groups of the embedded broker: the classic group protocol and committed offsets, no I/O."""

from tui.broker.groups.groups import Groups
from tui.broker.groups.settings import GroupSettings

__all__ = ["GroupSettings", "Groups"]
