"""Patches of how Rasa calls the action server: its reply, its connection, what is sent."""

from __future__ import annotations

import asyncio
from functools import lru_cache
from typing import Any
from weakref import WeakSet

import aiohttp
import rasa
import rasa.core.run
from jsonschema import Draft202012Validator
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import INTENT
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from assistant.gaps.model import PREVIOUS_TEXT
from assistant.message import REPLY_BEFORE
from assistant.retrieval.encoder import EMBEDDING, to_text
from assistant.settings import load_settings
from extensions.embedding import SharedEncoder
from extensions.patches.patch import Patch

# The intent of "that's not what I asked".
_REJECTING = "reject_answer"
# A person waits for all of a turn; Rasa's own limit is 300 s for each call.
ACTION_TIMEOUT_SECONDS = 10.0

_request = EndpointConfig.request
_session = EndpointConfig.session
_close_resources = rasa.core.run.close_resources

# Sessions that are open, to be closed when the server stops.
_open_sessions: WeakSet[aiohttp.ClientSession] = WeakSet()


# The action server's reply is checked against a JSON schema that Rasa builds
# and checks anew for each reply, every event against every kind of event. Each is
# checked against its own kind, with a schema that is kept. Gain: p50 51 -> 13 ms
# by keeping the schema; its own kind alone was not measured apart.
# Rasa's error also holds the reply, which would be logged with all its texts.


@lru_cache(maxsize=1)
def _event_validators() -> dict[str, Draft202012Validator]:
    """A validator for each kind of event, by its name."""
    schema = RemoteAction.action_response_format_spec()["properties"]["events"]["items"]
    common = {key: value for key, value in schema.items() if key != "oneOf"}
    return {
        kind["properties"]["event"]["const"]: Draft202012Validator({"allOf": [common, kind]})
        for kind in schema["oneOf"]
    }


def _validate_action_result(self: RemoteAction, result: Any) -> bool:
    reply = result if isinstance(result, dict) else {"events": None}
    events, responses = reply.get("events", []), reply.get("responses", [])
    if not (isinstance(events, list) and all(map(_is_event, events))):
        raise RasaException(f"The reply of action '{self.name()}' is malformed at 'events'.")
    if not (isinstance(responses, list) and all(isinstance(each, dict) for each in responses)):
        raise RasaException(f"The reply of action '{self.name()}' is malformed at 'responses'.")
    return True


def _is_event(event: Any) -> bool:
    name = event.get("event") if isinstance(event, dict) else None
    validator = _event_validators().get(name) if isinstance(name, str) else None
    return validator is not None and bool(validator.is_valid(event))


# Rasa opens an HTTP session and a connection for each call of an action. One
# for each endpoint and event loop is kept open instead. Gain: p50 15 -> 13 ms.


class _KeptSession:
    """Lends an open session to an `async with` that would close its own."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._lent = session

    async def __aenter__(self) -> aiohttp.ClientSession:
        return self._lent

    async def __aexit__(self, *_: object) -> None:
        """Stays open: the next call uses it again."""


def _kept_session(self: EndpointConfig) -> _KeptSession:
    loop = asyncio.get_running_loop()
    kept: tuple[asyncio.AbstractEventLoop, aiohttp.ClientSession] | None
    kept = self.__dict__.get("_kept_session")
    if kept is None or kept[0] is not loop or kept[1].closed:
        kept = (loop, _session(self))
        self.__dict__["_kept_session"] = kept
        _open_sessions.add(kept[1])
    return _KeptSession(kept[1])


async def _limited_request(self: EndpointConfig, *args: Any, **kwargs: Any) -> Any:
    kwargs["timeout"] = aiohttp.ClientTimeout(total=ACTION_TIMEOUT_SECONDS)
    try:
        return await _request(self, *args, **kwargs)
    except asyncio.TimeoutError:
        # Of the kind that RemoteAction reports in a sentence; a bare one has none.
        raise aiohttp.ServerTimeoutError("no answer in time") from None
    except ClientResponseError as error:
        if error.status == 400:
            # The body names the action that rejected its execution; Rasa needs it.
            raise
        # Any other body may hold what the person wrote, and Rasa logs the error.
        raise ClientResponseError(error.status, error.message, "") from None


async def close_sessions() -> None:
    """Closes all kept sessions."""
    for session in list(_open_sessions):
        await session.close()


async def _close_resources_and_sessions(app: Any, loop: Any) -> None:
    await close_sessions()
    await _close_resources(app, loop)


# Each call of an action carries every event that was read back, the texts and
# sources of earlier answers among them. Actions look at the latest message and
# after; what came before is in the slots, but for what the last reply was and offered,
# and the question that an answer was not to, which go along. The message's embedding
# goes with the call, so that the action server need not compute it again; it is kept
# nowhere.


def _action_call(self: RemoteAction, tracker: DialogueStateTracker, domain: Any) -> dict[str, Any]:
    call = {
        "next_action": self._name,
        "sender_id": tracker.sender_id,
        "tracker": tracker.current_state(EventVerbosity.NONE),
        "version": rasa.__version__,
    }
    call["tracker"]["events"] = [event.as_dict() for event in _latest_turn(tracker)]
    latest = call["tracker"]["latest_message"]
    vector = SharedEncoder.load(load_settings().models_dir).known(latest.get("text") or "")
    if vector is not None:
        latest = {**latest, EMBEDDING: to_text(vector)}
    if (latest.get(INTENT) or {}).get("name") == _REJECTING:
        latest = {**latest, PREVIOUS_TEXT: _previous_text(tracker)}
    call["tracker"]["latest_message"] = {**latest, REPLY_BEFORE: _reply_before(tracker)}
    if not self._is_selective_domain_enabled() or domain.does_custom_action_explicitly_need_domain(
        self.name()
    ):
        call["domain"] = domain.as_dict()
    return call


def _latest_turn(tracker: DialogueStateTracker) -> list[Event]:
    turn: list[Event] = []
    for event in reversed(tracker.events):
        turn.append(event)
        if isinstance(event, UserUttered):
            break
    return turn[::-1]


def _reply_before(tracker: DialogueStateTracker) -> dict[str, list[str]]:
    """The kinds of the messages that the person answers, and what their choices stand for."""
    kinds: list[str] = []
    payloads: list[str] = []
    said = 0
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            said += 1
            if said > 1:
                break
        elif isinstance(event, BotUttered) and said:
            message = event.metadata.get("message") or {}
            kinds.append(message.get("kind") or "")
            payloads += [choice["payload"] for choice in message.get("choices") or []]
    return {"kinds": kinds, "payloads": payloads}


def _previous_text(tracker: DialogueStateTracker) -> str:
    """What the last answer was given to; empty where the message before got none."""
    answered = False
    said = 0
    for event in reversed(tracker.events):
        if isinstance(event, BotUttered):
            message = event.metadata.get("message") or {}
            answered = answered or message.get("kind") == "answer"
        elif isinstance(event, UserUttered):
            said += 1
            if said > 1:
                # What was typed into a form, say, is nobody's question.
                return (event.text or "") if answered else ""
    return ""


PATCHES: tuple[Patch, ...] = (
    Patch(
        RemoteAction,
        "_validate_action_result",
        RemoteAction._validate_action_result,
        _validate_action_result,
        "f8cdb4be6812396167ced74161b2ccd65c5ea676ad86d7d359d8c322d9d8dc42",
    ),
    Patch(
        RemoteAction,
        "_action_call_format",
        RemoteAction._action_call_format,
        _action_call,
        "428795b944f22edba142d278ec47a30098975b01463ba337ec447dade52a0492",
    ),
    Patch(
        EndpointConfig,
        "session",
        _session,
        _kept_session,
        "e55aa13d9d4fb4bc440ac33b870a97ee162b76dda7ccb6bf68433567475fdffb",
    ),
    Patch(
        EndpointConfig,
        "request",
        _request,
        _limited_request,
        "ccdb778aed8208e23cde3c3f47eac7fbbbb735dac8f7ef7254d54451c64ad608",
    ),
    Patch(
        rasa.core.run,
        "close_resources",
        _close_resources,
        _close_resources_and_sessions,
        "bc3d36e8149e84cd906082694203f0f78bbdb09544be8753af472ff59cc284e9",
    ),
)
