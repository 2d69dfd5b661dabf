"""The house put together from its settings: two systems, the warehouse, the journal, the mappings."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

from sf_intacct.errors import SettingsError
from sf_intacct.flow.mapping_text import Mappings
from sf_intacct.intacct import gateway as intacct_gateway
from sf_intacct.intacct.envelope import Login, Sender
from sf_intacct.intacct.gateway import Gateway
from sf_intacct.intacct.system import IntacctSystem
from sf_intacct.salesforce.rest import Rest
from sf_intacct.salesforce.sign_in import Account, Flow
from sf_intacct.salesforce.system import SalesforceSystem
from sf_intacct.settings import Settings
from sf_intacct.store import schema
from sf_intacct.store.journal import Journal, Patience
from sf_intacct.store.mapping_files import read_mappings
from sf_intacct.store.warehouse import Session, Warehouse

Now = Callable[[], datetime]


def utc_now() -> datetime:
    """The machine's clock: read here, at the edge, and handed down."""
    return datetime.now(UTC)


@dataclass
class House:
    """Everything a step needs. Parts are made when they are first used, and only once."""

    settings: Settings
    now: Now = utc_now
    run: str = "by hand"
    is_awake: bool = field(default=False, init=False)  # the journal was held against what others remember of it
    _is_prepared: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        # What a house writes, logs of databases and temporary files too, is for its own user alone.
        os.umask(0o077)

    @property
    def today(self) -> date:
        """The sync day: the day, in UTC, on which something is observed."""
        return self.now().astimezone(UTC).date()

    @cached_property
    def warehouse(self) -> Warehouse:
        return Warehouse(self.settings.warehouse_file)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """One transaction on the warehouse, whose tables are as declared."""
        with self.warehouse.transaction() as session:
            if not self._is_prepared:
                schema.ensure(session, self.mappings.crossings.values())
            yield session
            self._is_prepared = True

    @cached_property
    def journal(self) -> Journal:
        return Journal(self.settings.journal, self.settings.journal_head_file)

    @cached_property
    def mappings(self) -> Mappings:
        """Read once: a file that is edited while we work counts from the next run on."""
        mappings = read_mappings(self.settings.mappings, self.settings.override_names, self.settings.home)
        choosing = [mapping.crossing for mapping in mappings.crossings.values() if mapping.entity]
        if choosing and self.settings.intacct_entity_id:
            # From within one entity the documents of the others are not seen: they would be made again.
            raise SettingsError(
                "reading the mappings",
                record=", ".join(choosing),
                seen=f"entity is chosen per document, and SF_INTACCT_INTACCT_ENTITY_ID ties us to "
                f"{self.settings.intacct_entity_id}",
                remedy="empty the setting, or take `entity:` out of the mapping",
            )
        return mappings

    @cached_property
    def salesforce(self) -> SalesforceSystem:
        return SalesforceSystem(Rest(_salesforce_account(self.settings), self.now))

    @cached_property
    def intacct(self) -> IntacctSystem:
        gateway = Gateway(_intacct_account(self.settings), now=self.now)
        return IntacctSystem(
            gateway, self.settings.intacct_page_size, reads_audit_history=self.settings.intacct_audit_history
        )

    @property
    def systems(self) -> Mapping[str, SalesforceSystem | IntacctSystem]:
        return {"salesforce": self.salesforce, "intacct": self.intacct}

    def system(self, name: str) -> SalesforceSystem | IntacctSystem:
        return self.salesforce if name == "salesforce" else self.intacct

    def batch_size(self, system: str) -> int:
        return self.settings.salesforce_batch_size if system == "salesforce" else self.settings.intacct_batch_size

    def patience(self, system: str) -> Patience:
        """How long to wait before repeating. Every write to Salesforce is absolute: repeating it is harmless."""
        pause = timedelta(seconds=self.settings.pause_seconds)
        longest = timedelta(seconds=self.settings.pause_seconds_max)
        if system == "salesforce":
            return Patience(quiet=timedelta(0), apart=timedelta(0), pause=pause, longest=longest)
        return Patience(
            quiet=timedelta(seconds=self.settings.quiet_seconds),
            apart=timedelta(seconds=self.settings.look_apart_seconds),
            pause=pause,
            longest=longest,
        )

    def close(self) -> None:
        if "journal" in self.__dict__:
            self.journal.close()


def _salesforce_account(settings: Settings) -> Account:
    return Account(
        login_url=settings.salesforce_url.rstrip("/"),
        flow=Flow(settings.salesforce_flow),
        client_id=settings.salesforce_client_id,
        client_secret=settings.salesforce_client_secret.get_secret_value(),
        username=settings.salesforce_username,
        password=settings.salesforce_password.get_secret_value(),
        security_token=settings.salesforce_security_token.get_secret_value(),
        private_key=_private_key(settings),
        api_version=settings.salesforce_api_version,
        organization_id=settings.salesforce_organization_id,
    )


def _private_key(settings: Settings) -> str:
    file = settings.salesforce_private_key_file
    if file is None:
        return ""
    try:
        return file.read_text()
    except OSError as error:
        raise SettingsError("reading the private key", record=str(file), seen=str(error)) from error


def _intacct_account(settings: Settings) -> intacct_gateway.Account:
    return intacct_gateway.Account(
        endpoint=settings.intacct_url,
        sender=Sender(settings.intacct_sender_id, settings.intacct_sender_password.get_secret_value()),
        login=Login(
            company_id=settings.intacct_company_id,
            user_id=settings.intacct_user_id,
            password=settings.intacct_user_password.get_secret_value(),
            entity_id=settings.intacct_entity_id,
        ),
        timeout=timedelta(seconds=settings.call_timeout_seconds),
    )
