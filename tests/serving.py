"""Both servers, live, with a state folder that is gone afterwards."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.settings import Settings, load_settings
from commands.run import bring_up
from commands.servers import Servers, ended_by_signals, free_port


@dataclass(frozen=True)
class Live:
    """A running assistant: its servers and the settings that they run with."""

    servers: Servers
    settings: Settings

    @property
    def address(self) -> str:
        """Where the web channel answers."""
        return self.servers.address


@contextlib.contextmanager
def running_assistant(articles: Path | None = None) -> Iterator[Live]:
    """Starts both servers on free ports, and ends them.

    Args:
        articles: a folder to answer from, other than the settings'.
    """
    with tempfile.TemporaryDirectory() as state:
        settings = load_settings().copy(
            update={
                "port": free_port(),
                "actions_port": free_port(),
                "state_dir": Path(state),
                "database_url": None,
                "corpus": articles or load_settings().corpus,
            }
        )
        with ended_by_signals(), Servers(settings) as servers:
            bring_up(servers, settings)
            yield Live(servers, settings)
