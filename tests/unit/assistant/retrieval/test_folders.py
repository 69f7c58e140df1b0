from __future__ import annotations

from pathlib import Path

import pytest

from assistant.retrieval.folders import made_whole


def test_a_folder_appears_only_once_it_is_whole(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "made"
    with made_whole(folder) as partial:
        (partial / "a").write_text("1")
        assert not folder.exists()
    assert (folder / "a").read_text() == "1"
    assert list(folder.parent.iterdir()) == [folder]


def test_what_fails_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="broken"), made_whole(tmp_path / "made"):
        raise ValueError("broken")
    assert list(tmp_path.iterdir()) == []


def test_the_quicker_process_wins(tmp_path: Path) -> None:
    folder = tmp_path / "made"
    with made_whole(folder) as partial:
        (partial / "a").write_text("slow")
        folder.mkdir()
        (folder / "a").write_text("quick")
    assert (folder / "a").read_text() == "quick"
    assert list(tmp_path.iterdir()) == [folder]


def test_a_place_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"), made_whole(tmp_path / "file" / "made"):
        pass
