"""`make chat`: the action server, and Rasa's shell in front of it."""

from __future__ import annotations

import subprocess
import sys

from assistant.errors import AssistantError
from assistant.settings import ROOT, load_settings
from commands.servers import Servers, ended_by_signals, free_port
from commands.steps import StepFailedError, fail, step
from commands.training import prepare, train


def main() -> int:
    """Chats until `/stop` or Ctrl-C; returns the exit status."""
    try:
        # Ports of its own, so that it can be used beside `make run`.
        ports = {"port": free_port(), "actions_port": free_port()}
        settings = load_settings().copy(update=ports)
        with ended_by_signals(), Servers(settings) as servers:
            prepare(settings)
            model = train(settings)
            with step("Starting the action server"):
                servers.start_actions()
            command = [
                *(sys.executable, "-m", "extensions.server", "shell", *servers.rasa_options()),
                *("--model", str(model), "--port", str(settings.port)),
            ]
            return subprocess.run(
                command, cwd=ROOT, env=servers.environment, check=False
            ).returncode
    except (AssistantError, StepFailedError) as error:
        return fail(str(error))
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    sys.exit(main())
