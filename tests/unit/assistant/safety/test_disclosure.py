from __future__ import annotations

import pytest

from assistant.provider import Provider
from assistant.safety.disclosure import opening, reminder, way_to_a_person

KNOWN = Provider(name="Harbor House", phone="+1 555 010 0199", hours="Monday to Friday, 9 to 5")


@pytest.mark.parametrize("say", [opening, reminder])
def test_a_program_says_so_and_names_people(say) -> None:  # type: ignore[no-untyped-def]
    for provider in (Provider(), KNOWN):
        message = say(provider)
        assert message.kind == "notice"
        assert "automated program, not a person" in message.text
        assert "911" in message.text
        assert "988" in message.text
        assert {"tel:911", "tel:988"} <= {each.href for each in message.resources}


def test_the_provider_comes_before_the_helpline() -> None:
    known, unknown = way_to_a_person(KNOWN), way_to_a_person(Provider())
    assert "Harbor House, call +1 555 010 0199 (Monday to Friday, 9 to 5)" in known.text
    assert [each.href for each in known.resources] == ["tel:+15550100199"]
    assert "1-800-662-4357" in unknown.text
    assert [each.href for each in unknown.resources] == ["tel:18006624357"]
