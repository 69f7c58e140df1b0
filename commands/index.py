"""`make index`: makes the articles, as they are now, what visitors get answers from.

A running assistant takes them over within seconds, without a restart. Articles
that cannot be used change nothing: what was live stays so.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from assistant.answers.live import live_edition
from assistant.answers.publishing import publish
from assistant.errors import AssistantError, CorpusError
from assistant.settings import Settings, load_settings
from commands.steps import fail


def main(arguments: Sequence[str] = ()) -> int:
    """Publishes the articles; returns the exit status.

    With `--or-keep`, as at a start, articles that cannot be used are told of, and
    what was live before is enough.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--or-keep", action="store_true")
    or_keep: bool = parser.parse_args(arguments).or_keep
    try:
        return _publish(load_settings(), or_keep)
    except AssistantError as error:
        return fail(str(error))


def _publish(settings: Settings, or_keep: bool) -> int:
    try:
        live = publish(settings)
    except CorpusError as error:
        if live_edition(settings) is None:
            raise
        print(f"{error}\nVisitors get answers from the articles as they were before.")
        return 0 if or_keep else 1
    if not or_keep:
        print(f"Live: {live.articles}, edition {live.edition}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
