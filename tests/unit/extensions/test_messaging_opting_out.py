from __future__ import annotations

import pytest

from assistant.provider import Provider
from extensions.channels.messaging import gsm
from extensions.channels.messaging.opting_out import read_command, reply_text

STOPS = """
STOP
stop
Stop.
STOPALL
Stop all
QUIT
End
REVOKE
opt out
OPT-OUT
Cancel
UNSUBSCRIBE!
please stop texting me
stop texting me
Stop messaging me now
don't text me
don\u2019t text me anymore
do not contact me again
no more texts please
stop sending me messages
can you stop texting me
i don't want any more texts
unsubscribe me
take me off this list
opt me out
PARAR
alto
Cancelar
baja
no más
deje de enviarme mensajes
no me manden más mensajes
no quiero más mensajes
denme de baja
""".strip().splitlines()
QUESTIONS = """
how do i stop drinking
how do i stop texting my dealer
i can't stop
when does rehab end
i want to end it
can i cancel my appointment
how do i stop my son from texting his dealer
don't text me my son died
no more pain
help me
i need help
can you help
how do i start
where do i start
start me on suboxone
don't tell me to stop
what should i stop taking
1
more
sources
yes
no
""".strip().splitlines()


@pytest.mark.parametrize("text", STOPS)
def test_it_ends_texts(text: str) -> None:
    assert read_command(text) == "stop"


@pytest.mark.parametrize("text", QUESTIONS)
def test_it_is_a_message_like_any_other(text: str) -> None:
    assert read_command(text) is None


@pytest.mark.parametrize("text", ["HELP", "help!", "info", "AYUDA", "información"])
def test_it_asks_for_help_with_the_service(text: str) -> None:
    assert read_command(text) == "help"


@pytest.mark.parametrize("text", ["START", "unstop", "Empezar"])
def test_it_begins_again(text: str) -> None:
    assert read_command(text) == "start"


@pytest.mark.parametrize("provider", [Provider(), Provider(name="Willow House", phone="555-0100")])
def test_each_reply_is_short_says_whose_it_is_and_where_help_is(provider: Provider) -> None:
    for command in ("stop", "help", "start"):
        text = reply_text(command, provider)  # type: ignore[arg-type]
        assert gsm.to_gsm(text) == text
        assert gsm.fits(text)
        assert "911" in text
        assert "988" in text
        assert text.startswith(provider.name or "")
    assert "Reply STOP to end" in reply_text("help", provider)
    assert (provider.phone or "1-800-662-4357") in reply_text("help", provider)
    assert "Reply START" in reply_text("stop", provider)
