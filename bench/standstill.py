"""How long a partition stands still on real Apache Kafka when a worker leaves, joins or is killed."""

import os
import signal
import statistics
import subprocess
import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from itertools import pairwise

import msgspec
from confluent_kafka import Consumer, Message, Producer
from confluent_kafka import TopicPartition as Place
from confluent_kafka.admin import AdminClient, NewTopic  # type: ignore[attr-defined]

from bench.delivery import MODES, real_kafka
from bench.load import REQUEST
from bench.report import Figure

PARTITIONS = 8
PER_S = 50  # requests to each partition
SESSION_S = 6.0
WARM_UP_S = 15.0
WATCHED_S = 6.0  # after a worker left or began to start, and after the session of a killed one was over
_WITHIN_S = 30.0
TARGETS: dict[str, float | None] = {
    "nothing happens": None,
    "a worker leaves": 1.0,
    "a worker joins": 1.0,
    "a worker is killed": SESSION_S + 1.0,
}


class _Result(msgspec.Struct):
    """Which request a result answers."""

    partition: int
    offset: int


def _nothing() -> None:
    """No change."""


_decode = msgspec.json.Decoder(_Result).decode


class Flow:
    """Requests to every partition at a steady rate, and when their results arrived at a reader of committed records.

    What it measures is what somebody sees who waits for results: of a transaction nothing arrives before its end.
    """

    def __init__(self, address: str, topic: str) -> None:
        self.requests, self.results = f"{topic}.requests", f"{topic}.results"
        self.sent = 0
        self.answered: dict[tuple[int, int], int] = defaultdict(int)  # by place of the request
        self.arrivals: list[list[float]] = [[] for _ in range(PARTITIONS)]
        self._address = address
        self._over = threading.Event()
        self._sent_all = threading.Event()
        self._threads = [threading.Thread(target=work) for work in (self._send, self._read)]

    def __enter__(self) -> "Flow":
        admin = AdminClient({"bootstrap.servers": self._address})
        names = (self.requests, self.results, f"{self.requests}.dlq")
        for made in admin.create_topics([NewTopic(name, PARTITIONS, 1) for name in names]).values():
            made.result()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._sent_all.set()
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _send(self) -> None:
        producer = Producer({"bootstrap.servers": self._address, "linger.ms": 0})
        begun, tick = time.monotonic(), 0
        while not self._sent_all.wait(max(0.0, begun + tick / PER_S - time.monotonic())):
            for partition in range(PARTITIONS):
                producer.produce(self.requests, REQUEST, partition=partition)
                self.sent += 1
            producer.poll(0)
            tick += 1
        producer.flush(_WITHIN_S)

    def _read(self) -> None:
        reader = Consumer(
            {
                "bootstrap.servers": self._address,
                "group.id": f"{self.results}-reader",
                "enable.auto.commit": False,
                "isolation.level": "read_committed",
                "fetch.wait.max.ms": 10,
            }
        )
        reader.assign([Place(self.results, partition, 0) for partition in range(PARTITIONS)])
        while not self._over.is_set():
            for message in reader.consume(500, 0.01):
                self._arrived(message, time.monotonic())
        reader.close()

    def _arrived(self, message: Message, now: float) -> None:
        if message.error() is not None:
            raise RuntimeError(f"the results cannot be read: {message.error()}")
        result = _decode(message.value() or b"")
        self.answered[result.partition, result.offset] += 1
        self.arrivals[message.partition() or 0].append(now)

    def working(self) -> None:
        """Wait until every partition is answered."""
        self._wait(lambda: all(self.arrivals), "the first results")

    def accounted(self) -> str:
        """Send no more, wait for the rest, and say how many were lost and how many were answered again."""
        self._sent_all.set()
        self._threads[0].join()
        self._wait(lambda: len(self.answered) >= self.sent, "all results")
        return f"{self.sent:,} requests, 0 lost, {sum(self.answered.values()) - len(self.answered)} answered again"

    def _wait(self, condition: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + _WITHIN_S
        while not condition():
            if time.monotonic() > deadline:
                raise TimeoutError(f"{len(self.answered)} of {self.sent} requests are answered: {what} did not come")
            time.sleep(0.05)

    def standstills(self, seconds: float, change: Callable[[], None] = _nothing) -> list[float]:
        """Of each partition the longest time without a result in the `seconds` from just before `change`."""
        since = time.monotonic()
        change()
        time.sleep(max(0.0, since + seconds - time.monotonic()))
        until = time.monotonic()
        return [_longest_gap(list(arrivals), since, until) for arrivals in self.arrivals]


def _longest_gap(arrivals: list[float], since: float, until: float) -> float:
    last = max((at for at in arrivals if at <= since), default=since)
    within = [last, *(at for at in arrivals if since < at < until), until]
    return max(later - earlier for earlier, later in pairwise(within))


class Crew:
    """`kcalc worker` processes by client id."""

    def __init__(self, address: str, flow: Flow, mode: str) -> None:
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._address = address
        topic = flow.requests.removesuffix(".requests")
        self._environment = os.environ | {
            "KCALC_WORKERS__GROUP": topic,
            "KCALC_WORKERS__DELIVERY": mode,
            "KCALC_WORKERS__SESSION_TIMEOUT_S": str(SESSION_S),
            "KCALC_TOPICS__REQUESTS": flow.requests,
            "KCALC_TOPICS__RESULTS": flow.results,
            "KCALC_TOPICS__DEAD_LETTERS": f"{flow.requests}.dlq",
        }

    def __enter__(self) -> "Crew":
        return self

    def __exit__(self, *_: object) -> None:
        for client_id in [*self._processes]:
            self.end(client_id, signal.SIGTERM)

    def start(self, client_id: str) -> None:
        """Start a worker; it joins when it is ready."""
        command = ["kcalc", "worker", client_id, "--bootstrap-servers", self._address]
        self._processes[client_id] = subprocess.Popen(command, stderr=subprocess.DEVNULL, env=self._environment)

    def end(self, client_id: str, number: signal.Signals) -> None:
        """Send a worker a signal and wait for its end."""
        process = self._processes.pop(client_id)
        process.send_signal(number)
        process.wait(_WITHIN_S)


def _standstills(address: str, mode: str) -> tuple[dict[str, list[list[float]]], str]:
    """Of each kind of change, the standstills of all partitions each time; and what became of all requests."""
    found: dict[str, list[list[float]]] = {what: [] for what in TARGETS}
    with Flow(address, f"standstill-{uuid.uuid4().hex[:8]}") as flow, Crew(address, flow, mode) as crew:
        for number in range(3):
            crew.start(str(number))
        flow.working()
        flow.standstills(WARM_UP_S)
        found["nothing happens"].append(flow.standstills(WATCHED_S))
        for client_id in ("0", "1", "2", "0", "1"):
            found["a worker leaves"].append(flow.standstills(WATCHED_S, partial(crew.end, client_id, signal.SIGTERM)))
            found["a worker joins"].append(flow.standstills(WATCHED_S, partial(crew.start, client_id)))
        for client_id in ("2", "0", "1"):
            kill = partial(crew.end, client_id, signal.SIGKILL)
            found["a worker is killed"].append(flow.standstills(SESSION_S + WATCHED_S, kill))
            flow.standstills(WATCHED_S, partial(crew.start, client_id))
        return found, flow.accounted()


def measure() -> list[Figure]:
    """The longest standstill of any partition for each kind of change, in both deliveries."""
    figures = []
    with real_kafka() as address:
        for mode in MODES:
            found, balance = _standstills(address, mode)
            figures += [_figure(f"{what}, {mode}", times, TARGETS[what]) for what, times in found.items()]
            figures.append(Figure(f"requests meanwhile, {mode}", balance, "0 lost", True))
    return figures


def _figure(what: str, times: list[list[float]], target_s: float | None) -> Figure:
    """Of each time the partition that stood still for longest counts."""
    slowest = [max(standstills) for standstills in times]
    worst, median = max(slowest), statistics.median(slowest)
    measured = f"median {median:.2f} s, worst {worst:.2f} s of {len(times)}"
    met, target = target_s is None or worst <= target_s, "(compare)" if target_s is None else f"≤ {target_s:.0f} s"
    return Figure(f"slowest of {PARTITIONS} partitions stands still when {what}", measured, target, met)
