"""The lean server leaves out what it cannot reach, and says so when it is called."""

from __future__ import annotations

import subprocess
import sys
import textwrap

from assistant.settings import ROOT

LEAN = "from extensions import lean_imports; lean_imports.install()\n"


def run_python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", textwrap.dedent(code)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_rasa_starts_without_tensorflow_and_the_rest() -> None:
    result = run_python(
        LEAN
        + """
import sys
import rasa.__main__, rasa.core.run, rasa.core.agent, rasa.model_training
import rasa.engine.recipes.default_components
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
assert "sklearn" not in sys.modules
for name in ("tensorflow", "matplotlib", "boto3", "pymongo", "twilio"):
    module = sys.modules.get(name)
    assert module is None or isinstance(module, lean_imports._StandInModule), name
for name in ("FallbackClassifier", "RulePolicy", "SpacyTokenizer"):
    assert DefaultV1Recipe._from_registry(name).clazz.__name__ == name
"""
    )
    assert result.returncode == 0, result.stderr


def test_a_stand_in_can_be_named_and_subclassed_but_not_called() -> None:
    result = run_python(
        LEAN
        + """
import twilio.rest
from slack_sdk.web.async_client import AsyncWebClient
import pymongo.errors
class Mine(twilio.rest.Client): pass
try:
    raise ValueError
except (pymongo.errors.ConnectionFailure, ValueError):
    pass
for broken in (Mine, AsyncWebClient, twilio.rest.anything.at.all):
    try:
        broken()
    except lean_imports.UnavailableError as error:
        assert "lean server" in str(error)
    else:
        raise SystemExit("called")
# The encoder is built with protobuf, which shares its top package with an SDK.
import google.protobuf.message
assert google.protobuf.message.Message.__module__ == "google.protobuf.message"
"""
    )
    assert result.returncode == 0, result.stderr


def test_it_refuses_to_come_too_late() -> None:
    result = run_python("import rasa\n" + LEAN)
    assert result.returncode != 0
    assert "before the first import of rasa" in result.stderr


def test_a_channel_that_is_on_brings_in_what_it_needs_and_no_more() -> None:
    result = run_python(
        LEAN
        + """
import rasa.core.channels
from rasa.core.channels.twilio import TwilioInput
lean_imports.bring("twilio")
from twilio.request_validator import RequestValidator
assert RequestValidator("x" * 32).compute_signature("https://example.org", {})
import slack_sdk
assert isinstance(slack_sdk, lean_imports._StandInModule)
"""
    )
    assert result.returncode == 0, result.stderr
