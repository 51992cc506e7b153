"""Errors in words."""

from aiokafka.errors import (
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    InvalidPartitionsError,
    InvalidReplicationFactorError,
    InvalidTopicError,
    KafkaTimeoutError,
    LeaderNotAvailableError,
    MessageSizeTooLargeError,
    NodeNotReadyError,
    NotLeaderForPartitionError,
    PolicyViolationError,
    RequestTimedOutError,
    TopicAlreadyExistsError,
    TopicAuthorizationFailedError,
    UnknownTopicOrPartitionError,
)

_WORDS: dict[type[BaseException], str] = {
    TimeoutError: "no answer in time",
    KafkaTimeoutError: "no answer in time",
    RequestTimedOutError: "no answer in time",
    NodeNotReadyError: "the broker cannot be reached",
    InvalidPartitionsError: "not a possible number of partitions",
    InvalidReplicationFactorError: "not a possible replication",
    InvalidTopicError: "not a possible name",
    TopicAlreadyExistsError: "the topic exists already",
    PolicyViolationError: "refused by a policy of the cluster",
    LeaderNotAvailableError: "the partition has no leader",
    NotLeaderForPartitionError: "the partition has no leader",
    UnknownTopicOrPartitionError: "the topic does not exist",
    MessageSizeTooLargeError: "larger than the topic's max.message.bytes",
    TopicAuthorizationFailedError: "no permission for the topic",
    GroupAuthorizationFailedError: "no permission for the group",
    ClusterAuthorizationFailedError: "no permission for the cluster",
}


def reason(error: BaseException) -> str:
    """`error` in words, on one line."""
    text = " ".join(str(arg) for arg in error.args).replace("\n", " ")
    if type(error).__module__.startswith("tui."):
        return text
    name = _WORDS.get(type(error)) or type(error).__name__
    return f"{name}: {text}" if text else name
