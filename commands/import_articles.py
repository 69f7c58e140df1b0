"""`make import FILE=...`: makes article drafts of files, or of a folder of them.

Nothing that is there is ever overwritten, and a file that cannot be imported
leaves nothing behind.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from assistant.authoring.drafting import Draft, make_draft
from assistant.authoring.proposing import Proposer
from assistant.authoring.sources import SUFFIXES, read_source
from assistant.corpus.load import load_glossary
from assistant.errors import AssistantError, ImportRefusedError
from assistant.retrieval.language import build_pipeline
from assistant.settings import load_settings
from commands.steps import fail

_SHOWN = 90


def main(arguments: Sequence[str]) -> int:
    """Imports; returns 1 when a file could not be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file")
    parser.add_argument("--scripts", choices=("", "refuse", "drop"), default="refuse")
    options = parser.parse_args(arguments)
    if not options.file:
        return fail("Name the file or folder: make import FILE=article.html")
    try:
        folder = load_settings().corpus
        files = _files(Path(options.file))
        proposer = Proposer(build_pipeline(load_glossary()))
    except AssistantError as error:
        return fail(str(error))
    refused = 0
    for file in files:
        try:
            source = read_source(file, drop_scripts=options.scripts == "drop")
            draft = make_draft(source, file.name, date.today(), proposer)
            _report(_write(draft, folder), draft)
        except AssistantError as error:
            refused += 1
            fail(str(error))
    return 1 if refused else 0


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    files = sorted(each for each in path.iterdir() if each.suffix.lower() in SUFFIXES)
    if not files:
        raise ImportRefusedError(f"{path} has no file that is one of {', '.join(SUFFIXES)}.")
    return files


def _write(draft: Draft, folder: Path) -> Path:
    path = folder / f"{draft.id}.md"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(draft.text)
    except FileExistsError:
        message = f"{path} is there already; rename or remove it first."
        raise ImportRefusedError(message) from None
    except OSError as error:
        raise ImportRefusedError(f"{path} cannot be written: {error.strerror}.") from None
    return path


def _report(path: Path, draft: Draft) -> None:
    print(f"Written: {path}")
    print(f"Left out ({len(draft.left_out)}):" if draft.left_out else "Nothing was left out.")
    for line in draft.left_out:
        print(f"  - {line if len(line) <= _SHOWN else line[:_SHOWN] + ' ...'}")
    print("Still to do:")
    for task in (*draft.to_do, "Run `make lint-corpus`: it names the rest, with file and line."):
        print(f"  - {task}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
