"""STOP, HELP and START, as whoever sends text messages has to understand them."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from assistant.provider import Provider

Command = Literal["stop", "help", "start"]

# Of carriers, of the FCC's rule of 2024 (47 CFR 64.1200(a)(10)), and in Spanish.
_STOP = {"stop", "stopall", "stop all", "quit", "end", "revoke", "opt out", "optout", "opt-out"}
_STOP |= {"cancel", "unsubscribe", "parar", "pare", "alto", "cancelar", "baja", "salir", "no mas"}
_HELP = {"help", "info", "ayuda", "informacion"}
_START = {"start", "unstop", "restart", "empezar", "iniciar", "comenzar"}
_POLITE = r"(?:(?:please|pls|plz|ok|okay|hey|por favor|just)[ ,]+)*"
_WISH = (
    r"(?:can you |could you |will you |i want (?:you )?to |i'd like (?:you )?to |you need to )?"
    r"(?:"
    r"(?:stop|quit) (?:texting|messaging|contacting|writing(?: to)?|bothering) me"
    r"|stop (?:(?:sending|with) )?(?:me )?(?:(?:the|these|those|your|all|any|more) )*"
    r"(?:texts?|texting|messages?|messaging|sms)"
    r"|(?:don'?t|do not|never) (?:text|message|contact|write(?: to)?|bother) me"
    r"|(?:don'?t|do not|never) send me (?:any )?(?:more )?(?:texts?|messages?)"
    r"|no more (?:texts?|messages?|sms)|i don'?t want (?:any )?(?:more )?(?:texts?|messages?)"
    r"|(?:unsubscribe|opt) me(?: out)?|(?:take|remove) me (?:off|from) (?:your|this|the) list"
    r"|dej[ae]n? de (?:mandar|enviar|escribir)\w*(?: mas)?(?: (?:mensajes|textos))?"
    r"|no me (?:mand|envi|escrib)\w+(?: mas)?(?: (?:mensajes|textos))?"
    r"|no (?:quiero )?(?:recibir )?mas (?:mensajes|textos)|(?:dame|denme|darme) de baja"
    r")"
)
_LAST = r"(?: (?:again|any ?more|now|please|to this number|ever|por favor|ya))*"
# From end to end: "how do I stop texting my dealer" is a question like any other.
_STOPS = re.compile(f"{_POLITE}{_WISH}{_LAST}")


def read_command(text: str) -> Command | None:
    """What a text asks of the service itself; None for everything else."""
    plain = _plain(text)
    if plain in _STOP or _STOPS.fullmatch(plain):
        return "stop"
    if plain in _HELP:
        return "help"
    return "start" if plain in _START else None


def reply_text(command: Command, provider: Provider) -> str:
    """The one reply to a command: whose it is, what happens now, and where help is."""
    whose = f"{provider.name}: " if provider.name else ""
    danger = "Emergency: call 911. Thoughts of suicide: call or text 988."
    if command == "stop":
        return f"{whose}You will get no more texts from us. Reply START to undo this. {danger}"
    if command == "start":
        return (
            f"{whose}You will get answers to your texts again. This agrees to nothing else. "
            f"Msg & data rates may apply. Reply HELP for help, STOP to end. {danger}"
        )
    person = (
        f"To talk with a person, call {provider.phone}."
        if provider.phone
        else "To talk with a person, call SAMHSA's helpline, 1-800-662-4357, free, 24/7."
    )
    return (
        f"{whose}Text a question about rehab and an automated program answers from articles. "
        f"{person} We only answer; we never text first. Msg & data rates may apply. "
        f"Reply STOP to end. {danger}"
    )


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.casefold().replace("\u2019", "'"))
    bare = "".join(mark for mark in letters if unicodedata.category(mark) != "Mn")
    return " ".join(bare.strip(" .!,;:\"'*#\n\t").split())
