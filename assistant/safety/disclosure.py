"""That this is a program and not a person: at the start, and again in a long conversation."""

from __future__ import annotations

from datetime import timedelta

from assistant.message import Message, Resource
from assistant.provider import Provider

# What companion-chat laws ask for, such as New York's: at the start and every three hours.
REMIND_EVERY = timedelta(hours=3)

_HELPLINE = Resource("SAMHSA's National Helpline: 1-800-662-4357", "tel:18006624357")
_DANGER_LINKS = (
    Resource("Call 911", "tel:911"),
    Resource("Call 988", "tel:988"),
    Resource("Text 988", "sms:988"),
)
_DANGER = (
    "In an emergency call 911; for thoughts of suicide call or text 988. "
    "En español: 911, o 988 y marque 2."
)


def opening(provider: Provider) -> Message:
    """What a conversation begins with."""
    text = (
        "Hello. I'm an automated program, not a person, and not a doctor or therapist. I answer "
        "questions about drug rehab and therapy with sentences from our articles. You can ask, for "
        'example, "How can I help my son?"\n'
        f"{way_to_a_person(provider).text}\n{_DANGER}"
    )
    return Message("notice", text, resources=(*_DANGER_LINKS, *_links(provider)))


def short_opening(provider: Provider) -> Message:
    """What a conversation over text messages begins with."""
    whose = f"{provider.name}: this" if provider.name else "This"
    text = (
        f"{whose} is an automated program, not a person. It answers questions about rehab with "
        "sentences from our articles. Emergency: call 911. Thoughts of suicide: call or text 988. "
        "Msg & data rates may apply. Reply HELP for help, STOP to end."
    )
    return Message("notice", text, resources=_DANGER_LINKS)


def reminder(provider: Provider) -> Message:
    """What a conversation of hours is told again."""
    text = (
        "A reminder, since we have been writing for a while: I'm an automated program, not a "
        f"person. {way_to_a_person(provider).text} {_DANGER}"
    )
    return Message("notice", text, resources=(*_DANGER_LINKS, *_links(provider)))


def way_to_a_person(provider: Provider) -> Message:
    """Whom to call about treatment: the provider, or the national helpline."""
    text = provider.invitation or (
        "To talk with a person about treatment, call SAMHSA's National Helpline at "
        "1-800-662-4357. It is free and open 24/7, in English and Spanish."
    )
    return Message("notice", text, resources=_links(provider))


def _links(provider: Provider) -> tuple[Resource, ...]:
    return provider.links or (_HELPLINE,)
