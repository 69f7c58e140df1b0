"""Conversation tokens and the ids of choices."""

from __future__ import annotations

import time

import pytest

from extensions.channels.tokens import ConversationTokens


@pytest.fixture
def tokens() -> ConversationTokens:
    """Tokens that live for an hour."""
    return ConversationTokens("s" * 40, 3600)


def test_a_token_names_its_conversation_and_no_two_are_alike(tokens: ConversationTokens) -> None:
    first, second = tokens.conversation(tokens.issue()), tokens.conversation(tokens.issue())
    assert first is not None
    assert len(first) == 32
    assert first != second


def test_a_token_expires(tokens: ConversationTokens, monkeypatch: pytest.MonkeyPatch) -> None:
    token = tokens.issue()
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 3590)
    assert tokens.conversation(token) is not None
    monkeypatch.setattr(time, "time", lambda: now + 3610)
    assert tokens.conversation(token) is None


def test_a_changed_or_foreign_token_is_refused(tokens: ConversationTokens) -> None:
    token = tokens.issue()
    other = ConversationTokens("o" * 40, 3600)
    for forged in ("", "default", token[:32], token[:-5], token + "A", "z" + token[1:], "ü"):
        assert tokens.conversation(forged) is None
    assert other.conversation(token) is None


def test_a_choice_id_fits_one_conversation_and_hides_its_payload(
    tokens: ConversationTokens,
) -> None:
    mine = tokens.choice_id("one", "/affirm")
    assert mine == tokens.choice_id("one", "/affirm")
    assert len({mine, tokens.choice_id("two", "/affirm"), tokens.choice_id("one", "/deny")}) == 3
    assert "affirm" not in mine
