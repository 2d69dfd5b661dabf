"""The imitated company: its schema, books, people and rules in one place, and nothing of the wire."""

from datetime import timedelta

from sf_intacct.sandbox.salesforce import credentials
from sf_intacct.sandbox.salesforce.deletion import RecycleBin
from sf_intacct.sandbox.salesforce.ids import mint
from sf_intacct.sandbox.salesforce.limits import Limits
from sf_intacct.sandbox.salesforce.rules.orders import ACTIVATED, DRAFT
from sf_intacct.sandbox.salesforce.schema import ObjectType, Schema, company_schema
from sf_intacct.sandbox.salesforce.sessions import Allocation, Sessions
from sf_intacct.sandbox.salesforce.soql import Cursors
from sf_intacct.sandbox.salesforce.store import Record, Store
from sf_intacct.sandbox.salesforce.validation import ValidationRules
from sf_intacct.sandbox.salesforce.values import stamp_text
from sf_intacct.sandbox.salesforce.writer import Author, Writer
from sf_intacct.sandbox.world import World

CURRENCIES, CURRENCY = "CurrencyType", "CurrencyIsoCode"


class Company:
    """Everything that is the company's own. `reset` founds it anew with the rows no company lacks.

    `visible` is the schema as API users see it, for field-level security may hide fields from them;
    `described` is when it last changed.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.schema = self.visible = company_schema()
        self.limits = Limits()
        self.store = Store(world, self.schema)
        self.validation = ValidationRules(self.store)
        self.cursors = Cursors(world)
        self.sessions = Sessions(world, self.limits)
        self.allocation = Allocation(world, self.limits)
        self.keys = credentials.KeyPair()
        self.public_keys: list[str] = []
        self.organization_id = self.integration_user_id = self.sales_user_id = ""
        self.founded = self.described = world.clock.now()

    def reset(self) -> None:
        """An empty company, founded now; sessions, cursors, rules and settings are forgotten."""
        self.limits.restore()
        self.validation.remove_all()
        self.cursors.forget_all()
        self.sessions.close_all()
        self.allocation.forget()
        self.public_keys.clear()
        self.use_one_currency()
        self.founded = self.described = self.world.clock.now()
        with self.world.transaction():
            self.store.make()
            self._found()

    def hide(self, kind: ObjectType, field_name: str) -> None:
        """Hides a field from API users, to whom it then does not exist."""
        self.described = self.world.clock.now()
        shown = self.visible[kind.name].without({field_name})
        self.visible = Schema([shown if each.name == kind.name else each for each in self.visible])

    def use_one_currency(self) -> None:
        """Currencies exist only in a company that has several: elsewhere there is neither the object nor the field."""
        kinds = [kind for kind in self.schema if kind.name != CURRENCIES]
        self.visible = Schema([kind.without({CURRENCY} & set(kind.by_name)) for kind in kinds])

    def use_several_currencies(self) -> None:
        self.visible = self.schema

    def stamp(self, age_seconds: float = 0) -> str:
        """The audit stamp of a writing that happens now, or whose transaction began a while ago."""
        return stamp_text(self.world.clock.now() - timedelta(seconds=age_seconds))

    def writer(self, user_id: str, age_seconds: float = 0) -> Writer:
        return Writer(self.store, self.validation, Author(user_id, self.stamp(age_seconds)))

    def recycle_bin(self, writer: Writer) -> RecycleBin:
        return RecycleBin(writer, self.limits)

    def user_named(self, username: str) -> Record | None:
        """The active user with this name."""
        found = self.store.find(self.schema["User"], "Username", username)
        return found[0] if found and found[0]["IsActive"] else None

    def _found(self) -> None:
        self.organization_id = self._mint("Organization")
        self.integration_user_id = self._mint("User")
        self.sales_user_id = self._mint("User")
        self._put(
            "Organization",
            Id=self.organization_id,
            Name="Sandbox Company",
            InstanceName="SBX1",
            OrganizationType="Developer Edition",
            DefaultCurrencyIsoCode="USD",
            TimeZoneSidKey="GMT",
            DefaultLocaleSidKey="en_US",
            LanguageLocaleKey="en_US",
            FiscalYearStartMonth=1,
        )
        people = (
            (self.integration_user_id, credentials.USERNAME, "Integration", "User"),
            (self.sales_user_id, credentials.SALES_USERNAME, "Sales", "Person"),
        )
        for user_id, username, first, last in people:
            names = {"FirstName": first, "LastName": last, "Name": f"{first} {last}"}
            self._put("User", Id=user_id, Username=username, Email=username, Alias=first[:8], **names)
        self._put("Pricebook2", Name="Standard Price Book", IsStandard=1, IsActive=1)
        for order, name in enumerate((DRAFT, ACTIVATED), start=1):
            labels = {"MasterLabel": name, "ApiName": name, "StatusCode": name}
            self._put("OrderStatus", **labels, SortOrder=order, IsDefault=int(name == DRAFT))

    def _mint(self, object_name: str) -> str:
        prefix = self.schema[object_name].key_prefix
        return mint(prefix, self.world.serial(f"salesforce {prefix}"))

    def _put(self, object_name: str, **values: object) -> None:
        kind, stamp = self.schema[object_name], self.stamp()
        audit = {
            "CreatedDate": stamp,
            "CreatedById": self.integration_user_id,
            "LastModifiedDate": stamp,
            "LastModifiedById": self.integration_user_id,
            "SystemModstamp": stamp,
        }
        record_id = values.pop("Id", None) or self._mint(object_name)
        self.store.insert(kind, [{**kind.defaults, "Id": record_id, **audit, **values}])
