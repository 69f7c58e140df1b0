"""Folders of models for assistants with other articles than the real ones."""

from __future__ import annotations

from pathlib import Path


def own_editions(folder: Path, models_dir: Path) -> Path:
    """Makes `folder` one of models that shares all that is built but the articles' editions.

    A few editions are kept in a folder: those of small articles that tests write would
    push out the real one, which takes minutes to make.
    """
    folder.mkdir()
    for built in models_dir.resolve().iterdir():
        if built.name != "editions":
            (folder / built.name).symlink_to(built)
    return folder
