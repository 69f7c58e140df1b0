"""What is to be sent is sent: to a real mail server and a real webhook, also when they fail."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import re
import ssl
import subprocess
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from assistant.errors import StoreUnavailableError
from assistant.settings import Settings
from assistant.signup import tables, worker
from assistant.signup.delivery import Delivery
from assistant.signup.desk import SignupDesk
from assistant.signup.outbox import LEASE
from assistant.signup.packing import pack
from assistant.signup.worker import Worker, backoff
from tests.unit.assistant.signup.people import (
    CANARIES,
    CONVERSATION,
    EMAIL,
    NAME,
    PHONE,
    application,
    consent,
)
from tests.unit.assistant.signup.servers import Hook, Mailbox, only

SECRET = "w" * 40
STAFF = "staff@example.org"


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def hook() -> Hook:
    return Hook()


@pytest.fixture
def connected(settings: Settings, mailbox: Mailbox, hook: Hook) -> Settings:
    """A deployment with a mail server and a webhook."""
    return Settings(
        **{
            **settings.dict(),
            "public_url": "https://chat.example.org/",
            "staff_email": STAFF,
            "mail_from": "hello@example.org",
            "smtp_host": "127.0.0.1",
            "smtp_port": mailbox.port,
            "smtp_security": "none",
            "notice_webhook_url": hook.url,
            "notice_webhook_secret": SECRET,
        }
    )


@pytest.fixture
def desk(connected: Settings) -> Any:
    desk = SignupDesk.open(connected)
    yield desk
    desk.close()


@pytest.fixture
def post(desk: SignupDesk, connected: Settings) -> Worker:
    return Worker.of(connected, desk.store)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Lets time pass, for all that reads the clock."""
    passed = [timedelta()]

    def now() -> Any:
        return tables.datetime.now(tables.timezone.utc) + passed[0]

    for name in ("desk", "ledger", "outbox", "packing", "rows", "store", "worker"):
        monkeypatch.setattr(f"assistant.signup.{name}.now", now)

    def wait(time: timedelta) -> None:
        passed[0] += time

    return wait


def outcomes(desk: SignupDesk) -> list[tuple[str, str, str | None]]:
    with desk.store.reading() as connection:
        return [(row.event, row.way, row.outcome) for row in desk.store.outbox.all(connection)]


def text_of(mailbox: Mailbox, at: int = -1) -> str:
    return str(mailbox.messages[at].get_content())


@pytest.mark.parametrize(
    ("language", "word"), [("en", "If it was not you"), ("es", "Si no fue usted")]
)
def test_an_address_is_confirmed_by_a_neutral_email_and_only_then_staff_know(
    desk: SignupDesk, post: Worker, mailbox: Mailbox, hook: Hook, language: str, word: str
) -> None:
    receipt = desk.submit(application("email", language=language))
    with mailbox.open(), hook.open():
        assert post.run_once() == 1
        assert post.run_once() == 0
        (email,) = mailbox.messages
        assert (email["To"], email["From"]) == (EMAIL, "hello@example.org")
        words = f"{email['Subject']} {text_of(mailbox)}"
        assert word in words
        for forbidden in ("rehab", "treatment", "tratamiento", "recovery", "addict", "sign-up"):
            assert forbidden not in words.lower()
        assert NAME not in words
        assert receipt.reference not in words
        assert hook.requests == []
        link = re.search(r"https://chat\.example\.org/webhooks/web/confirm\?token=(\S+)", words)
        assert link is not None
        assert desk.confirm(link[1]) == "confirmed"
        while post.run_once():
            pass
    assert len(mailbox.messages) == 2
    assert mailbox.messages[1]["To"] == STAFF
    assert len(hook.requests) == 1
    assert [outcome for *_, outcome in outcomes(desk)] == ["delivered"] * 3
    with desk.store.reading() as connection:
        # What opens the link is kept no longer than it takes to send it.
        assert {row.token for row in desk.store.outbox.all(connection)} == {None}


@pytest.mark.parametrize("method", ["phone", "sms"])
def test_staff_know_of_a_number_at_once_by_its_reference_alone(
    desk: SignupDesk, post: Worker, mailbox: Mailbox, hook: Hook, method: str
) -> None:
    receipt = desk.submit(application(method))
    with mailbox.open(), hook.open():
        post.run_once()
    (email,) = mailbox.messages
    assert email["Subject"] == f"Reference {receipt.reference}"
    assert f"signups show {receipt.reference}" in text_of(mailbox)
    ((headers, body),) = hook.requests
    told = json.loads(body)
    assert told["reference"] == receipt.reference
    assert (told["event"], told["contact_method"], told["language"]) == ("sign_up", method, "en")
    assert sorted(told) == [
        *("contact_method", "created_at", "event", "for_whom", "id", "language", "reference"),
    ]
    for canary in (*CANARIES, desk.store.keys.subject(CONVERSATION)):
        assert canary not in body.decode() + str(email) + str(headers)


def test_a_webhook_can_check_who_sent_it_and_when(
    desk: SignupDesk, post: Worker, mailbox: Mailbox, hook: Hook
) -> None:
    desk.submit(application())
    with mailbox.open(), hook.open():
        post.run_once()
    ((headers, body),) = hook.requests
    stamp = headers["X-Signature-Timestamp"]
    assert abs(int(stamp) - time.time()) < 60
    right = hmac.new(SECRET.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    assert headers["X-Signature"] == f"v1={right}"
    assert headers["Idempotency-Key"] == json.loads(body)["id"]


def test_nothing_is_lost_while_the_others_are_down(
    desk: SignupDesk,
    post: Worker,
    mailbox: Mailbox,
    hook: Hook,
    later: Callable[[timedelta], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    desk.submit(application())
    for _ in range(5):
        assert post.run_once() == 2
        assert post.run_once() == 0
        later(timedelta(hours=7))
    with mailbox.open(), hook.open():
        mailbox.answers = ["451 not now", "554 no"]
        hook.answers = [503, 302, 404]
        for _ in range(5):
            post.run_once()
            later(timedelta(hours=7))
    assert len(mailbox.messages) == 1
    assert [outcome for *_, outcome in outcomes(desk)] == ["delivered"] * 2
    keys = {headers["Idempotency-Key"] for headers, _ in hook.requests}
    assert len(hook.requests) == 4
    assert len(keys) == 1
    assert not any(canary in caplog.text for canary in CANARIES)


def test_a_webhook_is_not_followed_to_another_place(
    desk: SignupDesk, post: Worker, mailbox: Mailbox, hook: Hook
) -> None:
    desk.submit(application())
    with mailbox.open(), hook.open():
        # With this one even the body would be sent on.
        hook.answers = [307]
        post.run_once()
    assert len(hook.requests) == 1
    assert ("sign_up", "webhook", None) in outcomes(desk)


def test_tries_come_further_apart_and_never_in_step() -> None:
    for attempts, seconds in [(1, 30), (2, 60), (5, 480), (60, 6 * 3600)]:
        delays = {backoff(attempts).total_seconds() for _ in range(50)}
        assert len(delays) > 40
        assert seconds / 2 <= min(delays) <= max(delays) <= seconds


def test_an_address_that_does_not_exist_is_given_up_and_not_logged(
    desk: SignupDesk, post: Worker, mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    mailbox.refused = {EMAIL}
    desk.submit(application("email"))
    with mailbox.open():
        post.run_once()
    assert outcomes(desk) == [("confirmation", "mail", "refused")]
    assert "refused for good" in caplog.text
    assert not any(canary in caplog.text for canary in CANARIES)


def test_what_was_taken_is_not_sent_again_when_the_database_fails_meanwhile(
    desk: SignupDesk,
    post: Worker,
    mailbox: Mailbox,
    hook: Hook,
    later: Callable[[timedelta], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk.submit(application())
    ending = post._end

    def fail(*_: Any) -> None:
        raise StoreUnavailableError("The store cannot be reached.")

    with mailbox.open(), hook.open():
        monkeypatch.setattr(post, "_end", fail)
        post.run_once()
        monkeypatch.setattr(post, "_end", ending)
        later(LEASE * 2)
        post.run_once()
        later(timedelta(days=1))
        post.run_once()
    assert (len(mailbox.messages), len(hook.requests)) == (1, 1)
    assert [outcome for *_, outcome in outcomes(desk)] == ["delivered"] * 2


def test_several_workers_send_each_message_once(
    desk: SignupDesk, connected: Settings, mailbox: Mailbox, hook: Hook
) -> None:
    for at in range(12):
        desk.submit(application(conversation_id=f"c{at}"))
    workers = [Worker.of(connected, desk.store) for _ in range(4)]

    def work(one: Worker) -> None:
        while one.run_once():
            pass

    with mailbox.open(), hook.open(), ThreadPoolExecutor(4) as threads:
        list(threads.map(work, workers))
    assert len(mailbox.messages) == len({email["Message-ID"] for email in mailbox.messages}) == 12
    assert len(hook.requests) == 12


def test_a_worker_that_died_leaves_its_messages_to_the_next(
    desk: SignupDesk,
    post: Worker,
    mailbox: Mailbox,
    hook: Hook,
    later: Callable[[timedelta], None],
) -> None:
    desk.submit(application())
    with desk.store.writing() as connection:
        desk.store.outbox.lease(connection, [("sign_up", "mail"), ("sign_up", "webhook")], 10)
    with mailbox.open(), hook.open():
        assert post.run_once() == 0
        later(LEASE + timedelta(seconds=1))
        assert post.run_once() == 2
    assert (len(mailbox.messages), len(hook.requests)) == (1, 1)


def test_nothing_is_sent_after_consent_is_taken_back(
    desk: SignupDesk, post: Worker, mailbox: Mailbox, hook: Hook
) -> None:
    desk.submit(application("email"))
    desk.submit(application(conversation_id="other"))
    desk.withdraw(CONVERSATION, ["email"], "web")
    desk.withdraw("other", ["contact"], "web")
    with mailbox.open(), hook.open():
        while post.run_once():
            pass
    assert mailbox.messages == hook.requests == []


@pytest.mark.parametrize("method", ["email", "phone"])
def test_consent_taken_back_at_the_last_moment_counts(desk: SignupDesk, method: str) -> None:
    desk.submit(application(method))
    pairs = [("confirmation", "mail"), ("sign_up", "mail")]
    with desk.store.writing() as connection:
        (message,) = desk.store.outbox.lease(connection, pairs, 10)
    desk.withdraw(CONVERSATION, [method], "web")
    with desk.store.reading() as connection:
        assert pack(desk.store, connection, message) == "withdrawn"


@pytest.mark.parametrize(
    ("right", "event"),
    [
        (lambda desk: desk.withdraw(CONVERSATION, None, "web"), "withdrawal"),
        (lambda desk: desk.erase(CONVERSATION, "web"), "erasure"),
    ],
)
def test_staff_who_know_of_a_sign_up_are_told_when_it_ends(
    desk: SignupDesk,
    post: Worker,
    mailbox: Mailbox,
    hook: Hook,
    right: Callable[[SignupDesk], Any],
    event: str,
) -> None:
    receipt = desk.submit(application())
    with mailbox.open(), hook.open():
        post.run_once()
        right(desk)
        post.run_once()
    assert json.loads(hook.requests[-1][1])["event"] == event
    assert receipt.reference in text_of(mailbox)
    assert len(mailbox.messages) == 2


@pytest.mark.parametrize("method", ["email", "phone"])
def test_a_contact_that_asked_for_silence_is_left_alone(
    desk: SignupDesk, post: Worker, mailbox: Mailbox, hook: Hook, method: str
) -> None:
    desk.suppress(EMAIL.upper() if method == "email" else PHONE)
    desk.submit(application(method))
    with mailbox.open(), hook.open():
        post.run_once()
    assert mailbox.messages == hook.requests == []
    assert {outcome for *_, outcome in outcomes(desk)} == {"suppressed"}


def test_after_erasure_nothing_is_sent_to_the_address_any_more(
    desk: SignupDesk, post: Worker, mailbox: Mailbox
) -> None:
    desk.submit(application("email"))
    desk.erase(CONVERSATION, "web")
    desk.submit(application("email", conversation_id="somebody else"))
    with mailbox.open():
        post.run_once()
    assert mailbox.messages == []


def test_a_link_that_would_be_too_old_is_not_sent(
    desk: SignupDesk, post: Worker, mailbox: Mailbox, later: Callable[[timedelta], None]
) -> None:
    desk.submit(application("email"))
    later(timedelta(hours=25))
    with mailbox.open():
        post.run_once()
    assert mailbox.messages == []
    assert outcomes(desk) == [("confirmation", "mail", "outdated")]


def test_a_link_ends_after_a_day(
    desk: SignupDesk, post: Worker, mailbox: Mailbox, later: Callable[[timedelta], None]
) -> None:
    desk.submit(application("email"))
    with mailbox.open():
        post.run_once()
    token = re.findall(r"token=(\S+)", text_of(mailbox))[0]
    later(timedelta(hours=25))
    assert desk.confirm(token) == "expired"


def test_a_message_whose_key_is_lost_waits_and_holds_up_no_other(
    desk: SignupDesk, connected: Settings, mailbox: Mailbox, hook: Hook
) -> None:
    from cryptography.fernet import Fernet

    desk.submit(application("email"))
    other = SignupDesk.open(connected.copy(update={"data_keys": Fernet.generate_key().decode()}))
    other.submit(application(conversation_id="other"))
    with mailbox.open(), hook.open():
        Worker.of(connected, other.store).run_once()
    assert [email["To"] for email in mailbox.messages] == [STAFF]
    assert outcomes(desk)[0] == ("confirmation", "mail", None)
    other.close()


def test_without_a_mail_server_it_says_so_once_and_messages_wait(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    bare = settings.copy(update={"environment": "production"})
    desk = SignupDesk.open(bare)
    desk.submit(application("email"))
    desk.submit(application(conversation_id="other"))
    post = Worker.of(bare, desk.store)
    with caplog.at_level(logging.WARNING):
        post.start()
        time.sleep(0.1)
        post.stop()
    assert [record.getMessage() for record in caplog.records] == [
        "SMTP_HOST, MAIL_FROM, PUBLIC_URL are not set: confirmation emails wait.",
        "SMTP_HOST, MAIL_FROM, STAFF_EMAIL are not set: staff are not told of sign-ups yet.",
    ]
    assert outcomes(desk) == [("confirmation", "mail", None), ("sign_up", "mail", None)]
    desk.close()


def test_the_worker_delivers_in_the_background_and_stops(
    desk: SignupDesk, post: Worker, mailbox: Mailbox, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "_POLL_SECONDS", 0.02)
    with mailbox.open(), hook.open():
        post.start()
        desk.submit(application())
        deadline = time.monotonic() + 10
        while not (mailbox.messages and hook.requests) and time.monotonic() < deadline:
            time.sleep(0.02)
        post.stop()
    assert (len(mailbox.messages), len(hook.requests)) == (1, 1)
    assert "outbox" not in {thread.name for thread in threading.enumerate()}


def test_the_worker_outlives_a_database_that_fails(
    desk: SignupDesk, post: Worker, mailbox: Mailbox, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "_POLL_SECONDS", 0.02)
    desk.submit(application())
    with desk.store.engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE outbox_message RENAME TO gone"))
    with mailbox.open(), hook.open():
        post.start()
        time.sleep(0.2)
        with desk.store.engine.begin() as connection:
            connection.execute(sa.text("ALTER TABLE gone RENAME TO outbox_message"))
        deadline = time.monotonic() + 10
        while not (mailbox.messages and hook.requests) and time.monotonic() < deadline:
            time.sleep(0.02)
        post.stop()
    assert (len(mailbox.messages), len(hook.requests)) == (1, 1)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
            *("-keyout", path, "-out", path.with_suffix(".crt")),
        ],
        check=True,
        capture_output=True,
    )
    return path


@pytest.mark.parametrize("trusted", [True, False])
def test_mail_goes_encrypted_with_a_password_to_a_server_that_is_trusted_only(
    sqlite_settings: Settings,
    mailbox: Mailbox,
    certificate: Path,
    monkeypatch: pytest.MonkeyPatch,
    trusted: bool,
) -> None:
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate.with_suffix(".crt")))
    secured = sqlite_settings.copy(
        update={
            "staff_email": STAFF,
            "mail_from": "hello@example.org",
            "smtp_host": "localhost",
            "smtp_port": mailbox.port,
            "smtp_security": "starttls",
            "smtp_user": "user",
            "smtp_password": "password",
        }
    )
    desk = SignupDesk.open(secured)
    desk.submit(application())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.with_suffix(".crt"), certificate)
    options = {
        "tls_context": context,
        "require_starttls": True,
        "auth_required": True,
        "authenticator": only("user", "password"),
    }
    with mailbox.open(**options):
        Worker.of(secured, desk.store).run_once()
    assert len(mailbox.messages) == int(trusted)
    desk.close()


def test_what_can_be_sent_follows_the_settings(sqlite_settings: Settings) -> None:
    hooked = sqlite_settings.copy(
        update={"notice_webhook_url": "https://example.org", "notice_webhook_secret": SECRET}
    )
    assert Delivery(sqlite_settings).pairs == []
    assert {way for _, way in Delivery(hooked).pairs} == {"webhook"}
    assert ("confirmation", "webhook") not in Delivery(hooked).pairs
    assert len(Delivery(hooked).missing) == 1


def test_a_refused_purpose_is_no_reason_to_be_silent(
    desk: SignupDesk, post: Worker, mailbox: Mailbox, hook: Hook
) -> None:
    consents = (consent("contact"), consent("phone"), consent("sms", granted=False))
    desk.submit(application(consents=consents))
    with mailbox.open(), hook.open():
        post.run_once()
    assert len(mailbox.messages) == 1
