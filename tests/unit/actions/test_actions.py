from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import logging
import pkgutil
import re
from typing import Any

import pytest
import yaml
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.utils import all_subclasses

import actions
from actions import base
from actions.base import MEMORY_SLOT, TOPIC_SLOT, AssistantAction, FixedFirstAction
from actions.follow_ups import ActionOfferAlternatives, ActionShowSources, ActionTellMore
from actions.knowledge import knowledge as process_knowledge
from actions.medical_advice import ActionDeclineMedicalAdvice
from actions.questions import ActionAnswerQuestion
from actions.readiness import ActionCheckReadiness
from actions.small_talk import SMALL_TALK
from assistant.answers import wording
from assistant.answers.compose import Composer
from assistant.settings import ROOT, Settings
from tests.spans import misquoted

CANARY = "zebra-canary-555-0199"
ANSWERING = [
    ActionAnswerQuestion,
    ActionTellMore,
    ActionShowSources,
    ActionOfferAlternatives,
]


def _tracker(
    text: str | None = "",
    intent: str = "",
    slots: dict[str, Any] | None = None,
    confidence: float = 0.9,
) -> Tracker:
    message = {"text": text, "intent": {"name": intent, "confidence": confidence}, "entities": []}
    message["intent_ranking"] = [message["intent"]]
    return Tracker("person", slots or {}, message, [], False, None, {}, "action_listen")


def _run(action: Action, tracker: Tracker) -> tuple[dict[str, Any], dict[str, Any]]:
    """The one message, and the slots that were set."""
    dispatcher = CollectingDispatcher()
    events = asyncio.run(action.run(dispatcher, tracker, {}))
    (sent,) = dispatcher.messages
    # Any channel shows the text; ours gets the whole message beside it.
    message = sent["message"]
    assert sent["text"] == message["text"] != ""
    # Slots and messages cross the wire as JSON.
    slots = json.loads(json.dumps({event["name"]: event["value"] for event in events}))
    return json.loads(json.dumps(message)), slots


@pytest.mark.parametrize(("share", "offered"), [(0.3, True), (0.05, False)])
def test_the_sign_up_is_offered_to_who_may_mean_it(share: float, offered: bool) -> None:
    tracker = _tracker("what is detox?", "ask_definition", confidence=0.5)
    tracker.latest_message["intent_ranking"].append({"name": "start_signup", "confidence": share})
    message, _ = _run(ActionAnswerQuestion(), tracker)
    assert message["kind"] == "answer"
    assert (wording.SIGN_UP in [each["title"] for each in message["choices"]]) is offered


def _ask(text: str, intent: str = "", slots: dict[str, Any] | None = None) -> Any:
    return _run(ActionAnswerQuestion(), _tracker(text, intent, slots))


def test_every_action_of_the_domain_is_there() -> None:
    for module in pkgutil.iter_modules(actions.__path__):
        importlib.import_module(f"actions.{module.name}")
    ours = [
        cls
        for cls in all_subclasses(Action)
        if cls.__module__.startswith("actions.") and not inspect.isabstract(cls)
    ]
    names = [cls().name() for cls in ours]
    domain = _yaml("domain.yml")
    assert len(names) == len(set(names))
    assert set(domain["actions"]) <= set(names)


def _yaml(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text("utf-8"))


def test_all_small_talk_has_one_fixed_text() -> None:
    intents = {entry["intent"] for entry in _yaml("data/nlu/small_talk.yml")["nlu"]}
    replies = {
        steps[0]["intent"]: steps[1]["action"]
        for steps in (rule["steps"] for rule in _yaml("data/rules/small_talk.yml")["rules"])
    }
    domain = _yaml("domain.yml")
    (look,) = [
        part
        for part in _yaml("config.yml")["pipeline"]
        if part["name"] == "extensions.nlu.second_look.SecondLook"
    ]
    assert set(replies) == intents
    assert intents <= {name for intent in domain["intents"] for name in intent}
    assert intents <= set(look["fixed_texts"])
    # What a yes or a no means depends on what was said before (actions/yes_and_no.py).
    other = {
        "action_take_yes": "utter_small_talk_affirm",
        "action_take_no": "utter_small_talk_deny",
    }
    other_by_intent = {"action_make_small_talk": SMALL_TALK}
    texts = [
        other_by_intent.get(reply, {}).get(intent) or other.get(reply, reply)
        for intent, reply in replies.items()
    ]
    assert all(len(domain["responses"][text]) == 1 for text in texts)


@pytest.mark.parametrize("reply", ["chat", "capabilities"])
def test_what_a_fixed_text_suggests_to_ask_is_answered(reply: str) -> None:
    (said,) = _yaml("domain.yml")["responses"][f"utter_small_talk_{reply}"]
    suggested = re.findall(r'Try: "([^"]+)"', said["text"])
    assert suggested
    for question in suggested:
        assert _ask(question)[0]["kind"] == "answer"


def test_a_question_is_answered_and_remembered() -> None:
    message, slots = _ask("what is CBT?", "ask_definition")
    assert message["kind"] == "answer"
    assert misquoted(message, Settings().corpus) == []
    assert slots[TOPIC_SLOT] == "cbt"
    assert slots[MEMORY_SLOT]["latest"][0][0].endswith("#cbt")
    assert "what is" not in json.dumps(slots)


def test_the_intent_tells_the_aspect() -> None:
    evidence, _ = _ask("emdr", "ask_evidence")
    first = evidence["blocks"][0]["sentences"][0]["source"]["section"]
    assert first == "emdr-evidence"
    definition, _ = _ask("emdr", "ask_definition")
    first = definition["blocks"][0]["sentences"][0]["source"]["section"]
    assert first == "emdr"


def test_another_subject_is_declined_and_nothing_is_forgotten() -> None:
    message, slots = _ask("what's the best hand in texas hold em", "out_of_scope")
    assert (message["kind"], message["text"]) == ("no_answer", wording.NOT_MY_FIELD)
    assert slots == {}


def test_an_answer_outweighs_a_mistaken_intent() -> None:
    message, _ = _ask("What is CBT?", "out_of_scope")
    assert message["kind"] == "answer"


def test_the_follow_ups_build_on_the_last_answer() -> None:
    first, slots = _ask("what is CBT?")
    more, later = _run(ActionTellMore(), _tracker("more", slots=slots))
    assert more["kind"] == "answer"
    shown = {s["text"] for b in first["blocks"] for s in b["sentences"]}
    assert not shown & {s["text"] for b in more["blocks"] for s in b["sentences"]}
    assert later[TOPIC_SLOT] == "cbt"
    sources, unchanged = _run(ActionShowSources(), _tracker("source?", slots=slots))
    assert sources["sources"] == first["sources"]
    assert unchanged == {}
    others, left = _run(ActionOfferAlternatives(), _tracker("no", slots=slots))
    assert (others["kind"], bool(others["choices"])) == ("prompt", True)
    assert len(left[MEMORY_SLOT]["upcoming"]) < len(slots[MEMORY_SLOT]["upcoming"])
    followed, _ = _ask("does it really work?", slots=slots)
    assert "CBT" in followed["text"]


@pytest.mark.parametrize("action", [ActionTellMore, ActionShowSources, ActionOfferAlternatives])
def test_a_follow_up_to_nothing_says_so(action: type[AssistantAction]) -> None:
    message, slots = _run(action(), _tracker("more"))
    assert message["kind"] == "notice"
    assert slots == {}


def test_medical_advice_is_declined() -> None:
    message, slots = _run(ActionDeclineMedicalAdvice(), _tracker("how much methadone?"))
    assert (message["kind"], message["text"]) == ("no_answer", wording.MEDICAL_ADVICE)
    assert [resource["href"] for resource in message["resources"]] == ["tel:18002221222"]
    assert slots == {}


def test_readiness_means_that_a_question_is_answered() -> None:
    dispatcher = CollectingDispatcher()
    assert asyncio.run(ActionCheckReadiness().run(dispatcher, _tracker(None), {})) == []
    (sent,) = dispatcher.messages
    assert sent["articles"] == {"edition": process_knowledge().composer.edition, "problem": ""}


def test_a_message_without_text_is_not_answered() -> None:
    message, _ = _ask(None)  # type: ignore[arg-type]
    assert message["kind"] == "prompt"
    assert message["blocks"] == []


def test_a_pressed_choice_is_answered_from_its_section() -> None:
    key = "psychotherapy-in-rehab#cbt"
    tracker = _tracker("/ask_definition", "ask_definition", {MEMORY_SLOT: None})
    tracker.latest_message["entities"] = [{"entity": "section", "value": key}]
    message, slots = _run(ActionAnswerQuestion(), tracker)
    assert message["kind"] == "answer"
    assert slots[MEMORY_SLOT]["latest"][0][0] == key


@pytest.mark.parametrize("action", ANSWERING)
def test_a_failure_is_told_plainly_and_logged_without_a_word_of_the_person(
    action: type[AssistantAction],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    def fail() -> Composer:
        raise ValueError(f"cannot read {CANARY}")

    monkeypatch.setattr(base, "composer", fail)
    with caplog.at_level(logging.DEBUG):
        message, slots = _run(action(), _tracker(CANARY, "ask_definition"))
    assert (message["kind"], message["text"]) == ("notice", wording.SOMETHING_FAILED)
    assert "988" in message["text"]
    assert slots == {}
    assert f"{action().name()} failed: ValueError at {__file__}" in caplog.text
    assert CANARY not in caplog.text + "".join(capfd.readouterr())
    assert not [record for record in caplog.records if record.exc_info]


def test_a_question_after_a_memory_that_cannot_be_read_is_answered() -> None:
    message, _ = _ask("what is CBT?", slots={MEMORY_SLOT: {"of an": "older version"}})
    assert message["kind"] == "answer"


@pytest.mark.parametrize(
    ("text", "declined", "kinds"),
    [
        ("what is cognitive behavioral therapy?", wording.MEDICAL_ADVICE_SHORT, ["answer"]),
        ("can I stop my klonopin all at once", wording.MEDICAL_ADVICE, ["answer"]),
        ("how much methadone is right for me", wording.MEDICAL_ADVICE, []),
        ("who won the world cup", wording.MEDICAL_ADVICE, []),
    ],
)
def test_what_is_safe_follows_the_message_that_declines_advice(
    text: str, declined: str, kinds: list[str]
) -> None:
    dispatcher = CollectingDispatcher()
    action = ActionDeclineMedicalAdvice()
    asyncio.run(action.run(dispatcher, _tracker(text, "ask_medical_advice"), {}))
    first, *others = [sent["message"] for sent in dispatcher.messages]
    assert first["text"] == declined
    assert [link["href"] for link in first["resources"]] == ["tel:18002221222"]
    assert [message["kind"] for message in others] == kinds


@pytest.mark.parametrize("action", [ActionDeclineMedicalAdvice])
def test_the_fixed_message_is_sent_though_the_corpus_is_gone(
    action: type[FixedFirstAction],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail() -> Composer:
        raise ValueError(f"cannot read {CANARY}")

    monkeypatch.setattr(base, "composer", fail)
    dispatcher = CollectingDispatcher()
    asyncio.run(action().run(dispatcher, _tracker(CANARY, "ask", confidence=0.1), {}))
    declined = action().message(CANARY, answered=False)
    assert [sent["message"] for sent in dispatcher.messages] == [declined.as_dict()]
    assert CANARY not in caplog.text
