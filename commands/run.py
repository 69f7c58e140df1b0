"""`make run`: everything from a fresh clone to an assistant that answers."""

from __future__ import annotations

import sys
import time

from assistant.errors import AssistantError
from assistant.settings import Settings, load_settings
from commands.servers import Servers, ended_by_signals
from commands.steps import StepFailedError, fail, step
from commands.training import prepare, train
from commands.widget import build_widget

_WATCH_INTERVAL = 1.0


def main() -> int:
    """Serves until Ctrl-C; returns the exit status."""
    started = time.monotonic()
    try:
        settings = load_settings()
        settings.require_secrets()
        settings.require_whole_channels()
        _bring_widget()
        with ended_by_signals(), Servers(settings) as servers:
            bring_up(servers, settings)
            print(f"Ready after {time.monotonic() - started:.0f} s: {servers.address}")
            if not settings.sets_all_secrets:
                print(f"Secrets that are not set were generated in {settings.state_dir}.")
            if page := servers.page:
                print(f"Ask it something in a browser: {page}")
            print("Ask it something in another terminal with `make chat`; end it with Ctrl-C.")
            sys.stdout.flush()
            while True:
                time.sleep(_WATCH_INTERVAL)
                servers.require_running()
    except (AssistantError, StepFailedError) as error:
        return fail(str(error))
    except KeyboardInterrupt:
        print("\nEnded.")
        return 0


def _bring_widget() -> None:
    try:
        build_widget()
    except (StepFailedError, OSError) as error:
        # People are answered all the same, by every other way in.
        print(f"{error} The assistant runs without it.", file=sys.stderr)


def bring_up(servers: Servers, settings: Settings) -> None:
    """Builds and trains what is missing, and starts both servers until they answer.

    Raises:
        StepFailedError: with the sentence that says what is wrong.
    """
    prepare(settings)
    model = train(settings)
    with step("Starting the action server and Rasa"):
        servers.start_actions()
        servers.start_rasa(model)
        servers.wait_until_ready()


if __name__ == "__main__":
    sys.exit(main())
