"""Looks at the run while it goes on, with another client: how much is answered, and what is committed."""

import threading
import time

from confluent_kafka import Consumer, KafkaException, TopicPartition

from tests.faults.stored import Sample
from tests.faults.topics import PARTITIONS, Names

LOOK_EVERY_S = 0.1
ANSWER_S = 3.0
LAST_LOOK_WITHIN_S = 30.0


class Watch:
    """Looks in a thread of its own. `answered` counts what the topics of answers hold, markers of transactions too."""

    def __init__(self, servers: str, names: Names) -> None:
        self.samples: list[Sample] = []
        self.answered = 0
        self.committed: dict[int, int] = {}
        self.ends: dict[int, int] = {}
        self._names = names
        self._servers = servers
        self._client = self._new_client()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch")

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def drained(self, acknowledged: int) -> bool:
        """True if at the last look so many requests were there, and all of them committed."""
        ends = self.ends
        there = sum(ends.values()) >= acknowledged
        return there and all(self.committed.get(partition, 0) >= end for partition, end in ends.items())

    def last_look(self) -> None:
        """Look for the last time, when the run is over. TimeoutError if the brokers do not answer."""
        self._end()
        deadline = time.monotonic() + LAST_LOOK_WITHIN_S
        while not self._looked():
            if time.monotonic() > deadline:
                raise TimeoutError(f"the brokers at {self._servers} do not answer")
        self._client.close()

    def _end(self) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(LOOK_EVERY_S):
            self._looked()

    def _looked(self) -> bool:
        """Look once; False if the brokers did not answer."""
        try:
            self._look()
        except KafkaException:
            # After a change of the leader librdkafka may ask with the old epoch, and be refused, for ever.
            self._client.close()
            self._client = self._new_client()
            return False
        return True

    def _look(self) -> None:
        committed = self._committed()
        # In this order: what was committed then must have been answered by now.
        results, dead_letters = self._ends(self._names.results), self._ends(self._names.dead_letters)
        for partition, offset in committed.items():
            if offset != self.committed.get(partition):
                self.samples.append(Sample(partition, offset, results[partition], dead_letters[partition]))
        self.committed = committed
        self.ends = self._ends(self._names.requests)
        self.answered = sum(results.values()) + sum(dead_letters.values())

    def _committed(self) -> dict[int, int]:
        places = [TopicPartition(self._names.requests, partition) for partition in range(PARTITIONS)]
        return {place.partition: max(0, place.offset) for place in self._client.committed(places, ANSWER_S)}

    def _ends(self, topic: str) -> dict[int, int]:
        found: dict[int, int] = {}
        for partition in range(PARTITIONS):
            ends = self._client.get_watermark_offsets(TopicPartition(topic, partition), ANSWER_S)
            if ends is None:
                raise KafkaException(f"no answer for {topic}/{partition}")
            found[partition] = ends[1]
        return found

    def _new_client(self) -> Consumer:
        return Consumer(
            {
                "bootstrap.servers": self._servers,
                "client.id": "faults-watch",
                "group.id": self._names.group,
                "enable.auto.commit": False,
                "isolation.level": "read_uncommitted",
                "reconnect.backoff.max.ms": 500,
                "log_level": 0,
            }
        )
