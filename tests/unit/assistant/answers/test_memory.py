from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from assistant.answers.memory import Memory

_SHOWN = st.lists(st.tuples(st.text(), st.lists(st.integers(0, 99)).map(tuple))).map(tuple)
_TEXTS = st.lists(st.text()).map(tuple)


@hypothesis_settings(max_examples=30)
@given(
    st.builds(
        Memory,
        shown=_SHOWN,
        latest=_SHOWN,
        upcoming=_TEXTS,
        topics=_TEXTS,
        asked=st.none() | st.tuples(st.text(), st.integers(0, 99)),
        aspect=st.none() | st.text(),
    )
)
def test_memory_comes_back_from_json_as_it_was(memory: Memory) -> None:
    assert Memory.from_dict(json.loads(json.dumps(memory.as_dict()))) == memory


@pytest.mark.parametrize("stored", [None, {}])
def test_nothing_stored_is_nothing_remembered(stored: dict[str, object] | None) -> None:
    assert Memory.from_dict(stored) == Memory()


def test_a_memory_of_before_follow_ups_is_still_read() -> None:
    stored = Memory(topics=("cbt",), edition="one").as_dict()
    del stored["asked"], stored["aspect"]
    assert Memory.from_dict(stored) == Memory(topics=("cbt",), edition="one")
