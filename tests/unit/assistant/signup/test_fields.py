"""Names, addresses and numbers are found in what people write."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.signup.fields import FieldError, masked, read_email, read_name, read_phone


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ana", "Ana"),
        ("my name is Ana", "Ana"),
        ("My name's Ana.", "Ana"),
        ("hi, I\u2019m José María O\u2019Neil", "José María O'Neil"),
        ("call me Sam please", "Sam"),
        ("you can call me Sam, thanks", "Sam"),
        ("it's bob", "bob"),
        ("me llamo Íñigo", "Íñigo"),
        ("Soy Ana-Lucía", "Ana-Lucía"),
        ("  Dr.   Jo\tLee ", "Dr. Jo Lee"),
        ("Martin Luther King, Jr.", "Martin Luther King, Jr"),
        ("王小明", "王小明"),
        ("A\u202eB", "AB"),
        ("Will", "Will"),
        ("Imani", "Imani"),
        ("Soyala", "Soyala"),
    ],
)
def test_a_name_is_what_is_left_of_the_sentence(text: str, name: str) -> None:
    assert read_name(text) == name


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "name_missing"),
        ("   ", "name_missing"),
        ("?!", "name_missing"),
        ("12345", "name_missing"),
        ("my name is", "name_missing"),
        ("what is CBT?", "name_malformed"),
        ("www.example.org", "name_malformed"),
        ("buy at cheap.com", "name_malformed"),
        ("ana@example.org", "name_malformed"),
        ("Ana 202-555-0137", "name_malformed"),
        ("<b>Ana</b>", "name_malformed"),
        ("A" * 81, "name_too_long"),
        ("A" * 5000, "too_long"),
        ("A\x00na", "unreadable"),
        ("\ud800na", "unreadable"),
    ],
)
def test_what_is_no_name_is_told_kindly(text: str, code: str) -> None:
    with pytest.raises(FieldError) as caught:
        read_name(text)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("ana@example.org", "ana@example.org"),
        ("my email is Ana.Lee@Example.ORG.", "Ana.Lee@example.org"),
        ("write to <ana+rehab@example.org>!", "ana+rehab@example.org"),
        ("ana@example.org, yes ana@example.org", "ana@example.org"),
        ("ana.lee at example dot org", "ana.lee@example.org"),
        ("it's ana at mail dot example dot org", "ana@mail.example.org"),
        ("ana@münchen.de", "ana@xn--mnchen-3ya.de"),
    ],
)
def test_the_one_address_is_found(text: str, address: str) -> None:
    assert read_email(text) == address


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "email_missing"),
        ("no thanks", "email_missing"),
        ("ana@", "email_missing"),
        ("a@example.org or b@example.org", "email_several"),
        ("ana@localhost", "email_malformed"),
        ("ana@example..org", "email_malformed"),
        ("ünï@example.org", "email_malformed"),
        ("a" * 70 + "@example.org", "email_malformed"),
        ("ana@exam\x07ple.org", "unreadable"),
    ],
)
def test_what_is_no_address_is_told(text: str, code: str) -> None:
    with pytest.raises(FieldError) as caught:
        read_email(text)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("202-555-0137", "+12025550137"),
        ("(202) 555 0137", "+12025550137"),
        ("call 202.555.0137 after 5pm", "+12025550137"),
        ("i am 25 and my number is 2025550137", "+12025550137"),
        ("1-202-555-0137", "+12025550137"),
        ("+44 20 7946 0958", "+442079460958"),
    ],
)
def test_the_one_number_is_found(text: str, number: str) -> None:
    assert read_phone(text) == number


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "phone_missing"),
        ("call me", "phone_missing"),
        ("555-0137", "phone_missing"),
        ("911", "phone_missing"),
        ("988", "phone_missing"),
        ("123-456-7890", "phone_missing"),
        ("202-555-0137 or 202-555-0138", "phone_several"),
        ("202-555-0137 ext. 12", "phone_extension"),
        ("1-900-555-1234", "phone_premium"),
    ],
)
def test_what_is_no_number_is_told(text: str, code: str) -> None:
    with pytest.raises(FieldError) as caught:
        read_phone(text)
    assert caught.value.code == code


@pytest.mark.parametrize("read", [read_name, read_email, read_phone])
@given(text=st.text())
def test_anything_is_read_or_told_in_one_sentence_that_does_not_repeat_it(
    read: Callable[[str], str], text: str
) -> None:
    try:
        said = read(text)
        assert said == said.strip()
        assert said.isprintable()
    except FieldError as error:
        said = str(error)
        if len(text) > 12:
            assert text not in said
    assert said


@pytest.mark.parametrize(
    ("contact", "hidden"),
    [
        ("jane@example.org", "j•••@example.org"),
        ("+12025550199", "•••-•••-0199"),
    ],
)
def test_a_contact_is_hidden_from_others(contact: str, hidden: str) -> None:
    assert masked(contact) == hidden


@pytest.mark.parametrize("read", [read_email, read_phone])
def test_what_was_read_is_read_the_same_again(read: Callable[[str], str]) -> None:
    for text in ("Ana.Lee@Example.ORG", "202 555 0137", "ana@münchen.de", "+44 20 7946 0958"):
        try:
            once = read(text)
        except FieldError:
            continue
        assert read(once) == once
