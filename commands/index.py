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
from assistant.gaps.vocabulary import common_words
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
        settings = load_settings()
        if or_keep:
            # Made by the servers, too, where it is missing, but at the cost of their memory.
            common_words(settings.models_dir)
        return _publish(settings, or_keep)
    except AssistantError as error:
        return fail(str(error))
    except OSError as error:
        return fail(f"Cannot write to the folder of models: {error.strerror}.")


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
