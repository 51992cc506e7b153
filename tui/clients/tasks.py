"""Tasks that run until they are cancelled, and somebody who sees it if one ends otherwise."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

log = logging.getLogger(__name__)


def spawn(work: Coroutine[Any, Any, None], name: str) -> "asyncio.Task[None]":
    """Start `work`, which handles its own failures; what it did not foresee is logged as critical."""
    task = asyncio.create_task(work, name=name)
    task.add_done_callback(_report)
    return task


def _report(task: "asyncio.Task[None]") -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.critical("%s ended: %r", task.get_name(), error, exc_info=error)
