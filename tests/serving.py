"""Both servers, live, with a state folder that is gone afterwards."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.settings import Settings, load_settings
from commands.run import bring_up
from commands.servers import Servers, ended_by_signals, free_port
from tests.editions import own_editions


@dataclass(frozen=True)
class Live:
    """A running assistant: its servers and the settings that they run with."""

    servers: Servers
    settings: Settings

    @property
    def address(self) -> str:
        """Where the web channel answers."""
        return self.servers.address


# Tests and measurements ask more quickly than people do.
NO_LIMITS = dict.fromkeys(
    ("messages_per_minute", "address_messages_per_minute", "address_sessions_per_hour"), 0
)


@contextlib.contextmanager
def running_assistant(articles: Path | None = None, **changes: Any) -> Iterator[Live]:
    """Starts both servers on free ports, and ends them.

    Args:
        articles: a folder to answer from, other than the settings'.
        changes: further settings; without them nothing is limited.
    """
    with tempfile.TemporaryDirectory() as state:
        models = load_settings().models_dir
        settings = load_settings().copy(
            update={
                "port": free_port(),
                "actions_port": free_port(),
                "state_dir": Path(state),
                "models_dir": own_editions(Path(state) / "models", models) if articles else models,
                "database_url": None,
                "corpus": articles or load_settings().corpus,
                **NO_LIMITS,
                **changes,
            }
        )
        with ended_by_signals(), Servers(settings) as servers:
            bring_up(servers, settings)
            yield Live(servers, settings)
