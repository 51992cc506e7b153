"""The embedded broker as a process: says its port, and ends when its stdin does."""

import asyncio
import sys

from tui.broker import BrokerSettings, EmbeddedBroker

#: Members come and go quickly, so that groups reach every state; all else, all limits too, is as by default.
SETTINGS = BrokerSettings(initial_rebalance_delay_s=0.01, min_session_timeout_s=0.5)


async def main() -> None:
    async with EmbeddedBroker(SETTINGS) as broker:
        print(broker.port, flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
