"""The sender of a run: confluent-kafka, acks=all, idempotent; it writes down what it is told of every request."""

import threading
from collections.abc import Callable
from functools import partial

from confluent_kafka import KafkaError, Message, Producer

from tests.faults.history import History

QUEUE = 40_000
POLL_S = 0.05


class Sender:
    """Sends all requests of the history in a thread of its own, at any time no more of them than `allowed()`."""

    def __init__(self, servers: str, topic: str, history: History, allowed: Callable[[], int]) -> None:
        self._topic = topic
        self._history = history
        self._allowed = allowed
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sender")
        self._producer = Producer(
            {
                "bootstrap.servers": servers,
                "client.id": "faults-sender",
                "acks": "all",
                "enable.idempotence": True,
                "linger.ms": 5,
                "message.timeout.ms": 300_000,
                "queue.buffering.max.messages": QUEUE,
                "reconnect.backoff.max.ms": 500,
                # A partition that has no leader when librdkafka looks would wait 5 min for the next look.
                "topic.metadata.refresh.interval.ms": 2_000,
                "log_level": 0,
            }
        )

    def __enter__(self) -> "Sender":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    @property
    def done(self) -> bool:
        """True once every request is sent and acknowledged, or given up."""
        return not self._thread.is_alive()

    def _run(self) -> None:
        for number in range(self._history.count):
            while number >= self._allowed() and not self._ended.is_set():
                self._producer.poll(POLL_S)
            if self._ended.is_set():
                break
            self._send(number)
        while not self._ended.is_set() and self._producer.flush(POLL_S):
            pass

    def _send(self, number: int) -> None:
        message = self._history.message(number)
        self._history.handed_over(number)
        while True:
            try:
                self._producer.produce(
                    self._topic,
                    value=message.value,
                    key=message.key,
                    headers=[*message.headers],
                    partition=message.partition,
                    on_delivery=partial(self._told, number),
                )
            except BufferError:
                self._producer.poll(POLL_S)
                continue
            self._producer.poll(0)
            return

    def _told(self, number: int, error: KafkaError | None, message: Message) -> None:
        # What failed may be stored all the same: only an acknowledgement says something.
        offset = message.offset()
        if error is None and offset is not None:
            self._history.acknowledged(number, offset)
