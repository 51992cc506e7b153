"""What the dashboard needs of a running kcalc: the part of `tui.session.Session` that it uses, as types only."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from tui.calc.operations import Operations
from tui.events import DeadLetterReceived, Event
from tui.ledger.dead_letters import DeadLetters
from tui.ledger.figures import Figures
from tui.ledger.own_requests import OwnRequests
from tui.ledger.ring import ResultRing
from tui.settings import Settings

if TYPE_CHECKING:
    from tui.clients.look_up import Looked


class Books(Protocol):
    """The ledger, as far as it is shown."""

    @property
    def own_requests(self) -> OwnRequests: ...

    def figures(self, now: float) -> Figures:
        """Everything the first view shows; `now` in Unix seconds."""
        ...


class RunningSession(Protocol):
    """One running kcalc. See `tui.session.Session` for what each method does and raises."""

    on_event: Callable[[Event], None] | None

    @property
    def settings(self) -> Settings: ...
    @property
    def operations(self) -> Operations: ...
    @property
    def ledger(self) -> Books: ...
    @property
    def results(self) -> ResultRing: ...
    @property
    def dead_letters(self) -> DeadLetters: ...
    @property
    def broker_address(self) -> str | None: ...
    @property
    def broker_embedded(self) -> bool: ...
    @property
    def broker_owned(self) -> bool: ...

    async def start(self) -> None: ...
    async def stop(self) -> None: ...
    def send(
        self,
        x: str,
        operation: str,
        y: str | None,
        *,
        times: int = 1,
        key: str | None = None,
        partition: int | None = None,
    ) -> range: ...
    async def send_again(self, letter: DeadLetterReceived) -> tuple[int, int]: ...
    async def send_corrected(
        self,
        letter: DeadLetterReceived,
        x: str,
        operation: str,
        y: str | None,
        *,
        key: str | None,
        partition: int | None,
    ) -> tuple[int, int]: ...
    def next_partition(self, key: str | None, partition: int | None, partitions: int) -> int | None: ...
    async def look_up(self, topic: str, partition: int, offset: int) -> "Looked | None": ...
    async def add_worker(self) -> str: ...
    async def stop_worker(self, client_id: str) -> None: ...
    async def start_worker(self, client_id: str) -> None: ...
    async def pause_worker(self, client_id: str) -> None: ...
    async def resume_worker(self, client_id: str) -> None: ...
