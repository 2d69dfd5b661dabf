"""Every setting, typed, in one place, from the environment only.

A setting FIELD is read from SF_INTACCT_FIELD. Secrets are of a type that prints as stars.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator

from sf_intacct.errors import SettingsError

PREFIX = "SF_INTACCT_"
# Dagster's storage reads the first before there are settings; the others name what tests use on a machine.
_READ_ELSEWHERE = frozenset(f"{PREFIX}{name}" for name in ("DAGSTER_PG", "SHARED", "NODE", "NODE_MODULES"))
LayoutT = TypeVar("LayoutT", bound="Layout")


class Layout(BaseModel):
    """The few settings that shape what Dagster shows. None is a secret, and every one has a default."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    home: Path = Field(Path("var"), description="Folder of the warehouse, the finance file and the journal")
    mappings: Path = Field(Path("mappings"), description="Folder of the mapping files")
    overrides: str = Field(
        "",
        description="Files in its overrides/ that are laid over the mappings: names, in order, with commas between",
    )
    first_day: date = Field(date(2026, 11, 1), description="Day of the opening snapshot; before it there was no sync")
    first_month: date = Field(
        date(2026, 1, 1), description="First month in which anything may be posted, by its first day"
    )
    poll_seconds: int = Field(30, ge=1, description="How often the sensors ask what is new")

    @property
    def override_names(self) -> tuple[str, ...]:
        return tuple(name for name in (part.strip() for part in self.overrides.split(",")) if name)

    @property
    def warehouse_file(self) -> Path:
        return self.home / "warehouse.duckdb"

    @property
    def journal_head_file(self) -> Path:
        """Where the journal's head is kept a second time."""
        return self.home / "journal.head"


class Settings(Layout):
    """All settings. The defaults suit a laptop; the two systems have none."""

    environment: str = Field("local", description="Salt of all keys: a restored backup elsewhere must not replay ours")
    journal_url: SecretStr | None = Field(None, description="SQLAlchemy URL of the journal; SQLite in home by default")

    salesforce_url: str = Field(description="Login address, such as https://acme.my.salesforce.com")
    salesforce_instance_url: str = Field(
        "", description="Address of the organisation in links to its records; the login address when empty"
    )
    salesforce_flow: Literal["jwt", "client_credentials", "password"] = Field(
        "client_credentials", description="How we sign in"
    )
    salesforce_client_id: str = Field("", description="Consumer key of the external client app")
    salesforce_client_secret: SecretStr = Field(SecretStr(""), description="Consumer secret (client_credentials)")
    salesforce_username: str = Field("", description="Integration user (jwt, password)")
    salesforce_password: SecretStr = Field(SecretStr(""), description="Its password (password flow only)")
    salesforce_security_token: SecretStr = Field(SecretStr(""), description="Its security token (password flow only)")
    salesforce_private_key_file: Path | None = Field(None, description="PEM file of the private key (jwt)")
    salesforce_organization_id: str = Field(
        "", description="Id of the organisation; a session of any other is refused. Unset: whichever lets us in"
    )
    salesforce_api_version: str = Field("64.0", description="REST API version")

    intacct_url: str = Field("https://api.intacct.com/ia/xml/xmlgw.phtml", description="Address of the XML gateway")
    intacct_sender_id: str = Field(description="Web-services sender id")
    intacct_sender_password: SecretStr = Field(description="Its password")
    intacct_company_id: str = Field(description="Company id; every reply is checked against it")
    intacct_user_id: str = Field(description="Web-services user")
    intacct_user_password: SecretStr = Field(description="Its password")
    intacct_entity_id: str | None = Field(None, description="Entity to work in; top level when empty")
    intacct_audit_history: bool = Field(
        True, description="Read deletions from the audit history (needs the permission)"
    )

    alert_webhook_url: SecretStr | None = Field(None, description="Where alerts are posted as JSON; nowhere by default")
    alert_webhook_secret: SecretStr = Field(SecretStr(""), description="Shared secret that signs what is posted")
    alert_email_to: str = Field("", description="Whom alerts are mailed to: addresses with commas between")
    alert_email_from: str = Field("", description="Sender of the mails")
    alert_smtp_host: str = Field("", description="Mail server; it has to offer STARTTLS, unless it is on loopback")
    alert_smtp_port: int = Field(587, ge=1, le=65535, description="Its port")
    alert_smtp_user: str = Field("", description="Who signs in there; nobody by default")
    alert_smtp_password: SecretStr = Field(SecretStr(""), description="The password for it")
    alert_growth_percent: int = Field(
        100, ge=1, description="What is open is told again when its records or its money have grown by so much"
    )

    overlap_seconds: int = Field(
        900, ge=0, description="Every read starts this long before its watermark (late commits)"
    )
    quiet_seconds: int = Field(1800, ge=0, description="Nothing uncertain is sent again before this has passed")
    look_apart_seconds: int = Field(60, ge=0, description="Between the two looks that must both find nothing")
    pause_seconds: int = Field(30, ge=0, description="Before something that was not carried out is tried again")
    pause_seconds_max: int = Field(900, ge=0, description="Longest such pause: each is twice as long as the one before")
    probe_seconds: int = Field(
        900, ge=0, description="Before one record finds out whether a refusal that cannot be watched still stands"
    )
    intacct_batch_size: int = Field(25, ge=1, le=100, description="Writing functions in one request to Intacct")
    salesforce_batch_size: int = Field(200, ge=1, le=200, description="Records in one collections call to Salesforce")
    intacct_page_size: int = Field(2000, ge=1, le=2000, description="Records in one page of a query to Intacct")
    call_timeout_seconds: int = Field(120, ge=1, description="Longest one call may take")
    sync_passes_max: int = Field(8, ge=1, description="Passes of one sync before it is left to the next")

    @property
    def finance_file(self) -> Path:
        return self.home / "finance.duckdb"

    @property
    def salesforce_records_url(self) -> str:
        """What goes before the id of a record in its link; empty where the login address is no organisation's own."""
        own = self.salesforce_instance_url or self.salesforce_url
        shared = ("//login.salesforce.com", "//test.salesforce.com")
        return "" if any(name in own for name in shared) else own.rstrip("/")

    @property
    def journal(self) -> str:
        if self.journal_url is not None:
            return self.journal_url.get_secret_value()
        return f"sqlite:///{(self.home / 'journal.sqlite').absolute()}"

    @model_validator(mode="after")
    def _alerts_are_complete(self) -> "Settings":
        if self.alert_webhook_url is not None and not self.alert_webhook_secret.get_secret_value():
            raise ValueError("alert_webhook_url needs alert_webhook_secret: what is not signed anybody could have sent")
        if self.alert_email_to and not (self.alert_email_from and self.alert_smtp_host):
            raise ValueError("alert_email_to needs alert_email_from and alert_smtp_host")
        return self

    @property
    def alert_addresses(self) -> tuple[str, ...]:
        return tuple(address for address in (part.strip() for part in self.alert_email_to.split(",")) if address)

    @property
    def overlap(self) -> timedelta:
        return timedelta(seconds=self.overlap_seconds)


def from_environment(environment: Mapping[str, str]) -> Settings:
    """The settings in `environment`. Raises SettingsError naming every variable that is missing, wrong or unknown."""
    _without_strangers(environment)
    return _read(Settings, environment)


def layout_from_environment(environment: Mapping[str, str]) -> Layout:
    """The layout in `environment`, for whoever needs no system. Raises SettingsError as above."""
    return _read(Layout, environment)


def _without_strangers(environment: Mapping[str, str]) -> None:
    """A misspelt variable would be a setting that silently does not count."""
    known = {f"{PREFIX}{field.upper()}" for field in Settings.model_fields} | _READ_ELSEWHERE
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in known:
            nearest = get_close_matches(name, known, n=1)
            remedy = f"did you mean {nearest[0]}?" if nearest else "take it out; docs/settings.md lists them all"
            raise SettingsError("reading the settings", record=name, seen="there is no such setting", remedy=remedy)


def _read(model: type[LayoutT], environment: Mapping[str, str]) -> LayoutT:
    given = {name.removeprefix(PREFIX).lower(): value for name, value in environment.items() if name.startswith(PREFIX)}
    known = {name: value for name, value in given.items() if name in model.model_fields}
    try:
        return model.model_validate(known)
    except ValidationError as error:
        # The value that was given is not repeated: it may be a secret in the wrong variable.
        wrong = [f"{_variable(e['loc'])}{e['msg'].removeprefix('Value error, ')}" for e in error.errors()]
        raise SettingsError(
            "reading the settings",
            seen="; ".join(wrong),
            remedy="set these environment variables; see docs/settings.md",
        ) from None


def _variable(place: tuple[int | str, ...]) -> str:
    """The variable that is wrong; nothing where several do not go together."""
    return f"{PREFIX}{str(place[0]).upper()}: " if place else ""
