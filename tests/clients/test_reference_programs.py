"""The reference programs, written anew: their requests are answered by us, and they understand ours."""

import asyncio
import json
import subprocess
import sys

from tests.kafka_cluster import Cluster, fresh_settings, joined, running, settled, until

PRODUCER = """
import json, sys
from confluent_kafka import Producer
servers, topic, x, y, operation = sys.argv[1:]
producer = Producer({"bootstrap.servers": servers})
message = {"operator_1": x, "operator_2": y, "operation": operation}
producer.produce(topic, value=json.dumps(message).encode("utf-8"))
sys.exit(producer.flush(20))
"""

CONSUMER = """
import json, sys
from confluent_kafka import Consumer
servers, topic, count = sys.argv[1:]
consumer = Consumer({"bootstrap.servers": servers, "group.id": "reference", "auto.offset.reset": "earliest"})
consumer.subscribe([topic])
operations = {"sum": lambda x, y: x + y, "sub": lambda x, y: abs(x - y), "mul": lambda x, y: x * y}
answers = []
while len(answers) < int(count):
    message = consumer.poll(1.0)
    if message is not None and not message.error():
        message = json.loads(message.value().decode("utf-8"))
        answers.append(operations[message["operation"]](int(message["operator_1"]), int(message["operator_2"])))
consumer.close()
print(json.dumps(sorted(answers)))
"""


async def program(text: str, *arguments: str) -> str:
    """What a program printed; it runs in a process of its own."""
    command = [sys.executable, "-c", text, *arguments]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, timeout=40, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


async def test_a_request_with_neither_id_nor_key_is_answered(cluster: Cluster) -> None:
    settings = fresh_settings(cluster, count=1)
    async with running(settings) as session:
        await until(lambda: joined(session, 1))
        await program(PRODUCER, cluster.bootstrap_servers, settings.topics.requests, "5", "2", "sum")
        await until(lambda: session.results.total == 1)
        result = session.results[0].result
        assert (result.result, result.error) == ("7", None)
        assert result.id == f"{settings.topics.requests}/{result.partition}/{result.offset}"
        books = session.ledger.accounting()
        assert (books.others_done, books.sent) == (1, 0)


async def test_the_reference_consumer_understands_our_requests(cluster: Cluster) -> None:
    settings = fresh_settings(cluster, count=1)
    async with running(settings) as session:
        session.send("5", "sum", "2")
        session.send("5", "sub", "7", key="k")
        session.send("-5", "mul", "3", partition=0)
        await until(lambda: settled(session))
        printed = await program(CONSUMER, cluster.bootstrap_servers, settings.topics.requests, "3")
        assert json.loads(printed) == [-15, 2, 7]
