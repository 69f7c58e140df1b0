"""Makes the articles, as they are now, what visitors get answers from.

An editor changes files at any time; visitors meet them only once a whole edition
of them has been made that answers.
"""

from __future__ import annotations

from dataclasses import replace

from assistant.answers.compose import Composer
from assistant.answers.live import Live, articles_folder, live_edition, set_live
from assistant.answers.memory import Memory
from assistant.errors import AssistantError, CorpusError
from assistant.retrieval.editions import make_edition
from assistant.settings import Settings


def publish(settings: Settings) -> Live:
    """Makes the articles, as they are now, what is answered from.

    Raises:
        AssistantError: they cannot be used. What was live stays so, and the
            reason is noted beside it.
    """
    try:
        edition = make_edition(settings.corpus, settings.models_dir)
        before = live_edition(settings)
        if before and before.edition == edition and not before.problem:
            return before
        composer = Composer.open(edition, settings.models_dir)
        question = composer.own_question()
        if composer.answer(question, Memory()).message.kind != "answer":
            raise CorpusError("The first question of the first article finds no answer.")
    except AssistantError as error:
        before = live_edition(settings)
        if before is not None:
            set_live(settings, replace(before, problem=str(error)))
        raise
    return set_live(settings, Live(articles_folder(settings), edition, question))
