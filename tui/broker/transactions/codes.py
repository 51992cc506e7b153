"""Error codes of transactions by the version of the API: older clients do not know the newer ones."""

from tui.broker.errors import ErrorCode, KafkaError


def code_in(version: int, error: KafkaError, fenced_since: int) -> ErrorCode:
    """The code of `error`; PRODUCER_FENCED only since that version, before it INVALID_PRODUCER_EPOCH (KIP-360)."""
    if error.code is ErrorCode.PRODUCER_FENCED and version < fenced_since:
        return ErrorCode.INVALID_PRODUCER_EPOCH
    return error.code
