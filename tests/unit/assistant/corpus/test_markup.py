from __future__ import annotations

import pytest

from assistant.corpus.markup import plain_text


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("CBT helps.", "CBT helps."),
        ("CBT *really* helps **you**.", "CBT really helps you."),
        ("See [the page](https://example.org) now.", "See the page now."),
        ("Use `words` here.", "Use words here."),
        ("One\ntwo  three\\\nfour.", "One two three four."),
        ("One[^a] two [^b].", "One two ."),
        ("Tom &amp; Ann \\*star\\*.", "Tom & Ann *star*."),
        ('"Quotes" -- it\'s kept...', '"Quotes" -- it\'s kept...'),
        ("5 < 6 and 7 > 2", "5 < 6 and 7 > 2"),
        ("", ""),
    ],
)
def test_a_reader_sees_the_words_without_markup(markdown: str, shown: str) -> None:
    assert plain_text(markdown) == shown
