"""A person with a Matrix client: choices are answered by number or title."""

from __future__ import annotations

from assistant.settings import Settings
from tests.channels.matrix_client import MatrixClient
from tests.channels.scenarios.person import Person
from tests.channels.settling import settle


class MatrixPerson(Person):
    """Writes in a room with the assistant alone.

    Attributes:
        client: what they write with.
        room: the room.
    """

    def __init__(self, client: MatrixClient, settings: Settings) -> None:
        """Invites the assistant, and waits for it."""
        super().__init__()
        self.client = client
        self._settings = settings
        self._assistant = settings.matrix_user or ""
        self.room = client.invite(self._assistant)
        client.wait_for(lambda: self._assistant in client.members(self.room))

    def write(self, text: str) -> list[str]:
        """Sends a text, and reads until the assistant has nothing more to say."""
        before = len(self._heard())
        self.client.send(self.room, text)
        self.client.wait_for(lambda: len(self._heard()) > before)
        settle(self._settings, "matrix")
        self.client.look()
        return [content["body"] for content in self._heard()[before:]]

    def _heard(self) -> list[dict[str, str]]:
        return self.client.heard(self.room, self._assistant)
