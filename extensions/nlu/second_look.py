"""A second look at what the classifier was given, by rules that need no examples.

Its embedding knows English sentences and what they are about. Spanish, a topic's bare name
among small talk, and what is asked of a medicine for one's own body come out as whatever is
nearest; here the message's own words decide, and whether an emergency went before.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import (
    ENTITIES,
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    METADATA,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message

from assistant.answers.following import corrected
from assistant.answers.personal import PersonalAdvice, personal_advice
from assistant.safety.protocol import Crisis
from assistant.safety.spanish import Spanish, load_spanish
from extensions.gate import CRISIS
from extensions.nlu import meant
from extensions.nlu.article_questions import ARTICLE_INTENT

_UNSURE = 0.35
_AROUND = " \t\n.,;:!?"
SPANISH_INTENT = "write_spanish"
FALLBACK_INTENT = "nlu_fallback"
OTHER_SUBJECT = "out_of_scope"
ADVICE_INTENT = "ask_medical_advice"
FOLLOW_UP = "ask_follow_up"
COMPLAINT = "frustration"
CHAT_INTENT = "chat"
SIGN_UP = "start_signup"
NO = "deny"
CORRECTION = "reject_answer"
SOURCES = "ask_source"
PRIVACY = "ask_privacy"
MY_DATA = "ask_my_data"
# A yes or a no is the same word in many languages; more words are in one.
_YES_OR_NO = frozenset({"affirm", NO})
_BARE = 2


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class SecondLook(GraphComponent):
    """Sets the intent where words say more than the embedding; after the fallback.

    A message in Spanish gets `write_spanish`, unless its intent is one of those that a person
    must be able to say in any language. A message that names a topic, has more than two words
    or none gets no fixed text unless the classifier was sure: the articles are looked in first
    (`actions/questions.py`). No topic's bare name gets one ever, nor a single word the one for
    chat, which may be a misspelt name, nor "how" or "why" alone. What a therapist keeps is no
    data of this chat. A no that names what was meant instead is a correction, and the sign-up
    begins only where that was surely asked for. What asks for advice on one's own medicine gets
    `ask_medical_advice` where the articles would answer it, also as a follow-up, or a fixed
    text, unsurely: the answer then follows the words that say who to ask.
    What names nothing but an insurance, a job or the like asks for no such advice.
    Where somebody told of an emergency before and the classifier is not sure, what people ask
    then needs but a share of the guesses; unsurely, too, so that an answer of the articles
    follows. What is like the articles' own questions gets the likeliest kind of question, and
    what is one of two fixed texts the likelier.
    """

    def __init__(self, config: dict[str, Any], spanish: Spanish, advice: PersonalAdvice) -> None:
        """Takes the configuration, what tells Spanish, and what tells medical advice."""
        self._in_any_language = frozenset(config["in_any_language"])
        self._fixed = frozenset(config["fixed_texts"])
        self._sure = float(config["sure"])
        self._from_articles = frozenset(config["from_articles"])
        self._after_emergency = frozenset(config["after_emergency"])
        self._of_no_body = frozenset(config["of_no_body"])
        self._share_after_emergency = float(config["share_after_emergency"])
        self._spanish = spanish
        self._advice = advice

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`sure`: confidence from which the classifier's intent stands.

        `in_any_language`: intents that are kept in Spanish too. `fixed_texts`: intents
        that a fixed text answers, whatever the message is about. `from_articles`: those
        that are looked up in the articles, whatever went before. `after_emergency`: what
        people say to the reply that they got, and `share_after_emergency`, which share of
        the guesses is enough then.
        """
        return {
            "sure": 0.6,
            "in_any_language": [],
            "fixed_texts": [],
            "from_articles": [],
            "after_emergency": [],
            "of_no_body": [],
            "share_after_emergency": 0.15,
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SecondLook:
        """Reads the words; it learns nothing."""
        return cls(config, load_spanish(), personal_advice())

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Rasa fingerprints the class alone; this covers the rest of the module."""
        return hashlib.sha256(Path(__file__).read_bytes()).hexdigest()

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets the intent of each message where a rule applies; in place."""
        for message in messages:
            text = message.get(TEXT)
            intent = self._intent(text, message) if text else None
            if intent is not None:
                # Of a fallback, and of what only went before makes likely, nobody is sure;
                # what a rule tells is certain.
                unsure = intent == FALLBACK_INTENT or intent in self._after_emergency
                _set(message, intent, _UNSURE if unsure else 1.0)
        return messages

    def _intent(self, text: str, message: Message) -> str | None:
        """The intent to set, or none."""
        given = message.get(INTENT) or {}
        name = given.get(INTENT_NAME_KEY)
        sure = float(given.get(PREDICTED_CONFIDENCE_KEY) or 0.0) >= self._sure
        if not (sure and self._is_any_language(name, text)) and self._spanish.is_spanish(text):
            return SPANISH_INTENT
        crisis = Crisis.from_dict((message.get(METADATA) or {}).get(CRISIS))
        if not sure and crisis is not None and crisis.said:
            answered = self._said_after_emergency(message)
            if answered is not None:
                return answered
        kind = self._kind_of_question(message)
        looked_up = kind or name in self._from_articles or name == FOLLOW_UP
        open_to_it = looked_up or (name in self._fixed and not sure)
        if open_to_it and self._advice.is_asked_for(text):
            return ADVICE_INTENT
        topics = message.get(ENTITIES) or []
        if name == ADVICE_INTENT and (
            self._asks_which_medicine(text) or self._is_of_no_body(topics)
        ):
            return FALLBACK_INTENT
        if not topics and meant.wants_spanish(text):
            return SPANISH_INTENT
        if name == NO and topics and corrected(text):
            return CORRECTION
        began = name == SOURCES and meant.asks_who_began(text)
        if began or (name in self._fixed and meant.is_asking_word(text)):
            return FOLLOW_UP
        if self._is_looked_up_first(name, sure, text, topics):
            return FALLBACK_INTENT
        says_nothing = not any(character.isalnum() for character in text)
        return kind or (None if topics or says_nothing else self._likelier_fixed_text(message))

    def _asks_which_medicine(self, text: str) -> bool:
        """Whether medicines for something are asked for, and none for the person's own case."""
        return meant.asks_which_medicine(text) and not self._advice.is_asked_for(text)

    def _is_of_no_body(self, topics: list[dict[str, Any]]) -> bool:
        """Whether all that is named is an insurance, a job or the like: "do you take Aetna"."""
        named = {str(topic.get("value")) for topic in topics}
        return bool(named) and named <= self._of_no_body

    def _is_any_language(self, name: str | None, text: str) -> bool:
        """Whether an intent is meant in whatever language; a yes or no of one word is."""
        return name in self._in_any_language and (
            name not in _YES_OR_NO or len(text.split()) <= _BARE
        )

    def _is_looked_up_first(
        self, name: str | None, sure: bool, text: str, topics: list[dict[str, Any]]
    ) -> bool:
        """Whether the articles are looked in before what the classifier says is done."""
        words = len(text.split())
        says_nothing = not any(character.isalnum() for character in text)
        if name == SIGN_UP:
            # A form that nobody asked for is in the way; an offer beside an answer is not.
            return not sure or meant.is_no_sign_up(text)
        if name == MY_DATA:
            return meant.is_kept_elsewhere(text)
        if name not in self._fixed:
            return False
        if name == PRIVACY and not meant.is_of_this_chat(text):
            return True
        if name == CHAT_INTENT and words == 1:
            return True
        if not sure and (topics or says_nothing or words > _BARE):
            return True
        return any(_is_all_of(text, topic) for topic in topics)

    def _said_after_emergency(self, message: Message) -> str | None:
        """The likeliest of what people say after an emergency, where it is likely enough."""
        return next(
            (
                each[INTENT_NAME_KEY]
                for each in message.get(INTENT_RANKING_KEY) or []
                if each[INTENT_NAME_KEY] in self._after_emergency
                and float(each[PREDICTED_CONFIDENCE_KEY]) >= self._share_after_emergency
            ),
            None,
        )

    def _likelier_fixed_text(self, message: Message) -> str | None:
        """The likelier of two fixed texts, where the classifier hesitates between just these.

        A complaint goes before praise: thanks for it would sting.
        """
        ranking = message.get(INTENT_RANKING_KEY) or []
        guesses = [each for each in ranking if each[INTENT_NAME_KEY] != FALLBACK_INTENT][:2]
        names = [each[INTENT_NAME_KEY] for each in guesses]
        both = sum(float(each[PREDICTED_CONFIDENCE_KEY]) for each in guesses)
        hesitates = ranking[:1] != guesses[:1]
        if not hesitates or not self._fixed.issuperset(names) or both < self._sure:
            return None
        return COMPLAINT if COMPLAINT in names else names[0]

    def _kind_of_question(self, message: Message) -> str | None:
        """The likeliest kind of question, where the classifier says or doubts no more than that.

        It says so of what is like the articles' own questions, and where it hesitates
        between two kinds: both are looked up. None anywhere else.
        """
        ranking = [each[INTENT_NAME_KEY] for each in message.get(INTENT_RANKING_KEY) or []]
        kinds = self._from_articles - {FALLBACK_INTENT, OTHER_SUBJECT}
        guesses = [name for name in ranking if name != FALLBACK_INTENT]
        hesitates = ranking[:1] == [FALLBACK_INTENT] and kinds.issuperset(
            set(guesses[:2]) - {ARTICLE_INTENT}
        )
        if not (hesitates or ranking[:1] == [ARTICLE_INTENT]):
            return None
        return next((name for name in guesses if name in kinds), FALLBACK_INTENT)


def _is_all_of(text: str, topic: dict[str, Any]) -> bool:
    """Whether a message is a topic's bare name."""
    length = int(topic.get("end", 0)) - int(topic.get("start", 0))
    return length == len(text.strip(_AROUND))


def _set(message: Message, name: str, confidence: float) -> None:
    intent = {INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: confidence}
    others = [
        each
        for each in message.get(INTENT_RANKING_KEY) or []
        if each[INTENT_NAME_KEY] != ARTICLE_INTENT
    ]
    message.set(INTENT, intent, add_to_output=True)
    message.set(INTENT_RANKING_KEY, [intent, *others], add_to_output=True)
