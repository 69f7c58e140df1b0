"""Looks at a message once more before it is sent, and puts together what it needs."""

from __future__ import annotations

from sqlalchemy.engine import Connection, Row

from assistant.signup.delivery import Parcel
from assistant.signup.ledger import WITHDRAWN
from assistant.signup.outbox import CONFIRMATION, SIGN_UP
from assistant.signup.rows import TOKEN_LIFE
from assistant.signup.store import Store
from assistant.signup.tables import moment_text, now

SUPPRESSED, OUTDATED = "suppressed", "outdated"


def pack(store: Store, connection: Connection, message: Row) -> Parcel | str:
    """A message ready to be sent; or the reason why it must not be sent any more.

    Raises:
        SettingsError: it is encrypted with none of DATA_KEYS.
    """
    facts = {"reference": message.reference, "created_at": moment_text(message.created_at)}
    sign_up = store.rows.find(connection, message.sign_up) if message.sign_up else None
    if sign_up is None:
        return Parcel(message.id, message.event, message.way, facts)
    if message.event in (CONFIRMATION, SIGN_UP):
        reason = _reason_against(store, connection, message, sign_up)
        if reason:
            return reason
    if message.event == CONFIRMATION:
        _, contact = store.rows.name_and_contact(sign_up)
        token, language = store.outbox.token(message), sign_up.language
        return Parcel(message.id, CONFIRMATION, message.way, facts, language, contact, token)
    facts |= {name: sign_up._mapping[name] for name in ("contact_method", "for_whom", "language")}
    return Parcel(message.id, message.event, message.way, facts)


def _reason_against(store: Store, connection: Connection, message: Row, sign_up: Row) -> str | None:
    if store.rows.is_suppressed(connection, sign_up.contact_digest):
        return SUPPRESSED
    held = store.ledger.granted(connection, sign_up.subject)
    if not {(sign_up.id, "contact"), (sign_up.id, sign_up.contact_method)} <= set(held):
        return WITHDRAWN
    if message.event == CONFIRMATION and message.created_at + TOKEN_LIFE < now():
        return OUTDATED
    return None
