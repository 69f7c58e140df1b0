"""What is changed in Rasa itself, each with its reason and its measured gain.

Rasa offers no setting for these. They are made for one version: with another,
none is applied and one warning says so. Each records the hash of the source it
replaces; a test compares them, so that a changed Rasa is noticed.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from types import ModuleType
from typing import Any
from weakref import WeakSet

import aiohttp
import rasa
import rasa.core.run
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.events import Event
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

logger = logging.getLogger(__name__)

RASA_VERSION = "3.6.21"
# A person waits for all of a turn; Rasa's own limit is 300 s for each call.
ACTION_TIMEOUT_SECONDS = 10.0

_request = EndpointConfig.request
_session = EndpointConfig.session
_create_tracker_store = Agent._create_tracker_store
_resolve_by_type = Event.resolve_by_type
_close_resources = rasa.core.run.close_resources

# Sessions that are open, to be closed when the server stops.
_open_sessions: WeakSet[aiohttp.ClientSession] = WeakSet()


@dataclass(frozen=True)
class Patch:
    """A function of Rasa and what takes its place.

    Attributes:
        owner: the class or module that holds the function.
        name: its name there.
        original: the function as Rasa has it.
        replacement: what is put there.
        source_hash: SHA-256 of the original's source.
    """

    owner: type | ModuleType
    name: str
    original: Callable[..., Any]
    replacement: Callable[..., Any]
    source_hash: str


@lru_cache(maxsize=1)
def apply_patches() -> bool:
    """Applies all patches, once a process.

    Returns:
        Whether they were applied.
    """
    if rasa.__version__ != RASA_VERSION:
        logger.warning(
            "Rasa is %s, the patches are made for %s: none is applied, messages take longer.",
            rasa.__version__,
            RASA_VERSION,
        )
        return False
    for patch in PATCHES:
        static = isinstance(patch.owner, type) and isinstance(
            patch.owner.__dict__[patch.name], staticmethod
        )
        replacement: Any = staticmethod(patch.replacement) if static else patch.replacement
        setattr(patch.owner, patch.name, replacement)
    return True


# 1. The action server's reply is checked against a JSON schema that Rasa builds
#    and checks anew for each reply. Gain: p50 of a turn 51 -> 13 ms.
#    Rasa's error also holds the reply, which would be logged with all its texts.


@lru_cache(maxsize=1)
def _reply_validator() -> Draft202012Validator:
    return Draft202012Validator(RemoteAction.action_response_format_spec())


def _validate_action_result(self: RemoteAction, result: dict[str, Any]) -> bool:
    error = best_match(_reply_validator().iter_errors(result))
    if error is not None:
        place = "/".join(str(step) for step in error.absolute_path)
        raise RasaException(f"The reply of action '{self.name()}' is malformed at '{place}'.")
    return True


# 2. Rasa opens an HTTP session and a connection for each call of an action. One
#    for each endpoint and event loop is kept open instead. Gain: p50 15 -> 13 ms.


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


# 3. Rasa wraps the tracker store so that, when it fails, turns go to a store in
#    memory that is never read: a turn is lost and nobody is told. A store that
#    says `fails_loudly` is left as it is, and the channel tells the person.


def _create_unwrapped_tracker_store(store: TrackerStore | None, domain: Any) -> TrackerStore:
    if store is None or not getattr(store, "fails_loudly", False):
        return _create_tracker_store(store, domain)
    store.domain = domain
    return store


# 4. For each event that is read back, Rasa walks the tree of all classes of events
#    to find the one of its type. It is looked up once instead. Gain: p50 17 -> 13 ms.

_resolve_by_type_once = lru_cache(maxsize=128)(_resolve_by_type)


PATCHES: tuple[Patch, ...] = (
    Patch(
        RemoteAction,
        "_validate_action_result",
        RemoteAction._validate_action_result,
        _validate_action_result,
        "f8cdb4be6812396167ced74161b2ccd65c5ea676ad86d7d359d8c322d9d8dc42",
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
    Patch(
        Event,
        "resolve_by_type",
        _resolve_by_type,
        _resolve_by_type_once,
        "b5cf570fa7f286c7059ec73d8880528d03a78b28cf4e80285a46079c0fa65968",
    ),
    Patch(
        Agent,
        "_create_tracker_store",
        _create_tracker_store,
        _create_unwrapped_tracker_store,
        "97499b594b45581b2c6d8ff7adb9083af24eba85654995a40350de65633ca574",
    ),
)
