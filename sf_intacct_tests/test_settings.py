"""Settings: from the environment only, every one typed, and no secret or wrong value ever repeated."""

import traceback
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st
from pydantic import SecretStr, ValidationError

from sf_intacct.errors import SettingsError
from sf_intacct.settings import PREFIX, Layout, Settings, from_environment, layout_from_environment

NEEDED = {
    "SF_INTACCT_SALESFORCE_URL": "https://acme.my.salesforce.com",
    "SF_INTACCT_INTACCT_SENDER_ID": "acme-sender",
    "SF_INTACCT_INTACCT_SENDER_PASSWORD": "canary-sender",
    "SF_INTACCT_INTACCT_COMPANY_ID": "acme",
    "SF_INTACCT_INTACCT_USER_ID": "sync",
    "SF_INTACCT_INTACCT_USER_PASSWORD": "canary-user",
}
SECRETS = {
    "SF_INTACCT_JOURNAL_URL": "postgresql+psycopg2://sync:canary-journal@db/journal",
    "SF_INTACCT_SALESFORCE_CLIENT_SECRET": "canary-client",
    "SF_INTACCT_SALESFORCE_PASSWORD": "canary-password",
    "SF_INTACCT_SALESFORCE_SECURITY_TOKEN": "canary-token",
    "SF_INTACCT_INTACCT_SENDER_PASSWORD": "canary-sender",
    "SF_INTACCT_INTACCT_USER_PASSWORD": "canary-user",
    "SF_INTACCT_ALERT_WEBHOOK_URL": "https://hooks.example/canary-hook",
    "SF_INTACCT_ALERT_WEBHOOK_SECRET": "canary-shared",
    "SF_INTACCT_ALERT_SMTP_PASSWORD": "canary-mail",
}

# Every variable there is, a value that differs from its default, and what becomes of it.
EVERY: dict[str, tuple[str, Any, Any]] = {
    "HOME": ("/srv/sync", Path("var"), Path("/srv/sync")),
    "MAPPINGS": ("/srv/mappings", Path("mappings"), Path("/srv/mappings")),
    "OVERRIDES": ("live, uk", "", "live, uk"),
    "FIRST_DAY": ("2025-03-17", date(2026, 11, 1), date(2025, 3, 17)),
    "FIRST_MONTH": ("2019-01-01", date(2026, 1, 1), date(2019, 1, 1)),
    "ENVIRONMENT": ("production", "local", "production"),
    "JOURNAL_URL": ("sqlite:///j", None, SecretStr("sqlite:///j")),
    "SALESFORCE_INSTANCE_URL": ("https://acme.my.salesforce.com", "", "https://acme.my.salesforce.com"),
    "SALESFORCE_FLOW": ("jwt", "client_credentials", "jwt"),
    "SALESFORCE_CLIENT_ID": ("3MVG9", "", "3MVG9"),
    "SALESFORCE_CLIENT_SECRET": ("s", SecretStr(""), SecretStr("s")),
    "SALESFORCE_USERNAME": ("sync@acme.com", "", "sync@acme.com"),
    "SALESFORCE_PASSWORD": ("s", SecretStr(""), SecretStr("s")),
    "SALESFORCE_SECURITY_TOKEN": ("s", SecretStr(""), SecretStr("s")),
    "SALESFORCE_PRIVATE_KEY_FILE": ("/run/key.pem", None, Path("/run/key.pem")),
    "SALESFORCE_ORGANIZATION_ID": ("00D000000000001EAA", "", "00D000000000001EAA"),
    "SALESFORCE_API_VERSION": ("61.0", "64.0", "61.0"),
    "INTACCT_URL": (
        "http://127.0.0.1:1/gw",
        "https://api.intacct.com/ia/xml/xmlgw.phtml",
        "http://127.0.0.1:1/gw",
    ),
    "INTACCT_ENTITY_ID": ("E01", None, "E01"),
    "INTACCT_AUDIT_HISTORY": ("false", True, False),
    "ALERT_WEBHOOK_SECRET": ("s", SecretStr(""), SecretStr("s")),
    "ALERT_EMAIL_FROM": ("sync@acme.com", "", "sync@acme.com"),
    "ALERT_SMTP_HOST": ("mail.acme.com", "", "mail.acme.com"),
    "ALERT_SMTP_PORT": ("2525", 587, 2525),
    "ALERT_SMTP_USER": ("sync", "", "sync"),
    "ALERT_SMTP_PASSWORD": ("s", SecretStr(""), SecretStr("s")),
    "ALERT_GROWTH_PERCENT": ("50", 100, 50),
    "OVERLAP_SECONDS": ("60", 900, 60),
    "QUIET_SECONDS": ("0", 1800, 0),
    "LOOK_APART_SECONDS": ("5", 60, 5),
    "PAUSE_SECONDS": ("1", 30, 1),
    "PAUSE_SECONDS_MAX": ("60", 900, 60),
    "PROBE_SECONDS": ("0", 900, 0),
    "INTACCT_BATCH_SIZE": ("1", 25, 1),
    "SALESFORCE_BATCH_SIZE": ("10", 200, 10),
    "INTACCT_PAGE_SIZE": ("100", 2000, 100),
    "CALL_TIMEOUT_SECONDS": ("30", 120, 30),
    "POLL_SECONDS": ("5", 30, 5),
    "SYNC_PASSES_MAX": ("3", 8, 3),
}

# Settings that are refused without others, and those others.
TOGETHER = {
    "ALERT_WEBHOOK_URL": ("https://hooks.example/canary", {"ALERT_WEBHOOK_SECRET": "s"}),
    "ALERT_EMAIL_TO": ("ada@acme.com, bo@acme.com", {"ALERT_EMAIL_FROM": "s@acme.com", "ALERT_SMTP_HOST": "mail"}),
}

# A value that cannot be right, for every setting that can be wrong.
WRONG = {
    "FIRST_DAY": "yesterday",
    "FIRST_MONTH": "2026-13",
    "SALESFORCE_FLOW": "magic",
    "INTACCT_AUDIT_HISTORY": "perhaps",
    "ALERT_SMTP_PORT": "0",
    "ALERT_GROWTH_PERCENT": "0",
    "OVERLAP_SECONDS": "-1",
    "QUIET_SECONDS": "half an hour",
    "LOOK_APART_SECONDS": "-1",
    "PAUSE_SECONDS": "1.5",
    "INTACCT_BATCH_SIZE": "101",
    "SALESFORCE_BATCH_SIZE": "201",
    "INTACCT_PAGE_SIZE": "2001",
    "CALL_TIMEOUT_SECONDS": "0",
    "POLL_SECONDS": "0",
    "SYNC_PASSES_MAX": "0",
}


def test_nothing_is_left_out_of_this_test() -> None:
    needed = {name.removeprefix(PREFIX) for name in NEEDED}
    assert {name.upper() for name in Settings.model_fields} == needed | set(EVERY) | set(TOGETHER)


@pytest.mark.parametrize("name", EVERY)
def test_a_setting_has_its_default_and_is_read_from_its_variable(name: str) -> None:
    text, default, value = EVERY[name]
    assert getattr(from_environment(NEEDED), name.lower()) == default
    assert getattr(from_environment({**NEEDED, PREFIX + name: text}), name.lower()) == value


@pytest.mark.parametrize("name", NEEDED)
def test_the_two_systems_have_no_defaults(name: str) -> None:
    without = {other: value for other, value in NEEDED.items() if other != name}
    with pytest.raises(SettingsError) as refused:
        from_environment(without)
    assert refused.value.seen == f"{name}: Field required"
    assert "docs/settings.md" in refused.value.remedy


def test_everything_that_is_missing_is_said_at_once() -> None:
    with pytest.raises(SettingsError) as refused:
        from_environment({})
    assert [name for name in NEEDED if name in refused.value.seen] == list(NEEDED)


@pytest.mark.parametrize("name", WRONG)
def test_a_value_that_cannot_be_right_is_refused_by_its_variable_and_not_repeated(name: str) -> None:
    with pytest.raises(SettingsError) as refused:
        from_environment({**NEEDED, PREFIX + name: WRONG[name]})
    assert refused.value.seen.startswith(f"{PREFIX}{name}: ")
    assert f" {WRONG[name]}" not in refused.value.seen


@pytest.mark.parametrize("name", WRONG)
@given(st.text("0123456789abcdef-:/", max_size=40).map("canary-".__add__))
@pytest.mark.answers("S6")
def test_a_secret_in_the_wrong_variable_is_in_no_message_and_no_traceback(name: str, secret: str) -> None:
    with pytest.raises(SettingsError) as refused:
        from_environment({**NEEDED, PREFIX + name: secret})
    assert "canary" not in "".join(traceback.format_exception(refused.value)) + repr(refused.value)


def test_variables_of_others_are_none_of_our_business() -> None:
    ours = from_environment(NEEDED)
    others = {
        "HOME": "/root",
        "PATH": "/bin",
        "SALESFORCE_URL": "x",
        "SF_INTACCT_DAGSTER_PG": "postgresql://db/dagster",
    }
    assert from_environment({**NEEDED, **others}) == ours


def test_what_shapes_the_user_interface_needs_no_system_and_no_secret() -> None:
    layout = layout_from_environment({"SF_INTACCT_FIRST_MONTH": "2019-01-01"})
    assert (layout.first_month, layout.poll_seconds) == (date(2019, 1, 1), 30)
    assert not {name.removeprefix(PREFIX).lower() for name in (*NEEDED, *SECRETS)} & set(Layout.model_fields)


# Secrets


@pytest.mark.parametrize("shown", [repr, str, lambda s: s.model_dump_json(), lambda s: str(s.model_dump())])
@pytest.mark.answers("I2", "S6")
def test_no_secret_is_ever_shown(shown: Any) -> None:
    settings = from_environment({**NEEDED, **SECRETS})
    assert "canary" not in shown(settings)
    assert shown(settings).count("**********") == len(SECRETS)


def test_whatever_is_called_a_secret_is_kept_as_one() -> None:
    named = {
        name
        for name in Settings.model_fields
        if name.endswith(("password", "secret", "token", "journal_url", "webhook_url"))
    }
    kept = {name for name, field in Settings.model_fields.items() if SecretStr in (field.annotation, *_members(field))}
    assert named == kept == {name.removeprefix(PREFIX).lower() for name in SECRETS}


def _members(field: Any) -> tuple[Any, ...]:
    return getattr(field.annotation, "__args__", ())


def test_a_secret_is_still_there_for_who_asks_for_it() -> None:
    settings = from_environment({**NEEDED, **SECRETS})
    assert settings.intacct_user_password.get_secret_value() == "canary-user"
    assert settings.journal == SECRETS["SF_INTACCT_JOURNAL_URL"]


# What follows from them


def test_the_stores_lie_together_at_home() -> None:
    settings = from_environment({**NEEDED, "SF_INTACCT_HOME": "/srv/sync"})
    assert settings.warehouse_file == Path("/srv/sync/warehouse.duckdb")
    assert settings.finance_file == Path("/srv/sync/finance.duckdb")
    assert settings.journal == "sqlite:////srv/sync/journal.sqlite"


def test_the_journal_does_not_move_with_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert from_environment(NEEDED).journal == f"sqlite:///{tmp_path}/var/journal.sqlite"


def test_the_overlap_is_a_span_of_time() -> None:
    assert from_environment({**NEEDED, "SF_INTACCT_OVERLAP_SECONDS": "90"}).overlap == timedelta(seconds=90)


def test_settings_cannot_be_changed_on_the_way() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        from_environment(NEEDED).environment = "elsewhere"  # type: ignore[misc]


def test_a_misspelt_variable_is_told_instead_of_silently_not_counting() -> None:
    with pytest.raises(SettingsError) as caught:
        from_environment({**NEEDED, "SF_INTACCT_QUIET_SECOND": "canary"})
    assert caught.value.record == "SF_INTACCT_QUIET_SECOND"
    assert "SF_INTACCT_QUIET_SECONDS" in caught.value.remedy
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("name", TOGETHER)
def test_an_alert_that_nobody_could_trust_or_send_is_refused_by_its_setting(name: str) -> None:
    value, others = TOGETHER[name]
    with pytest.raises(SettingsError) as refused:
        from_environment({**NEEDED, PREFIX + name: value})
    assert f"{name.lower()} needs " in refused.value.seen
    assert value not in str(refused.value)
    assert from_environment({**NEEDED, PREFIX + name: value, **{PREFIX + k: v for k, v in others.items()}})


def test_addresses_stand_with_commas_between() -> None:
    value, others = TOGETHER["ALERT_EMAIL_TO"]
    given = {PREFIX + k: v for k, v in {**others, "ALERT_EMAIL_TO": value}.items()}
    assert from_environment({**NEEDED, **given}).alert_addresses == ("ada@acme.com", "bo@acme.com")


@pytest.mark.parametrize(
    ("login", "instance", "base"),
    [
        ("https://acme.my.salesforce.com/", "", "https://acme.my.salesforce.com"),
        ("https://login.salesforce.com", "", ""),  # nobody's own: no link is better than a wrong one
        (
            "https://test.salesforce.com",
            "https://acme--uat.sandbox.my.salesforce.com",
            "https://acme--uat.sandbox.my.salesforce.com",
        ),
    ],
)
def test_links_to_records_lead_to_the_organisation_itself(login: str, instance: str, base: str) -> None:
    given = {f"{PREFIX}SALESFORCE_URL": login, f"{PREFIX}SALESFORCE_INSTANCE_URL": instance}
    assert from_environment({**NEEDED, **given}).salesforce_records_url == base
