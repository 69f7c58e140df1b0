"""`make channel-check CHANNEL=matrix` against a real homeserver."""

from __future__ import annotations

import pytest

from assistant.settings import Settings
from commands import channel_check
from tests.channels.conftest import account
from tests.channels.peers.homeserver import Homeserver

pytestmark = pytest.mark.live


def test_a_real_homeserver_knows_the_assistant_and_nobody_else(
    homeserver: Homeserver, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    right = account(homeserver, "checked")
    wrong = {**right, "matrix_token": "syt_wrong"}
    other = {**right, "matrix_user": "@somebody:home.test"}
    told = []
    for values in (right, wrong, other):
        monkeypatch.setattr(channel_check, "load_settings", lambda v=values: Settings(**v))
        status = channel_check.main("matrix")
        out, err = capsys.readouterr()
        told.append((status, out + err))
    assert told[0][0] == 0
    assert f"MATRIX_TOKEN is valid: {right['matrix_user']}." in told[0][1]
    assert told[1][0] == 1
    assert "does not take MATRIX_TOKEN (M_UNKNOWN_TOKEN)" in told[1][1]
    assert told[2][0] == 1
    assert "and not of @somebody:home.test" in told[2][1]
