from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from assistant.errors import SettingsError
from assistant.messaging_settings import CREDENTIALS
from assistant.settings import ROOT, Settings, load_settings

CANARY = "canary-7361"


def _read(environment: pytest.MonkeyPatch, **values: str) -> Settings:
    for name, value in values.items():
        environment.setenv(name, value)
    return load_settings()


def test_without_any_variable_it_is_development(bare_environment: pytest.MonkeyPatch) -> None:
    settings = _read(bare_environment)
    assert settings.environment == "development"
    assert (settings.port, settings.actions_port) == (5005, 5055)
    assert settings.corpus == ROOT / "data" / "articles"
    assert settings.conversations_url == f"sqlite:///{ROOT}/state/conversations.db"


def test_the_environment_sets_it(bare_environment: pytest.MonkeyPatch) -> None:
    url = "postgresql://localhost/chat"
    settings = _read(bare_environment, PORT="8080", DATABASE_URL=url, SESSION_HOURS="0.5")
    assert (settings.port, settings.conversations_url, settings.session_hours) == (8080, url, 0.5)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ENVIRONMENT", CANARY),
        ("PORT", CANARY),
        ("PORT", "0"),
        ("PORT", "70000"),
        ("ACTIONS_PORT", "-7361"),
        ("TOKEN_SECRET", CANARY),
        ("ACTIONS_KEY", CANARY[:8]),
        ("SESSION_HOURS", "0"),
        ("SESSION_HOURS", "nan"),
        ("RETENTION_DAYS", "-7361"),
        ("RETENTION_DAYS", CANARY),
        ("ALLOWED_ORIGINS", f"https://{CANARY}.example/chat"),
        ("ALLOWED_ORIGINS", f"https://{CANARY}.example, *"),
        ("ALLOWED_ORIGINS", "null"),
        ("TWILIO_SMS_NUMBER", CANARY),
        ("TELEGRAM_BOT_TOKEN", CANARY),
        ("TELEGRAM_WEBHOOK_SECRET", CANARY[:8]),
        ("MATRIX_HOMESERVER", f"http://{CANARY}.example"),
        ("MESSAGING_RETENTION_HOURS", "0"),
        ("ALLOWED_ORIGINS", f"{CANARY}.example"),
        ("TRUSTED_PROXIES", CANARY),
        ("TRUSTED_PROXIES", "10.0.0.0/99"),
        ("MESSAGES_PER_MINUTE", "-7361"),
        ("ADDRESS_MESSAGES_PER_MINUTE", CANARY),
        ("ADDRESS_SESSIONS_PER_HOUR", CANARY),
        ("RECORDS_SECRET", CANARY),
        ("SIGNUP_RETENTION_DAYS", "7361"),
        ("PUBLIC_URL", f"http://{CANARY}"),
        ("NOTICE_WEBHOOK_URL", f"http://localhost.{CANARY}"),
        ("STAFF_EMAIL", CANARY),
        ("MAIL_FROM", f"{CANARY} <a@example.org>"),
        ("SMTP_SECURITY", CANARY),
    ],
)
def test_a_bad_value_is_told_by_its_name_and_not_shown(
    bare_environment: pytest.MonkeyPatch, name: str, value: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        _read(bare_environment, **{name: value})
    assert re.fullmatch(rf"{name}: [^\n]+\.", str(caught.value))
    if len(value) > 4:
        assert value not in str(caught.value)


def test_lists_are_read_with_or_without_spaces(bare_environment: pytest.MonkeyPatch) -> None:
    settings = _read(
        bare_environment,
        ALLOWED_ORIGINS="https://WWW.example.org, http://localhost:8080,",
        TRUSTED_PROXIES="127.0.0.1,10.1.2.3/8 , ::1",
    )
    assert settings.origins() == {"https://www.example.org", "http://localhost:8080"}
    assert [str(network) for network in settings.proxies()] == [
        "127.0.0.1/32",
        "10.0.0.0/8",
        "::1/128",
    ]


def test_what_a_child_process_is_told_of_the_channel_is_the_same(
    bare_environment: pytest.MonkeyPatch,
) -> None:
    first = _read(bare_environment, MESSAGES_PER_MINUTE="7", ALLOWED_ORIGINS="https://a.example")
    load_settings.cache_clear()
    second = _read(bare_environment, **first.web_channel())
    assert second.web_channel() == first.web_channel()
    assert second.messages_per_minute == 7
    assert second.trusted_proxies is None


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"SMTP_HOST": "mail.example.org", "SMTP_SECURITY": "none"}, "SMTP_SECURITY"),
        ({"NOTICE_WEBHOOK_URL": "https://example.org/hook"}, "NOTICE_WEBHOOK_SECRET"),
    ],
)
def test_nothing_leaves_the_machine_in_the_open_or_unsigned(
    bare_environment: pytest.MonkeyPatch, values: dict[str, str], name: str
) -> None:
    with pytest.raises(SettingsError, match=f"^{name}: "):
        _read(bare_environment, **values)


def test_visitors_come_to_this_machine_only_in_development(
    bare_environment: pytest.MonkeyPatch,
) -> None:
    settings = _read(bare_environment)
    assert settings.visitors_url == "http://localhost:5005"
    assert settings.copy(update={"environment": "production"}).visitors_url is None
    assert settings.copy(update={"public_url": "https://a.org"}).visitors_url == "https://a.org"


def test_data_keys_that_are_none_are_told_and_not_shown(
    bare_environment: pytest.MonkeyPatch,
) -> None:
    settings = _read(bare_environment, DATA_KEYS=CANARY)
    with pytest.raises(SettingsError, match=r"^DATA_KEYS must be") as caught:
        settings.cipher()
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"SLACK_BOT_TOKEN": "x"}, "SLACK_SIGNING_SECRET must be set with SLACK_BOT_TOKEN."),
        (
            {"MESSENGER_APP_SECRET": "x"},
            "MESSENGER_PAGE_TOKEN, MESSENGER_VERIFY_TOKEN must be set with MESSENGER_APP_SECRET.",
        ),
        (
            {"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "x"},
            "TWILIO_SMS_NUMBER or TWILIO_WHATSAPP_NUMBER must be set with TWILIO_ACCOUNT_SID.",
        ),
        (
            {"TWILIO_WHATSAPP_NUMBER": "+12025550100"},
            "TWILIO_ACCOUNT_SID must be set with a number of Twilio's.",
        ),
        (
            {
                "TWILIO_ACCOUNT_SID": "AC1",
                "TWILIO_AUTH_TOKEN": "x",
                "TWILIO_SMS_NUMBER": "+12025550100",
                "ENVIRONMENT": "production",
            },
            "PUBLIC_URL must be set with TWILIO_ACCOUNT_SID.",
        ),
    ],
)
def test_a_channel_that_is_set_by_halves_is_told(
    bare_environment: pytest.MonkeyPatch, values: dict[str, str], told: str
) -> None:
    settings = _read(bare_environment, **values)
    with pytest.raises(SettingsError) as caught:
        settings.require_whole_channels()
    assert str(caught.value) == told


def test_a_channel_is_on_with_all_of_its_credentials(
    bare_environment: pytest.MonkeyPatch,
) -> None:
    settings = _read(bare_environment, SLACK_BOT_TOKEN="xoxb-1", SLACK_SIGNING_SECRET="s")
    settings.require_whole_channels()
    assert [channel for channel in CREDENTIALS if settings.is_on(channel)] == ["slack"]


def test_production_refuses_missing_secrets(bare_environment: pytest.MonkeyPatch) -> None:
    settings = _read(bare_environment, ENVIRONMENT="production")
    with pytest.raises(SettingsError, match=r"^TOKEN_SECRET must be set in production\.$"):
        settings.signing_secret()
    with pytest.raises(SettingsError, match=r"^DATA_KEYS must be set in production\.$"):
        settings.cipher()
    with pytest.raises(SettingsError, match=r"^RECORDS_SECRET must be set in production\.$"):
        settings.sealing_secret()


def test_production_takes_the_secrets_that_are_set(bare_environment: pytest.MonkeyPatch) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings = _read(
        bare_environment,
        ENVIRONMENT="production",
        TOKEN_SECRET="s" * 32,
        DATA_KEYS=f"{new}, {old}",
        RECORDS_SECRET="r" * 32,
    )
    settings.require_secrets()
    assert settings.sets_all_secrets
    assert settings.sealing_secret() == "r" * 32
    assert settings.signing_secret() == "s" * 32
    assert settings.cipher().decrypt(Fernet(old).encrypt(b"kept")) == b"kept"
    assert Fernet(new).decrypt(settings.cipher().encrypt(b"fresh")) == b"fresh"


def test_development_makes_one_secret_that_only_its_owner_reads(
    bare_environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = _read(bare_environment, STATE_DIR=str(tmp_path / "state"))
    secret = settings.signing_secret()
    assert len(secret) >= 32
    assert settings.signing_secret() == secret
    assert settings.cipher().decrypt(settings.cipher().encrypt(b"x")) == b"x"
    assert settings.sealing_secret() == settings.sealing_secret() != secret
    files = list((tmp_path / "state").iterdir())
    assert len(files) == 3
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_processes_that_start_together_agree_on_the_secret(tmp_path: Path) -> None:
    code = "from assistant.settings import Settings; print(Settings().signing_secret())"
    environment = {"PATH": os.environ["PATH"], "STATE_DIR": str(tmp_path / "state")}
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code], cwd=ROOT, env=environment, stdout=subprocess.PIPE
        )
        for _ in range(4)
    ]
    secrets = {process.communicate(timeout=30)[0] for process in processes}
    assert len(secrets) == 1
    assert secrets != {b""}


def test_a_state_folder_that_cannot_be_written_is_told(
    bare_environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    settings = _read(bare_environment, STATE_DIR=str(tmp_path / "file" / "state"))
    with pytest.raises(SettingsError, match=r"^Cannot write to .*state: Not a directory\.$"):
        settings.signing_secret()


def _example() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    given = [line for line in lines if line.strip() and not line.startswith("#")]
    return dict(line.split("=", 1) for line in given)


def test_the_example_lists_every_setting_and_no_other() -> None:
    assert sorted(_example()) == sorted(name.upper() for name in Settings.__fields__)


def test_the_example_gives_the_defaults() -> None:
    defaults = Settings.__fields__
    for name, value in _example().items():
        default = defaults[name.lower()].default
        shown = default.relative_to(ROOT) if isinstance(default, Path) else default
        assert value == ("" if shown is None else str(shown)), name


@pytest.mark.parametrize("name", ["TOKEN_SECRET", "DATA_KEYS", "ACTIONS_KEY", "DATABASE_URL"])
def test_an_empty_value_is_as_none_at_all(
    bare_environment: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    # As .env.example has them.
    settings = _read(bare_environment, STATE_DIR=str(tmp_path), **{name: ""})
    assert settings.signing_secret()
    assert settings.conversations_url.startswith("sqlite:")


def test_a_channel_is_on_off_or_set_by_halves() -> None:
    names = ("telegram_bot_token", "telegram_webhook_secret")
    assert not Settings().has_all(*names)
    both = {"telegram_bot_token": "1:abc", "telegram_webhook_secret": "s" * 20}
    assert Settings(**both).has_all(*names)
    message = r"^TELEGRAM_WEBHOOK_SECRET must be set with TELEGRAM_BOT_TOKEN\.$"
    with pytest.raises(SettingsError, match=message):
        Settings(telegram_bot_token="1:abc").has_all(*names)


def test_a_child_process_gets_the_channels_settings() -> None:
    handed_on = Settings(telegram_bot_token="1:abc").messaging()
    assert handed_on["TELEGRAM_BOT_TOKEN"] == "1:abc"
    assert handed_on["TWILIO_AUTH_TOKEN"] == ""
    assert handed_on["MESSAGING_RETENTION_HOURS"] == "24.0"
