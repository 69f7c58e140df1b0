"""A person with a phone: short texts, choices by number, links and the rest on request."""

from __future__ import annotations

import itertools
import time

from tests.channels.peers.twilio_peer import TwilioPeer
from tests.channels.scenarios.person import Person
from tests.channels.settling import settle
from tests.serving import Live

_SECONDS = 30.0
_numbers = (f"+1202555{number:04}" for number in itertools.count(5000))


class SmsPerson(Person):
    """Texts by way of Twilio."""

    def __init__(self, live: Live, twilio: TwilioPeer) -> None:
        """Takes a number that nobody has used."""
        super().__init__()
        self._live = live
        self._twilio = twilio
        self._number = next(_numbers)

    def write(self, text: str) -> list[str]:
        """Sends a text, and waits until nothing more comes."""
        before = len(self._twilio.to(self._number))
        status = self._twilio.deliver(self._live.address, self._twilio.message(self._number, text))
        assert status == 200
        until = time.monotonic() + _SECONDS
        while len(self._twilio.to(self._number)) == before:
            assert time.monotonic() < until, "no text came"
            time.sleep(0.02)
        settle(self._live.settings, "twilio")
        return self._twilio.to(self._number)[before:]

    def read_sources(self) -> str:
        """Asks for the links."""
        return self.say("SOURCES").saw

    def read_on(self) -> str:
        """Asks for the rest as long as there is more."""
        read = [self.saw]
        if "Tell me more" in self.saw:
            read.append(self.say("MORE").saw)
        while "Reply MORE" in self.saw:
            read.append(self.say("MORE").saw)
        return "\n".join(read)
