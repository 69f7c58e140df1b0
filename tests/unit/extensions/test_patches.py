"""The patches of Rasa: what they replace is unchanged, and they are in place."""

from __future__ import annotations

import hashlib
import inspect
import logging

import pytest
import rasa

from extensions import patches
from extensions.patches import PATCHES, apply_patches
from extensions.patches.patch import Patch


@pytest.mark.parametrize("patch", PATCHES, ids=lambda patch: f"{patch.owner.__name__}.{patch.name}")
def test_rasa_has_not_changed_under_the_patch(patch: Patch) -> None:
    source = inspect.getsource(patch.original)
    assert hashlib.sha256(source.encode()).hexdigest() == patch.source_hash


@pytest.mark.parametrize("patch", PATCHES, ids=lambda patch: f"{patch.owner.__name__}.{patch.name}")
def test_the_patch_is_in_place(patch: Patch) -> None:
    assert apply_patches()
    assert getattr(patch.owner, patch.name) is patch.replacement


def test_another_rasa_is_left_alone_with_one_warning(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(rasa, "__version__", "3.6.99")
    with caplog.at_level(logging.WARNING, logger=patches.logger.name):
        assert not apply_patches.__wrapped__()
    assert len(caplog.records) == 1
