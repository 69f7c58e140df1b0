"""What is said of a homeserver that does not answer, and what is tried again."""

from __future__ import annotations

import asyncio
import datetime
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from nio.responses import RoomSendError, RoomSendResponse

from assistant.errors import SettingsError
from assistant.settings import Settings
from extensions.channels.matrix import MatrixChannel
from extensions.channels.matrix_client import (
    HomeserverError,
    accepted,
    new_client,
    require_account,
    sentence,
)

ACCOUNT = {"matrix_user": "@assistant:home.test", "matrix_token": "secret"}


def at(settings: Settings, address: str) -> Settings:
    return settings.copy(update={**ACCOUNT, "matrix_homeserver": address})


def failing(settings: Settings) -> Exception:
    """What connecting fails with."""

    async def connect() -> None:
        client = new_client(settings)
        try:
            await require_account(client)
        finally:
            await client.close()

    with pytest.raises(Exception) as raised:  # noqa: PT011 - any, that is the question
        asyncio.run(connect())
    return raised.value


def test_a_homeserver_that_is_away_is_said(settings: Settings) -> None:
    said = sentence(failing(at(settings, "http://127.0.0.1:9")))
    assert said == ("The homeserver at MATRIX_HOMESERVER cannot be reached: ClientConnectorError.")


def test_a_certificate_that_is_not_trusted_is_said(settings: Settings, tmp_path: Path) -> None:
    async def beside_a_server() -> Exception:
        server = await asyncio.start_server(
            lambda *_: None, "127.0.0.1", 0, ssl=self_signed(tmp_path)
        )
        async with server:
            port = server.sockets[0].getsockname()[1]
            client = new_client(at(settings, f"https://localhost:{port}"))
            try:
                await require_account(client)
            except Exception as error:
                return error
            finally:
                await client.close()
        raise AssertionError("it was trusted")

    said = sentence(asyncio.run(beside_a_server()))
    assert said.startswith("The certificate of MATRIX_HOMESERVER cannot be trusted")


def self_signed(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    path.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


def refused(code: str, status: int, milliseconds: int | None = None) -> HomeserverError:
    response = RoomSendError("what a person wrote", code, milliseconds, room_id="!room")
    response.transport_response = type("Transport", (), {"status": status})()
    with pytest.raises(HomeserverError) as raised:
        accepted(response)
    return raised.value


def test_what_the_homeserver_wants_to_wait_for_is_waited_for() -> None:
    error = refused("M_LIMIT_EXCEEDED", 429, 1500).as_not_sent()
    assert (error.final, error.retry_after) == (False, 1.5)
    assert str(error) == "HTTP 429 M_LIMIT_EXCEEDED"


@pytest.mark.parametrize(
    ("code", "status", "final"),
    [
        ("M_FORBIDDEN", 403, True),
        ("M_TOO_LARGE", 413, True),
        ("M_UNKNOWN", 500, False),
        ("", 502, False),
        # With a new token the same message can be sent.
        ("M_UNKNOWN_TOKEN", 401, False),
    ],
)
def test_what_may_work_later_is_tried_again(code: str, status: int, final: bool) -> None:
    assert refused(code, status).as_not_sent().final is final


def test_a_token_that_is_refused_is_said() -> None:
    said = sentence(refused("M_UNKNOWN_TOKEN", 401))
    assert said == "The homeserver does not accept MATRIX_TOKEN; make a new one and set it."
    assert sentence(refused("M_UNKNOWN", 500)) == (
        "The homeserver refuses to answer: HTTP 500 M_UNKNOWN."
    )


def test_what_is_accepted_goes_through() -> None:
    response = RoomSendResponse("$1", "!room")
    assert accepted(response) is response


def test_half_an_account_is_none(settings: Settings) -> None:
    assert not MatrixChannel.is_on(settings)
    assert MatrixChannel.is_on(at(settings, "https://home.test"))
    without = at(settings, "https://home.test").copy(update={"matrix_token": None})
    with pytest.raises(SettingsError, match="MATRIX_TOKEN must be set with MATRIX_HOMESERVER"):
        MatrixChannel.is_on(without)


@pytest.mark.parametrize("user", ["assistant", "@assistant", "assistant:home.test", "@a b:c"])
def test_an_account_is_written_in_full(user: str) -> None:
    with pytest.raises(ValueError, match="matrix_user"):
        Settings(matrix_user=user)
