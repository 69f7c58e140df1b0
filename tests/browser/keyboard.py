"""A person who has a keyboard and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.browser.chat import Chat

if TYPE_CHECKING:
    from playwright.sync_api import Locator

# More stops than the demo page and the chat have together.
_MOST_STOPS = 80
# Those with which a button is pressed.
_PRESSING = ("Enter", "Space")


class Keyboard:
    """Opens, reads, answers and presses: the Tab key, Enter, Space, and typing.

    Attributes:
        chat: what is on the screen.
        watch: called after each answer, when nothing is on its way.
    """

    def __init__(self, chat: Chat, watch: Callable[[], None] = lambda: None) -> None:
        """Takes the page as it was loaded."""
        self.chat = chat
        self.watch = watch
        self._keys = chat.page.keyboard
        self._presses = 0

    def opens(self) -> Keyboard:
        """Opens the chat with its button, after closing it where the page shows it open."""
        if self.chat.log.is_visible():
            self._goes_to("Close the chat", "Tab")
            self._keys.press("Enter")
        self._goes_to("Ask about treatment", "Tab")
        self._keys.press("Enter")
        self.chat.greeted()
        assert self.chat.focused() == "Your message"
        self.watch()
        return self

    def says(self, *texts: str) -> Locator:
        """Types into the text box; returns the last of the new messages."""
        for text in texts:
            self._goes_to("Your message", "Tab")
            self._keys.type(text)
            self._sends("Enter")
        return self.chat.answers.last

    def presses(self, *names: str) -> Locator:
        """Presses choices of the newest question, by the nearest way; returns the last message."""
        for name in names:
            # Who writes comes back from below.
            below = self.chat.focused() == "Your message"
            self._goes_to(name, "Shift+Tab" if below else "Tab")
            self._presses += 1
            self._sends(_PRESSING[self._presses % 2])
        return self.chat.answers.last

    def _goes_to(self, name: str, key: str) -> None:
        passed: list[str] = []
        while not self.chat.focused().startswith(name):
            assert len(passed) < _MOST_STOPS, f"{name} is not among {passed}"
            self._keys.press(key)
            passed.append(self.chat.focused())

    def _sends(self, key: str) -> None:
        """Presses a key, and waits until all that is said to it stands there."""
        self._keys.press(key)
        # It is shown from the press on, until the reply has ended.
        self.chat.log.locator(".typing").wait_for(state="hidden")
        at = self.chat.page.evaluate("document.activeElement.tagName")
        assert at == "REHAB-ASSISTANT", f"The focus is lost to {at}"
        self.watch()
