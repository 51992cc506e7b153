"""The limits and delays of the group coordinator."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GroupSettings:
    """Defaults are Apache Kafka's where a client could notice, except the initial delay (3 s there)."""

    min_session_timeout_s: float = 6.0
    max_session_timeout_s: float = 1800.0
    initial_rebalance_delay_s: float = 0.05
    new_member_join_timeout_s: float = 300.0
    max_groups: int = 1000
    max_group_size: int = 500
    max_id_chars: int = 1024  # of a group id and all other names; as strings of older encodings they must fit in 32 KiB
    max_protocols: int = 100  # of one member
    max_member_metadata_bytes: int = 1 << 16
    max_assignment_bytes: int = 1 << 16
    max_state_bytes: int = 64 << 20  # metadata and assignments of all members of all groups
    max_offset_metadata_chars: int = 4096
    max_offsets_per_group: int = 100_000
