"""What a person can want of the session: each wish is one call of it, and a failure is told in words."""

from collections.abc import Callable
from dataclasses import replace

from tui.dashboard.formatting import place
from tui.dashboard.lifetime import SessionLife
from tui.dashboard.needs import RunningSession
from tui.dashboard.widgets.form_requests import Submission
from tui.dashboard.widgets.topic_changes import TopicChange
from tui.dashboard.widgets.worker_requests import (
    KillRequested,
    PauseRequested,
    RestartRequested,
    ResumeRequested,
    StartRequested,
    StopRequested,
    WorkerRequested,
)
from tui.events import DeadLetterReceived
from tui.session import SendRefused, SessionError


class Wishes:
    """Sends requests and changes workers; `say` and `warn` tell the person.

    `confirm(words, name, act)` does `act` once the person has typed `name`.
    """

    def __init__(
        self,
        session: RunningSession,
        life: SessionLife,
        say: Callable[[str], None],
        warn: Callable[[str], None],
        confirm: Callable[[str, str, Callable[[], None]], None],
    ) -> None:
        self._session = session
        self._life = life
        self._say = say
        self._warn = warn
        self._confirm = confirm
        self._last: Submission | None = None

    @property
    def read_only(self) -> bool:
        """True if kcalc only watches: no wish that writes is offered."""
        return self._session.settings.kafka.read_only

    def refused(self, what: str) -> bool:
        """True if kcalc only watches; then the person is told `what` does not happen ("no request is sent")."""
        if self.read_only:
            self._warn(f"read-only: {what}")
        return self.read_only

    def destroy(self, words: str, act: Callable[[], None]) -> None:
        """Do what destroys something, or changes it for others: the one place that decides what it takes.

        `words` say what happens ("stop client-1"). In production the profile's name is asked for, elsewhere it is done
        at once. Read-only it is refused.
        """
        profile = self._session.settings.profile
        if self.refused(f"cannot {words}"):
            return
        if profile.production:
            self._confirm(f"{words[:1].upper()}{words[1:]}.", profile.name, act)
        else:
            act()

    @property
    def last(self) -> Submission | None:
        """The request that was sent last, None before the first."""
        return self._last

    def send(self, wish: Submission) -> None:
        """Queue the requests."""
        if self.refused("no request is sent"):
            return
        self._last = replace(wish, corrects=None)
        if wish.corrects is not None:
            self._life.wish("send the corrected request", self._correct(wish, wish.corrects))
            return
        try:
            self._session.send(wish.x, wish.operation, wish.y, times=wish.times, key=wish.key, partition=wish.partition)
        except SendRefused as refusal:
            self._warn(str(refusal))

    def send_again(self, letter: DeadLetterReceived) -> None:
        """Send what a dead letter holds once more."""
        if self.refused("no request is sent"):
            return
        self._life.wish("send it again", self._send_again(letter))

    async def _send_again(self, letter: DeadLetterReceived) -> None:
        stored = await self._session.send_again(letter)
        self._say(f"{place(letter.partition, letter.offset)} was sent again and is {place(*stored)} now")

    async def _correct(self, wish: Submission, letter: DeadLetterReceived) -> None:
        stored = await self._session.send_corrected(
            letter, wish.x, wish.operation, wish.y, key=wish.key, partition=wish.partition
        )
        self._say(f"sent in place of {place(letter.partition, letter.offset)}: it is {place(*stored)} now")

    def repeat(self) -> None:
        """Send the last request again."""
        if self.refused("no request is sent"):
            return
        if self._last is None:
            self._say("nothing to repeat: no request was sent yet")
        else:
            self.send(self._last)

    def add_worker(self) -> None:
        """Start one more worker."""
        if self.refused("no worker is started"):
            return
        self._life.wish("add a worker", self._session.add_worker())

    def pause_worker(self, client_id: str) -> None:
        """The worker keeps its partitions and reads nothing."""
        self._life.wish(f"pause {client_id}", self._session.pause_worker(client_id))

    def resume_worker(self, client_id: str) -> None:
        """The worker goes on."""
        self._life.wish(f"resume {client_id}", self._session.resume_worker(client_id))

    def stop_worker(self, client_id: str) -> None:
        """The worker leaves the group."""
        words = f"stop {client_id}"
        self.destroy(words, lambda: self._life.wish(words, self._session.stop_worker(client_id)))

    def start_worker(self, client_id: str) -> None:
        """The stopped worker joins again."""
        self._life.wish(f"start {client_id}", self._session.start_worker(client_id))

    def restart_worker(self, client_id: str) -> None:
        """The worker leaves the group and joins it anew."""
        words = f"restart {client_id}"
        self.destroy(words, lambda: self._life.wish(words, self._session.restart_worker(client_id)))

    def slow_worker(self, client_id: str, delay_s: float) -> None:
        """The worker waits so long before each request."""
        words = f"slow {client_id} down"
        self.destroy(words, lambda: self._life.wish(words, self._session.slow_worker(client_id, delay_s)))

    def kill_worker(self, client_id: str) -> None:
        """The worker ends as by kill -9."""
        words = f"kill {client_id}"
        self.destroy(words, lambda: self._life.wish(words, self._killed(client_id)))

    async def _killed(self, client_id: str) -> None:
        await self._session.kill_worker(client_id)
        after_s = self._session.settings.workers.session_timeout_s
        self._say(f"{client_id} killed: the group notices after {after_s:g} s")

    def change_topic(self, change: TopicChange) -> None:
        """Create, grow or delete a topic; the person is told when it is done."""
        self.destroy(change.words, lambda: self._life.wish(change.words, self._change_topic(change)))

    async def _change_topic(self, change: TopicChange) -> None:
        if self._session.cluster is None:
            raise SessionError("kcalc is still starting")
        await change.made(self._session.cluster)
        self._say(change.done)

    def fulfil(self, request: WorkerRequested) -> None:
        """Do what is wished of a worker, if that is one of the above."""
        fulfil: dict[type[WorkerRequested], Callable[[str], None]] = {
            PauseRequested: self.pause_worker,
            ResumeRequested: self.resume_worker,
            StopRequested: self.stop_worker,
            StartRequested: self.start_worker,
            KillRequested: self.kill_worker,
            RestartRequested: self.restart_worker,
        }
        fulfil[type(request)](request.client_id)
