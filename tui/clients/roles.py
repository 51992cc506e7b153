"""Which permissions kcalc's roles need: watching, sending, working, and changing the cluster."""

from tui.clients.permissions import Permission
from tui.settings import Settings

Need = tuple[str, Permission]
"""A role by name, and one permission that it needs."""


def needs(settings: Settings) -> list[Need]:
    """What watching, sending and working need; read-only there is but watching."""
    topics, group = settings.topics, settings.workers.group
    found = [
        ("watch", Permission("Describe", "topic", topics.requests)),
        ("watch", Permission("Read", "topic", topics.results)),
        ("watch", Permission("Read", "topic", topics.dead_letters)),
        ("watch", Permission("Describe", "group", group)),
    ]
    if settings.kafka.read_only:
        return found
    found += [
        ("send", Permission("Write", "topic", topics.requests)),
        ("send", Permission("Read", "topic", topics.results)),
        ("send", Permission("IdempotentWrite", "cluster")),
        ("work", Permission("Read", "topic", topics.requests)),
        ("work", Permission("Write", "topic", topics.results)),
        ("work", Permission("Write", "topic", topics.dead_letters)),
        ("work", Permission("Read", "group", group)),
        ("work", Permission("IdempotentWrite", "cluster")),
    ]
    if settings.workers.delivery == "exactly_once":
        found.append(("work", Permission("Write", "transactional-id", f"{group}-{topics.requests}-", prefixed=True)))
    return found


def cluster_needs(settings: Settings) -> list[Need]:
    """What the cluster view needs to see everything, and to change kcalc's topics unless it is read-only."""
    seeing = ("see sizes, controller and all groups", Permission("Describe", "cluster"))
    if settings.kafka.read_only:
        return [seeing]
    topics = settings.topics
    own = (topics.requests, topics.results, topics.dead_letters)
    return [
        seeing,
        *(("add partitions", Permission("Alter", "topic", name)) for name in own),
        *(("delete it", Permission("Delete", "topic", name)) for name in own),
    ]
