"""The words of emails. They name no provider and no treatment: others may see a mailbox."""

from __future__ import annotations

from collections.abc import Mapping
from email.message import EmailMessage

# Where the page is that confirms; it must ask for a click, since mail scanners follow links.
CONFIRM_PATH = "/webhooks/web/confirm"

_CONFIRMATION = {
    "en": (
        "Please confirm your email address",
        "Hello,\n\n"
        "Somebody gave us this email address. If it was you, please open this page within "
        "24 hours to confirm it:\n\n{link}\n\n"
        "If it was not you, do nothing. You will not hear from us again.\n",
    ),
    "es": (
        "Confirme su correo electrónico",
        "Hola:\n\n"
        "Alguien nos dio esta dirección de correo electrónico. Si fue usted, abra esta página "
        "en las próximas 24 horas para confirmarla:\n\n{link}\n\n"
        "Si no fue usted, no haga nada. No volveremos a escribirle.\n",
    ),
}
_STAFF = {
    "sign_up": "There is a new sign-up. Look at it with: python -m assistant signups show {name}",
    "withdrawal": "Consent was taken back. Do not contact this person any more, unless this "
    "shows a consent that still holds: python -m assistant signups show {name}",
    "erasure": "This sign-up was deleted. Please delete what you noted of it elsewhere.",
}


def confirmation(sender: str, recipient: str, language: str, link: str) -> EmailMessage:
    """The email with the link that confirms an address."""
    subject, body = _CONFIRMATION.get(language[:2], _CONFIRMATION["en"])
    return _message(sender, recipient, subject, body.format(link=link))


def staff_news(sender: str, recipient: str, event: str, facts: Mapping[str, str]) -> EmailMessage:
    """The email that tells staff of an event, by the sign-up's reference alone.

    Args:
        sender: an email address.
        recipient: of staff.
        event: `outbox.SIGN_UP`, `WITHDRAWAL` or `ERASURE`.
        facts: what is told, with "reference".
    """
    reference = facts["reference"]
    lines = [f"{name}: {value}" for name, value in facts.items()]
    body = "\n".join([_STAFF[event].format(name=reference), "", *lines, ""])
    return _message(sender, recipient, f"Reference {reference}", body)


def _message(sender: str, recipient: str, subject: str, body: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, recipient, subject
    # Nobody is on the other side: keeps holiday notes from answering.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body)
    return message
