"""The Salesforce sandbox as the world sees it: one system with acts, addresses, seeds and totals."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from starlette.routing import BaseRoute

from sf_intacct.sandbox.salesforce.company import Company
from sf_intacct.sandbox.salesforce.people import People
from sf_intacct.sandbox.salesforce.rest.gateway import NAME, Gateway
from sf_intacct.sandbox.salesforce.schema import Kind
from sf_intacct.sandbox.salesforce.seed import SeedLoader
from sf_intacct.sandbox.salesforce.store import DELETION
from sf_intacct.sandbox.salesforce.totals import totals
from sf_intacct.sandbox.salesforce.values import shown
from sf_intacct.sandbox.system import Act
from sf_intacct.sandbox.world import World


class SalesforceSandbox:
    """Satisfies `sandbox.system.System`."""

    name = NAME

    def __init__(self, world: World) -> None:
        self.company = Company(world)
        self.gateway = Gateway(self.company)
        self.people = People(self.company)
        self.company.reset()

    @property
    def acts(self) -> Mapping[str, Act]:
        return self.people.acts

    def routes(self) -> list[BaseRoute]:
        return self.gateway.routes()

    def reset(self) -> None:
        self.company.reset()

    def load(self, folder: Path) -> dict[str, int]:
        return SeedLoader(self.company).load(folder)

    def rows(self, table: str) -> list[dict[str, Any]]:
        """All rows of an object, deleted ones too. Numbers are exact decimal text, booleans are booleans."""
        kind = self.company.schema.objects[table]
        changed = [field for field in kind.fields if field.kind in (Kind.BOOLEAN, Kind.DECIMAL)]
        found = self.company.store.all(kind)
        for row in found:
            del row[DELETION]
            row.update([(field.name, shown(field, row[field.name])) for field in changed])
            row["IsDeleted"] = bool(row["IsDeleted"])
        return found

    def books(self) -> dict[str, Any]:
        return totals(self.company.store)
