"""What happens when the server starts and stops."""

from __future__ import annotations

import asyncio
import gc
import logging
from datetime import timedelta

from rasa.core.agent import Agent
from rasa.shared.exceptions import RasaException
from sanic import Sanic
from sqlalchemy.exc import SQLAlchemyError

from assistant.errors import CorpusError, SettingsError
from assistant.forms.kept import FORM_SECONDS
from assistant.gaps.store import purge
from assistant.provider import Provider, load_provider
from assistant.settings import Settings, load_settings
from extensions.channels.framing import FramedRequest
from extensions.channels.readiness import conversations
from extensions.gate import SafetyGate
from extensions.tracker_store import EncryptedTrackerStore

logger = logging.getLogger(__name__)

# The safety gate looks at texts that are too long to be answered, too: 10,000 characters
# take 120 kB at the most, escaped.
MAX_BODY_BYTES = 128 * 1024
_RESPONSE_SECONDS = 20
_PURGE_EVERY = timedelta(hours=6)
_FORGET_EVERY = timedelta(minutes=10)


def checked_settings() -> Settings:
    """The settings, with every secret in place.

    Raises:
        RasaException: one is missing or malformed; the `rasa` command shows the
            sentence and ends.
    """
    try:
        settings = load_settings()
        settings.require_secrets()
    except SettingsError as error:
        raise RasaException(str(error)) from None
    if not settings.sets_all_secrets:
        logger.warning(
            "TOKEN_SECRET, DATA_KEYS or RECORDS_SECRET is not set: generated ones in %s are used.",
            settings.state_dir,
        )
    return settings


def checked_texts(settings: Settings) -> tuple[SafetyGate, Provider]:
    """The safety gate with its texts, and the provider's facts.

    Raises:
        RasaException: a file of them cannot be used; the server does not start.
    """
    try:
        return SafetyGate.open(settings), load_provider()
    except CorpusError as error:
        raise RasaException(str(error)) from None


def set_limits(app: Sanic) -> None:
    """Keeps giant and endless requests away from every channel."""
    app.config.REQUEST_MAX_SIZE = min(app.config.REQUEST_MAX_SIZE, MAX_BODY_BYTES)
    app.request_class = FramedRequest
    app.config.RESPONSE_TIMEOUT = max(app.config.RESPONSE_TIMEOUT, _RESPONSE_SECONDS)


async def prepare(app: Sanic, settings: Settings) -> None:
    """Checks the store and makes the first answer as quick as the others.

    Raises:
        SystemExit: the conversation store is not the encrypted one. Rasa takes
            one in memory, without an error, when it cannot import another.
    """
    agent: Agent = app.ctx.agent
    store = conversations(agent)
    if store is None:
        logger.critical("The conversation store in endpoints.yml is not the encrypted one.")
        # The sentence is enough; Sanic would log a stack trace after it.
        logging.getLogger("sanic.error").disabled = True
        raise SystemExit(1)
    if agent.is_ready():
        await agent.parse_message("What is therapy?")
    else:
        logger.error("There is no trained model; /health answers 503 until there is one.")
    # What is loaded stays. Looking through it for garbage took four tenths of a second
    # once in a hundred messages.
    gc.collect()
    gc.freeze()
    running = (_purge_for_ever(store, settings), _forget_for_ever(store))
    app.ctx.purging = [asyncio.create_task(each) for each in running]


async def _forget_for_ever(store: EncryptedTrackerStore) -> None:
    while True:
        await forget_quietly(store)
        await asyncio.sleep(_FORGET_EVERY.total_seconds())


async def forget_quietly(store: EncryptedTrackerStore) -> None:
    """Forgets the answers of forms that nobody goes on with; a failure is only logged."""
    try:
        forgotten = await store.forget_abandoned(timedelta(seconds=FORM_SECONDS))
    except (SQLAlchemyError, RasaException) as error:
        logger.error("Abandoned forms could not be forgotten: %s.", type(error).__name__)
        return
    if forgotten:
        logger.info("Forgot the answers of %d abandoned forms.", forgotten)


async def _purge_for_ever(store: EncryptedTrackerStore, settings: Settings) -> None:
    while True:
        await purge_quietly(store, settings)
        await purge_gaps_quietly(settings)
        await asyncio.sleep(_PURGE_EVERY.total_seconds())


async def purge_quietly(store: EncryptedTrackerStore, settings: Settings) -> None:
    """Deletes conversations that are past their time; a failure is only logged."""
    try:
        deleted = await store.purge(
            timedelta(days=settings.retention_days), timedelta(hours=settings.session_hours)
        )
    except SQLAlchemyError as error:
        logger.error("Old conversations could not be deleted: %s.", type(error).__name__)
        return
    if deleted:
        logger.info("Deleted %d turns of old conversations.", deleted)


async def purge_gaps_quietly(settings: Settings) -> None:
    """Deletes content gaps that are past their time, recorded or not; a failure is only logged."""
    try:
        await asyncio.to_thread(purge, settings)
    except (SQLAlchemyError, OSError) as error:
        logger.error("Old content gaps could not be deleted: %s.", type(error).__name__)


async def close(app: Sanic) -> None:
    """Ends what runs in the background, and closes the connections to the database."""
    for purging in getattr(app.ctx, "purging", []):
        purging.cancel()
    store = conversations(getattr(app.ctx, "agent", None))
    if store is not None:
        await store.close()
