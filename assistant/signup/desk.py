"""The desk: what a conversation can do with sign-ups.

All calls block, for about three seconds at the most when the database is gone;
callers put them into a thread.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.errors import ApplicationError
from assistant.settings import Settings
from assistant.signup.application import Application, Known, Receipt
from assistant.signup.checking import check
from assistant.signup.fields import masked
from assistant.signup.ledger import Entry, given
from assistant.signup.outbox import SIGN_UP
from assistant.signup.store import Store
from assistant.signup.tables import confirmation_token, moment_text, now, sign_up
from assistant.signup.terms import Terms

# Nobody can be flooded with confirmations by others who sign up with their address.
_MOST_A_DAY = 3
_LONGEST_TOKEN = 200


class SignupDesk:
    """Takes sign-ups and carries out a person's rights. Safe to share between threads.

    Every method raises `StoreUnavailableError` when the database cannot be
    reached or refuses; nothing was changed then.
    """

    def __init__(self, store: Store) -> None:
        """Takes an open store."""
        self.store = store

    @classmethod
    def open(cls, settings: Settings) -> SignupDesk:
        """Opens the store and brings its tables up to date.

        Raises:
            SettingsError: a secret is missing or malformed.
            StoreUnavailableError: the database cannot be reached.
        """
        return cls(Store.open(settings))

    def submit(self, application: Application) -> Receipt:
        """Stores a sign-up with its consents, once however often it is handed in.

        Raises:
            ApplicationError: it is refused; says to the person why.
            TermsChangedError: the terms are no longer those that were shown.
            CorpusError: the terms cannot be used.
        """
        id = self.store.keys.signup(application.submission_id)
        content = self.store.keys.content(_content(application))
        with self.store.reading() as connection:
            stored = self.store.rows.find(connection, id)
        if stored is not None:
            return _receipt_again(stored, content)
        terms = check(application)
        with self.store.writing() as connection:
            self.store.ledger.lock(connection)
            # Somebody may have been quicker; from here on nobody can be.
            stored = self.store.rows.find(connection, id)
            if stored is not None:
                return _receipt_again(stored, content)
            return self._take(connection, application, terms, content)

    def confirm(self, token: str) -> Literal["confirmed", "already", "expired", "unknown"]:
        """Confirms an email address by the token of the link sent to it."""
        if not 0 < len(token) <= _LONGEST_TOKEN:
            return "unknown"
        tokens = confirmation_token
        is_this = tokens.c.digest == self.store.keys.token(token)
        with self.store.writing() as connection:
            found = connection.execute(sa.select(tokens).where(is_this)).first()
            if found is None:
                return "unknown"
            if found.used_at is None and found.expires_at < now():
                return "expired"
            unused = tokens.update().where(is_this, tokens.c.used_at.is_(None))
            if not connection.execute(unused.values(used_at=now())).rowcount:
                return "already"
            is_its = sign_up.c.id == found.sign_up
            connection.execute(sign_up.update().where(is_its).values(confirmed_at=now()))
            reference = connection.execute(sa.select(sign_up.c.reference).where(is_its)).scalar()
            self.store.outbox.tell_staff(connection, reference, SIGN_UP, found.sign_up)
        return "confirmed"

    def withdraw(self, conversation_id: str, purposes: Sequence[str] | None, channel: str) -> int:
        """Takes consent back.

        Args:
            conversation_id: whose.
            purposes: which; None for all.
            channel: where the person said so.

        Returns:
            The number of purposes withdrawn: 0 when nothing was agreed to.
        """
        subject = self.store.keys.subject(conversation_id)
        with self.store.writing() as connection:
            return self.store.rights.withdraw(connection, subject, purposes, channel)

    def stop_texts(self, number: str, channel: str) -> int:
        """Takes back every consent to text messages to a number, as its owner has asked there.

        Args:
            number: as `read_phone` gives it.
            channel: where it was asked.

        Returns:
            For how many people it was withdrawn.
        """
        digest = self.store.keys.contact(number)
        with self.store.writing() as connection:
            return self.store.rights.withdraw_at(connection, digest, "sms", channel)

    def export(self, conversation_id: str) -> dict[str, Any]:
        """All that is stored of a conversation's person; {} when it is nothing.

        After `erase` the facts of the consent ledger are left, which name nobody.

        Raises:
            SettingsError: it is encrypted with none of DATA_KEYS.
        """
        with self.store.reading() as connection:
            return self.store.export(connection, self.store.keys.subject(conversation_id))

    def erase(self, conversation_id: str, channel: str) -> bool:
        """Deletes a person's sign-ups for good.

        Returns:
            Whether there was something to delete.
        """
        subject = self.store.keys.subject(conversation_id)
        with self.store.writing() as connection:
            erased = self.store.rights.erase(connection, subject, channel)
        if erased:
            self.store.forget_traces()
        return bool(erased)

    def suppress(self, contact: str) -> None:
        """Sees to it that nothing is sent to an address or number any more.

        Args:
            contact: as `read_email` or `read_phone` gives it.
        """
        with self.store.writing() as connection:
            self.store.rows.suppress(connection, self.store.keys.contact(contact))

    def known(self, conversation_id: str) -> Known | None:
        """What is known of the conversation's latest sign-up; None when nothing.

        Raises:
            SettingsError: it is encrypted with none of DATA_KEYS.
        """
        subject = self.store.keys.subject(conversation_id)
        with self.store.reading() as connection:
            rows = self.store.rows.of_subject(connection, subject)
            if not rows:
                return None
            held = self.store.ledger.granted(connection, subject)
        row = rows[-1]
        _, contact = self.store.rows.name_and_contact(row)
        return Known(
            row.reference,
            tuple(purpose for id, purpose in held if id == row.id),
            row.contact_method,
            masked(contact),
            not _awaits_confirmation(row),
        )

    def close(self) -> None:
        """Closes all connections to the database."""
        self.store.close()

    def _take(
        self, connection: Connection, application: Application, terms: Terms, content: str
    ) -> Receipt:
        entry = self._entry(application)
        if self.store.ledger.has_signup(connection, entry.subject, entry.sign_up):
            raise ApplicationError(
                "erased", "This sign-up was deleted. Please start a new one if you want to."
            )
        self._refuse_a_flood(connection, application)
        shown = [terms.consents[consent.purpose] for consent in application.consents]
        texts = {text.sha256: text.text for text in shown}
        self.store.rows.keep_texts(connection, {**texts, terms.sha256: terms.text})
        answers = [
            (consent.purpose, consent.granted, consent.text_sha256, consent.answered_at)
            for consent in application.consents
        ]
        positions = self.store.ledger.append(connection, list(given(entry, answers)))
        records = {answer[0]: position for answer, position in zip(answers, positions, strict=True)}
        row = self.store.rows.insert(connection, application, content, records)
        if _awaits_confirmation(row):
            token = self.store.rows.fresh_token(connection, row.id)
            self.store.outbox.ask_for_confirmation(connection, row, token)
        else:
            self.store.outbox.tell_staff(connection, row.reference, SIGN_UP, row.id)
        return _receipt(row, repeated=False)

    def _entry(self, application: Application) -> Entry:
        return Entry(
            subject=self.store.keys.subject(application.conversation_id),
            sign_up=self.store.keys.signup(application.submission_id),
            purpose="",
            answer="",
            form_version=application.form_version,
            terms_version=application.terms_version,
            terms_sha256=application.terms_sha256,
            text_sha256="",
            language=application.language,
            channel=application.channel,
            build=self.store.build,
            answered_at=moment_text(now()),
        )

    def _refuse_a_flood(self, connection: Connection, application: Application) -> None:
        if application.contact_method != "email":
            return
        digest = self.store.keys.contact(application.contact)
        since = now() - timedelta(days=1)
        if self.store.rows.count_recent(connection, digest, since) >= _MOST_A_DAY:
            raise ApplicationError(
                "too_many",
                "This address was given too often today. Please look into your mailbox, "
                "or try again tomorrow.",
            )


def _awaits_confirmation(row: Row) -> bool:
    return bool(row.contact_method == "email" and row.confirmed_at is None)


def _receipt(row: Row, repeated: bool) -> Receipt:
    return Receipt(row.reference, _awaits_confirmation(row), repeated)


def _receipt_again(row: Row, content: str) -> Receipt:
    if row.content != content:
        raise ApplicationError(
            "already_received",
            "This sign-up was received before, with other answers. To change it, delete your "
            "data and sign up again.",
        )
    return _receipt(row, repeated=True)


def _content(application: Application) -> str:
    # When somebody says yes again to hand in the same thing, it is the same thing.
    answers = sorted((consent.purpose, consent.granted) for consent in application.consents)
    names = ("conversation_id", "name", "contact_method", "contact", "for_whom", "terms_sha256")
    return json.dumps([answers, *(getattr(application, name) for name in names)])
