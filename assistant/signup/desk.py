"""The desk: what a conversation can do with sign-ups.

All calls block, for about three seconds at the most when the database is gone;
callers put them into a thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from assistant.settings import Settings
from assistant.signup.application import Application, Known, Receipt


class SignupDesk:
    """Takes sign-ups and carries out a person's rights. Safe to share between threads.

    Every method raises `StoreUnavailableError` when the database cannot be
    reached or refuses; nothing was changed then.
    """

    @classmethod
    def open(cls, settings: Settings) -> SignupDesk:
        """Opens the store and brings its tables up to date.

        Raises:
            SettingsError: a secret is missing or malformed.
            StoreUnavailableError: the database cannot be reached.
        """
        raise NotImplementedError

    def submit(self, application: Application) -> Receipt:
        """Stores a sign-up with its consents, once however often it is handed in.

        Raises:
            ApplicationError: it is refused; says to the person why.
            TermsChangedError: the terms are no longer those that were shown.
        """
        raise NotImplementedError

    def confirm(self, token: str) -> Literal["confirmed", "already", "expired", "unknown"]:
        """Confirms an email address by the token of the link sent to it."""
        raise NotImplementedError

    def withdraw(self, conversation_id: str, purposes: Sequence[str] | None, channel: str) -> int:
        """Takes consent back.

        Args:
            conversation_id: whose.
            purposes: which; None for all.
            channel: where the person said so.

        Returns:
            The number of purposes withdrawn: 0 when nothing was agreed to.
        """
        raise NotImplementedError

    def export(self, conversation_id: str) -> dict[str, Any]:
        """All that is stored of a conversation's person; {} when it is nothing."""
        raise NotImplementedError

    def erase(self, conversation_id: str, channel: str) -> bool:
        """Deletes a person's sign-ups for good.

        Returns:
            Whether there was something to delete.
        """
        raise NotImplementedError

    def known(self, conversation_id: str) -> Known | None:
        """What is known of the conversation's latest sign-up; None when nothing."""
        raise NotImplementedError
