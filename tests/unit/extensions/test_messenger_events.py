from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extensions.channels.messenger_events import read_batch
from tests.channels.peers.messenger_events import MetaEvents, batch

META = MetaEvents()
PERSON = "7000000000000001"


def _read(*events: dict[str, Any]) -> list[Any]:
    return read_batch(json.loads(batch(*events)))


def test_a_batch_is_read_whole_and_in_order() -> None:
    first, second = META.message(PERSON, "what is CBT?"), META.message("7002", "é/<%@ 👋")
    found = _read(first, second)
    assert [(each.person, each.kind, each.text) for each in found] == [
        (PERSON, "text", "what is CBT?"),
        ("7002", "text", "é/<%@ 👋"),
    ]
    assert found[0].event_id != found[1].event_id
    assert found[0].address == PERSON


def test_events_in_one_entry_are_all_read() -> None:
    events = [META.message(PERSON, text) for text in ("one", "two")]
    body = {"object": "page", "entry": [{"id": "1", "time": 1, "messaging": events}]}
    assert [each.text for each in read_batch(body)] == ["one", "two"]


def test_a_pressed_quick_reply_is_a_choice_and_not_its_title() -> None:
    (found,) = _read(META.press(PERSON, "2. Benefits of…", "choice-id"))
    assert (found.kind, found.choice, found.text) == ("choice", "choice-id", None)


def test_a_pressed_button_is_a_choice() -> None:
    event = META.message(PERSON)
    event["postback"] = {"title": "More", "payload": "choice-id", "mid": "m_77"}
    del event["message"]
    (found,) = _read(event)
    assert (found.kind, found.choice, found.event_id) == ("choice", "choice-id", "m_77")


def test_get_started_is_a_greeting() -> None:
    event = META.message(PERSON)
    event["postback"] = {"title": "Get Started", "payload": "GET_STARTED"}
    del event["message"]
    (found,), (again,) = _read(event), _read(event)
    assert (found.kind, found.text) == ("text", "Hello")
    assert found.event_id == again.event_id


@pytest.mark.parametrize("text", [None, "is this bad?"])
def test_a_picture_is_no_text_and_its_caption_is_read(text: str | None) -> None:
    picture = [{"type": "image", "payload": {"url": "https://example.org/x.jpg"}}]
    (found,) = _read(META.message(PERSON, text, attachments=picture))
    assert (found.kind, found.text) == ("other", text)


def test_what_the_page_says_itself_is_left_alone() -> None:
    read = {**META.message(PERSON), "read": {"watermark": 1}}
    del read["message"]
    deleted = META.message(PERSON, "x", is_deleted=True)
    assert _read(META.echo(PERSON, "hello"), read, deleted) == []


@pytest.mark.parametrize(
    "body", [None, [], {}, {"object": "instagram", "entry": []}, {"object": "page", "entry": 3}]
)
def test_other_bodies_hold_nothing(body: Any) -> None:
    assert read_batch(body) == []


def test_a_broken_event_does_not_keep_others_back() -> None:
    good = META.message(PERSON, "hello")
    messaging = [7, {}, {"sender": 3}, {"sender": {"id": PERSON}, "message": {"mid": 3}}, good]
    body = {"object": "page", "entry": [None, {"messaging": 3}, {"messaging": messaging}]}
    assert [each.text for each in read_batch(body)] == ["hello"]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(_JSON, st.sampled_from(["sender", "message", "postback"]))
def test_any_event_is_read_or_left_alone(value: Any, key: str) -> None:
    event = {**META.message(PERSON, "x"), key: value}
    read_batch({"object": "page", "entry": [{"messaging": [event]}]})
