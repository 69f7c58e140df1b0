"""`make ask Q="..."`: asks the library alone, with scores, without any server."""

from __future__ import annotations

import sys

from assistant.answers.compose import Composer
from assistant.answers.leaning import Leaning
from assistant.answers.memory import Memory
from assistant.errors import AssistantError
from assistant.provider import load_provider
from assistant.retrieval.search import Searcher
from assistant.settings import load_settings

_SHOWN = 5


def main(arguments: list[str]) -> int:
    """Prints the answer and how the best sections fared."""
    question = " ".join(arguments).strip()
    if not question:
        print('Ask something: make ask Q="what is CBT?"', file=sys.stderr)
        return 2
    try:
        settings = load_settings()
        searcher = Searcher.load(settings.corpus, settings.models_dir)
        reply = Composer(searcher, load_provider(), Leaning.load()).answer(question, Memory())
    except AssistantError as error:
        print(error, file=sys.stderr)
        return 1
    result = searcher.search(searcher.read(question))
    print(reply.message.text)
    print(f"\nRead as: {result.query.expanded}")
    print(f"Topics: {', '.join(result.query.topics) or 'none'}")
    print(
        f"Probability of an answer: {result.probability:.2f} "
        f"(answers from {searcher.judgement.threshold:.2f})"
    )
    for found in result.sections[:_SHOWN]:
        print(f"{found.score:8.2f}  {found.key}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
