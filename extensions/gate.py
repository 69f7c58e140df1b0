"""The safety gate: what every channel asks before it does anything else.

It needs no model of Rasa's, no action server and no database. What it remembers
of a conversation is in this process's memory; the tracker is a second source.
"""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from dataclasses import dataclass, replace

from assistant.message import Message
from assistant.safety.counts import CrisisCounts
from assistant.safety.emergency import Emergency
from assistant.safety.help_called import help_called
from assistant.safety.normalise import plain
from assistant.safety.protocol import Crisis
from assistant.safety.protocol import Protocol as Replies
from assistant.safety.resources import crisis_texts
from assistant.settings import Settings
from extensions.emergencies import Watch, watch

# The slot of the domain, and the key of a message's metadata, that a crisis is kept in.
CRISIS = "crisis"
# Some hundred bytes each.
_MAX_CONVERSATIONS = 10_000
# After that long an emergency is a new one and gets the whole message, and a person
# who asks for people may mean treatment again.
REMEMBERED_SECONDS = 3 * 3600.0
# Of a therapy a question like any other; of what was just spoken of, no information.
_ASKED_OF_DYING = re.compile(
    r"\W*(?:(?:and|but|so)\W+)?(?:(?:does|do|will|would|is|it|that|this|be|really)\W+)*"
    r"(?:hurts?|painful|painless|quick|peaceful|duele|doloroso|rapido)\W*"
)


@dataclass(frozen=True)
class CrisisReply:
    """What is to be said at once.

    Attributes:
        message: to the person.
        emergency: what was noticed.
        crisis: what is remembered of it.
    """

    message: Message
    emergency: Emergency
    crisis: Crisis


class SafetyGate:
    """Notices emergencies and answers them; remembers which conversations had one.

    Attributes:
        watch: what looks at the texts.
        counts: of replies, by kind and channel.
    """

    def __init__(
        self,
        watch: Watch,
        replies: Replies,
        counts: CrisisCounts,
        remembered_seconds: float = REMEMBERED_SECONDS,
    ) -> None:
        """Takes its parts, and how long an emergency is remembered after the last reply."""
        self.watch = watch
        self.counts = counts
        self._replies = replies
        self._remembered = remembered_seconds
        self._crises: OrderedDict[str, tuple[float, Crisis]] = OrderedDict()

    @classmethod
    def open(cls, settings: Settings) -> SafetyGate:
        """The gate for a process.

        Raises:
            CorpusError: the texts for emergencies cannot be used.
        """
        return cls(
            watch(settings.models_dir),
            Replies(crisis_texts()),
            CrisisCounts(settings.state_dir),
        )

    def reply(
        self,
        conversation_id: str,
        emergency: Emergency,
        before: Crisis | None = None,
        text: str = "",
    ) -> CrisisReply:
        """What to say to an emergency; remembers that it was said.

        Args:
            conversation_id: whose emergency.
            emergency: from `watch`.
            before: the latest one, where another source than this memory has it.
            text: as the person wrote it.
        """
        before = self.crisis(conversation_id) or before
        message, crisis = self._replies.reply(emergency, before, text)
        self._crises[conversation_id] = (time.monotonic(), crisis)
        self._crises.move_to_end(conversation_id)
        if len(self._crises) > _MAX_CONVERSATIONS:
            self._crises.popitem(last=False)
        return CrisisReply(message, emergency, crisis)

    def notice(self, conversation_id: str, text: str) -> Emergency | None:
        """The emergency in a message, by itself or by what was said before; None for none.

        Args:
            conversation_id: who writes.
            text: of any length.
        """
        noticed = self.watch.notice(text)
        crisis = self.crisis(conversation_id)
        if crisis is not None and help_called(text, crisis.situation) == "there":
            since, _ = self._crises[conversation_id]
            self._crises[conversation_id] = since, replace(crisis, over=True)
        if noticed or crisis is None or crisis.situation not in ("suicide", "self_harm"):
            return noticed
        if not _ASKED_OF_DYING.fullmatch(plain(text)):
            return None
        return Emergency(crisis.situation, crisis.concerned, "likely", crisis.language)

    def crisis(self, conversation_id: str) -> Crisis | None:
        """The latest emergency of a conversation that this process knows of."""
        since, crisis = self._crises.get(conversation_id, (0.0, None))
        if crisis is None or time.monotonic() - since > self._remembered:
            return None
        return crisis

    def still_here(self, conversation_id: str) -> Message | None:
        """What to say in a crisis when the rest has failed; None where there is none."""
        crisis = self.crisis(conversation_id)
        return self._replies.still_here(crisis) if crisis else None

    def forget(self, conversation_id: str) -> None:
        """Forgets a conversation that was erased."""
        self._crises.pop(conversation_id, None)
