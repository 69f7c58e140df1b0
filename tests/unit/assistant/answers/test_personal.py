from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answers.personal import personal_advice, read_medicine_names
from assistant.errors import CorpusError


@pytest.mark.parametrize(
    "text",
    [
        "how can my dad come off valium",
        "trying to wean off my antidepressant",
        "Should she start naltrexone?",
        "can you drink on Vivitrol",
        "methadone with a glass of wine",
        "mixing xanax and cocaine",
        "seroquel trazodone",
        "alcohol + zoloft",
        "lexapro and lithium together",
        "is gabapentin safe after surgery",
        "is it okay to crush the pills",
        "nursing a newborn on buprenorphine",
        "what is the highest dose",
        "they gave her 24 mg",
        "how many tablets should he take",
        "do I have bipolar disorder",
        "what's wrong with me",
        "am I an alcoholic",
        "my liver enzymes are up",
        "what do these lab results mean",
    ],
)
def test_what_only_somebody_who_knows_the_person_can_say(text: str) -> None:
    assert personal_advice().is_asked_for(text)


@pytest.mark.parametrize(
    "text",
    [
        "what is methadone",
        "how long do people stay on Suboxone",
        "why do doctors taper benzos",
        "how do I stop drinking",
        "does insurance cover Vivitrol",
        "which medicines help with cravings",
        "acamprosate compared with disulfiram",
        "how is bipolar disorder treated in rehab",
        "ok and for pills?",
        "methadone or buprenorphine",
        "trazodone",
        "what is CBT?",
        "",
    ],
)
def test_what_the_articles_can_say_to_anybody(text: str) -> None:
    assert not personal_advice().is_asked_for(text)


def test_a_file_of_names_has_a_medicine_a_line(tmp_path: Path) -> None:
    file = tmp_path / "names.txt"
    file.write_text("# remark\nmirtazapine, Remeron\n\nlithium\n")
    assert read_medicine_names(file) == ["mirtazapine", "Remeron", "lithium"]


def test_a_file_of_names_that_is_not_there_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="Cannot be read"):
        read_medicine_names(tmp_path / "none.txt")
