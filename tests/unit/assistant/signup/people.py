"""Sign-ups as people hand them in."""

from __future__ import annotations

import secrets
from datetime import datetime, timezone
from typing import Any

from assistant.signup.application import Application, Consent
from assistant.signup.terms import current_terms

# Looked for where none of them may be.
NAME = "Zyrphelia Quonk"
EMAIL = "zyrphelia.quonk@example.org"
PHONE = "+12025550137"
CONVERSATION = "conversation-canary-7361"
CANARIES = (NAME, "Zyrphelia", EMAIL, "zyrphelia", PHONE, "2025550137", CONVERSATION)


def consent(purpose: str, granted: bool = True, language: str = "en") -> Consent:
    text = current_terms(language).consents[purpose]
    return Consent(purpose, granted, text.sha256, datetime.now(timezone.utc))


def application(method: str = "phone", **changes: Any) -> Application:
    language = changes.get("language", "en")
    terms = current_terms(language)
    given = {
        "submission_id": secrets.token_urlsafe(16),
        "conversation_id": CONVERSATION,
        "channel": "web",
        "language": language,
        "name": NAME,
        "contact_method": method,
        "contact": EMAIL if method == "email" else PHONE,
        "for_whom": "self",
        "adult": True,
        "terms_version": terms.version,
        "terms_sha256": terms.sha256,
        "consents": (consent("contact", True, language), consent(method, True, language)),
    }
    return Application(**{**given, **changes})
