"""A person with a Matrix client: choices are answered by number or title."""

from __future__ import annotations

from assistant.settings import Settings
from tests.channels.peers.matrix_client import MatrixClient
from tests.channels.scenarios.person import Person
from tests.channels.settling import settle


class MatrixPerson(Person):
    """Writes in a room with the assistant alone.

    Attributes:
        client: what they write with.
        room: the room.
        assistant: its user id.
    """

    def __init__(self, client: MatrixClient, settings: Settings) -> None:
        """Invites the assistant, and waits for it."""
        super().__init__()
        self.client = client
        self._settings = settings
        self.assistant = settings.matrix_user or ""
        self.room = client.invite(self.assistant)
        client.wait_for(lambda: self.assistant in client.members(self.room))

    def write(self, text: str) -> list[str]:
        """Sends a text, and reads until the assistant has nothing more to say."""
        before = len(self.heard())
        self.client.send(self.room, text)
        self.client.wait_for(lambda: len(self.heard()) > before)
        settle(self._settings, "matrix")
        self.client.look()
        return [content["body"] for content in self.heard()[before:]]

    def heard(self) -> list[dict[str, str]]:
        """All that the assistant has said in the room, as the contents of messages."""
        return self.client.heard(self.room, self.assistant)
