from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extensions.channels.slack_events import plain, read_action, read_event
from tests.channels.peers.slack_events import BOT_USER, SlackEvents, channel_of

SLACK = SlackEvents()
USER = "U0001"


def test_a_direct_message_is_read() -> None:
    incoming = read_event(SLACK.message(USER, "what is <CBT> & DBT?"))
    assert incoming is not None
    assert (incoming.kind, incoming.text) == ("text", "what is <CBT> & DBT?")
    assert incoming.address == channel_of(USER)
    assert incoming.person == USER


def test_the_same_event_sent_again_has_the_same_id() -> None:
    event = SLACK.message(USER, "hello")
    first, second = read_event(event), read_event(event)
    other = read_event(SLACK.message(USER, "hello"))
    assert first
    assert second
    assert other
    assert first.event_id == second.event_id != other.event_id


def test_who_writes_in_a_thread_is_answered_there() -> None:
    incoming = read_event(SLACK.message(USER, "hello", thread_ts="1700000000.000100"))
    assert incoming is not None
    assert incoming.address == f"{channel_of(USER)}/1700000000.000100"


@pytest.mark.parametrize(
    "changes",
    [
        {"bot_id": "B0001"},
        {"subtype": "bot_message", "bot_id": "B0001", "user": None},
        {"subtype": "message_changed", "hidden": True},
        {"subtype": "message_deleted", "hidden": True},
        {"subtype": "channel_join"},
        {"channel_type": "channel"},
        {"channel_type": "group"},
        {"channel_type": "mpim"},
        {"channel_type": None},
        {"user": None},
        {"channel": None},
        {"type": "reaction_added"},
    ],
)
def test_bots_edits_and_groups_are_left_alone(changes: dict[str, Any]) -> None:
    assert read_event(SLACK.message(USER, "hello", **changes)) is None


def test_a_file_is_no_text_and_its_caption_is_read() -> None:
    incoming = read_event(
        SLACK.message(USER, "is this bad?", subtype="file_share", files=[{"id": "F1"}])
    )
    assert incoming is not None
    assert (incoming.kind, incoming.text) == ("other", "is this bad?")


def test_a_mention_where_others_read_is_answered_to_the_person_alone() -> None:
    incoming = read_event(SLACK.mention(USER, "what is CBT?"))
    assert incoming is not None
    assert (incoming.address, incoming.extra) == (USER, {"mention": True})
    assert (incoming.kind, incoming.text) == ("other", "what is CBT?")


def test_a_pressed_button_is_read() -> None:
    incoming = read_action(SLACK.press(USER, "choice-id"))
    assert incoming is not None
    assert (incoming.kind, incoming.choice) == ("choice", "choice-id")
    assert (incoming.person, incoming.address) == (USER, channel_of(USER))


@pytest.mark.parametrize(
    "changes",
    [
        {"channel": {"id": "C0001", "name": "general"}},
        {"channel": None},
        {"actions": []},
        {"actions": [{"type": "button", "url": "https://example.org", "action_id": "a"}]},
        {"actions": [{"type": "static_select", "value": "x"}]},
        {"actions": [{"type": "button", "value": 7}]},
        {"type": "view_submission"},
        {"user": "U1"},
    ],
)
def test_other_interactions_are_left_alone(changes: dict[str, Any]) -> None:
    assert read_action(SLACK.press(USER, "choice-id", **changes)) is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
        ("see <https://example.org/a|example.org/a>", "see example.org/a"),
        ("see <https://example.org/a>", "see https://example.org/a"),
        ("call <tel:+12025550100|202-555-0100>", "call 202-555-0100"),
        ("write to <mailto:a@example.org|a@example.org>", "write to a@example.org"),
        (f"<@{BOT_USER}> what is CBT?", "what is CBT?"),
        ("in <#C0001|general> <!here|here>", "in general here"),
    ],
)
def test_slacks_marks_are_undone(written: str, meant: str) -> None:
    assert plain(written) == meant


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(_JSON, st.sampled_from(["event", "event_id", "team_id"]))
def test_any_event_is_read_or_left_alone(value: Any, key: str) -> None:
    read_event({**SLACK.message(USER, "hello"), key: value})


@given(_JSON, st.sampled_from(["user", "channel", "actions", "trigger_id", "message"]))
def test_any_interaction_is_read_or_left_alone(value: Any, key: str) -> None:
    read_action(SLACK.press(USER, "x", **{key: value}))
