"""The error that every client here raises when the cluster refuses or does not answer."""

from aiokafka.errors import KafkaError

__all__ = ["KafkaError"]
