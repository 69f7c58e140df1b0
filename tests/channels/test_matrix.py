"""The Matrix channel against a real homeserver, with a real client."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.channels.peers.homeserver import Homeserver
from tests.channels.peers.matrix_client import MatrixClient
from tests.channels.scenarios.matrix import MatrixPerson
from tests.channels.settling import settle
from tests.serving import Live

pytestmark = pytest.mark.live

SUICIDE = "I want to kill myself"
CRISIS = "I'm glad you wrote this."


@pytest.fixture
def client(homeserver: Homeserver) -> Iterator[MatrixClient]:
    with MatrixClient(homeserver) as client:
        yield client


@pytest.fixture
def person(live: Live, client: MatrixClient) -> MatrixPerson:
    return MatrixPerson(client, live.settings)


def bodies(client: MatrixClient, room: str, live: Live) -> list[str]:
    """What the assistant has said in a room."""
    return [each["body"] for each in client.heard(room, live.settings.matrix_user or "")]


def test_user_asks_and_reads_cited_sentences(person: MatrixPerson) -> None:
    person.say("what is CBT?")
    opening, answer = person.texts
    assert "automated program, not a person" in opening
    assert "Cognitive behavioral therapy, or CBT, is talk therapy" in answer
    assert "[2] National Institute on Drug Abuse" in answer
    person.say("how long does it take?")
    assert "6 to 20 sessions" in person.saw


def test_user_sees_links_in_a_client_that_formats(person: MatrixPerson) -> None:
    person.say("what is CBT?")
    content = person.heard()[-1]
    assert content["format"] == "org.matrix.custom.html"
    assert '<a href="https://nida.nih.gov/' in content["formatted_body"]
    assert "<li>Tell me more</li>" in content["formatted_body"]
    person.say(SUICIDE)
    assert '<a href="tel:988">Call 988</a>' in person.heard()[-1]["formatted_body"]


def test_user_picks_by_number_and_by_title(person: MatrixPerson) -> None:
    person.say("I need help")
    assert "4. What rehab costs" in person.asked
    assert "- What rehab costs" not in person.asked
    assert "Paying for Treatment" in person.say("4").saw
    person.say("I need help", "what rehab costs")
    assert "Paying for Treatment" in person.saw


def test_user_sees_that_it_was_read_and_is_being_answered(person: MatrixPerson) -> None:
    event = person.client.send(person.room, "what is DBT?")
    assistant = person.assistant
    person.client.wait_for(lambda: event in person.client.read.get(assistant, []))
    person.client.wait_for(lambda: len(person.heard()) > 1)
    person.client.wait_for(lambda: person.client.typing.get(person.room) == [])
    assert assistant in person.client.wrote


def test_user_writes_with_the_invitation(live: Live, client: MatrixClient) -> None:
    room = client.invite(live.settings.matrix_user or "")
    client.send(room, "what is CBT?")
    client.wait_for(lambda: len(bodies(client, room, live)) > 1)
    assert "Cognitive behavioral therapy" in bodies(client, room, live)[-1]


def test_what_was_said_before_the_invitation_is_not_answered(
    live: Live, client: MatrixClient
) -> None:
    assistant = live.settings.matrix_user or ""
    room = client.invite()
    client.send(room, "what is DBT?")
    client.run(client.client.room_invite(room, assistant))
    client.send(room, "what is CBT?")
    client.wait_for(lambda: len(bodies(client, room, live)) > 1)
    settle(live.settings, "matrix")
    client.look()
    opening, answer = bodies(client, room, live)
    assert "not a person" in opening
    assert "Cognitive behavioral therapy" in answer


def test_user_sends_what_is_no_text(person: MatrixPerson) -> None:
    picture = {"msgtype": "m.image", "url": "mxc://home.test/none"}
    person.client.send(person.room, "garden.jpg", **picture)
    person.client.wait_for(lambda: len(person.heard()) > 1)
    assert "can only read text" in person.heard()[-1]["body"]
    # What is written beside it is read when it is a cry for help.
    person.client.send(person.room, SUICIDE, filename="garden.jpg", **picture)
    person.client.wait_for(lambda: len(person.heard()) > 2)
    assert person.heard()[-1]["body"].startswith(CRISIS)


def test_what_is_no_message_is_not_answered(person: MatrixPerson) -> None:
    person.say("what is CBT?")
    first = person.client.send(person.room, "what is CBT?", msgtype="m.notice")
    edit = {"m.relates_to": {"rel_type": "m.replace", "event_id": first}}
    new = {"m.new_content": {"msgtype": "m.text", "body": "what is EMDR?"}}
    person.client.send(person.room, "* what is EMDR?", **edit, **new)
    person.client.send(person.room, "what is DBT?", msgtype="m.notice")
    person.client.run(
        person.client.client.room_send(
            person.room,
            "m.reaction",
            {"m.relates_to": {"rel_type": "m.annotation", "event_id": first, "key": "👍"}},
        )
    )
    person.say("thank you")
    assert len(person.heard()) == 3
    assert "You're welcome" in person.saw


def test_user_changes_a_message_into_a_cry_for_help(person: MatrixPerson) -> None:
    first = person.client.send(person.room, "hello")
    edit = {"m.relates_to": {"rel_type": "m.replace", "event_id": first}}
    new = {"m.new_content": {"msgtype": "m.text", "body": SUICIDE}}
    person.client.send(person.room, f"* {SUICIDE}", **edit, **new)
    person.client.wait_for(lambda: any(each["body"].startswith(CRISIS) for each in person.heard()))


def test_user_replies_to_a_crisis_message_and_the_quotation_is_no_new_crisis(
    person: MatrixPerson,
) -> None:
    person.say("hello")
    quoted = f"> <{person.assistant}> I want to kill myself\n\nwhat is CBT?"
    relation = {"m.relates_to": {"m.in_reply_to": {"event_id": "$any"}}}
    person.client.send(person.room, quoted, **relation)
    person.client.wait_for(lambda: len(person.heard()) > 2)
    assert "Cognitive behavioral therapy" in person.heard()[-1]["body"]


def test_user_withdraws_a_message_before_it_is_read(person: MatrixPerson) -> None:
    event = person.client.send(person.room, "what is DBT?")
    person.client.run(person.client.client.room_redact(person.room, event))
    person.say("what is CBT?")
    assert "Cognitive behavioral therapy" in person.saw


def test_user_writes_a_letter_and_its_end_is_read(person: MatrixPerson) -> None:
    assert (
        "too long" in person.say("Last spring we painted the shed and the gate green. " * 200).saw
    )
    person.say("Last spring we painted the shed and the gate green. " * 200 + SUICIDE)
    assert person.texts[-1].startswith(CRISIS)


def test_assistant_leaves_a_group_and_says_why(
    live: Live, homeserver: Homeserver, client: MatrixClient
) -> None:
    assistant = live.settings.matrix_user or ""
    with MatrixClient(homeserver) as other:
        room = client.invite(other.user)
        other.run(other.client.join(room))
        client.run(client.client.room_invite(room, assistant))
        client.send(room, "what is CBT?")
        client.wait_for(lambda: bool(bodies(client, room, live)))
        client.wait_for(lambda: assistant not in client.members(room))
        (said,) = bodies(client, room, live)
    assert "I only talk with one person at a time" in said
    assert "988" in said


def test_assistant_leaves_when_somebody_else_comes_in(
    live: Live, homeserver: Homeserver, person: MatrixPerson
) -> None:
    person.say("what is CBT?")
    with MatrixClient(homeserver) as other:
        person.client.run(person.client.client.room_invite(person.room, other.user))
        other.run(other.client.join(person.room))
        person.client.wait_for(lambda: person.assistant not in person.client.members(person.room))
        person.client.look()
    assert "I only talk with one person at a time" in person.heard()[-1]["body"]


def test_assistant_says_that_it_cannot_read_an_encrypted_room(
    live: Live, client: MatrixClient
) -> None:
    assistant = live.settings.matrix_user or ""
    room = client.invite(assistant, encrypted=True)
    client.wait_for(lambda: bool(bodies(client, room, live)))
    client.wait_for(lambda: assistant not in client.members(room))
    (said,) = bodies(client, room, live)
    assert "I cannot read encrypted messages" in said
    assert "call 911" in said


def test_assistant_leaves_an_encrypted_message_unread_and_says_so(person: MatrixPerson) -> None:
    person.say("hello")
    state = {"algorithm": "m.megolm.v1.aes-sha2"}
    client = person.client
    client.run(client.client.room_put_state(person.room, "m.room.encryption", state))
    client.wait_for(lambda: "cannot read encrypted" in person.heard()[-1]["body"])
    client.wait_for(lambda: person.assistant not in client.members(person.room))


def test_assistant_leaves_with_the_person(person: MatrixPerson, homeserver: Homeserver) -> None:
    person.say("hello")
    person.client.run(person.client.client.room_leave(person.room))
    person.client.wait_for(lambda: homeserver.members(person.room) == set())


def test_user_comes_back_in_a_new_room_and_deletes_everything(
    live: Live, person: MatrixPerson
) -> None:
    person.signs_up()
    client = person.client
    client.run(client.client.room_leave(person.room))
    client.run(client.client.room_forget(person.room))
    again = MatrixPerson(client, live.settings)
    again.say("what do you know about me")
    assert "m•••@" in again.saw
    again.say("delete my data").pick("Yes, delete")
    assert "Done." in again.saw
    assert "Your sign-up was deleted." in again.say("what do you know about me").saw


def test_two_people_do_not_see_each_other(
    live: Live, homeserver: Homeserver, person: MatrixPerson
) -> None:
    person.signs_up()
    with MatrixClient(homeserver) as client:
        other = MatrixPerson(client, live.settings)
        other.say("what do you know about me")
        assert "no sign-up from this conversation" in other.saw


def test_no_word_and_no_name_is_in_a_log_or_in_plain_text_on_disk(
    live: Live, person: MatrixPerson
) -> None:
    person.say("my name is Zyrphelia Quonk", f"{SUICIDE} Zyrphelia")
    # One that matrix-nio finds malformed, and would quote: a picture without an address.
    client = person.client
    client.send(person.room, "Zyrphelia Quonk", msgtype="m.image")
    person.say("hello")
    files = [path for path in live.settings.state_dir.rglob("*") if path.is_file()]
    assert any(path.name == "rasa.log" for path in files)
    assert any(path.name == "messages.db" for path in files)
    for path in files:
        content = path.read_bytes()
        for canary in (b"Zyrphelia", client.user.encode(), person.room.encode()):
            assert canary not in content, path
