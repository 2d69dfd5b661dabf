"""The Sage Intacct sandbox as the world sees it: routes, people's acts, seeds, rows and totals."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from starlette.routing import BaseRoute

from sf_intacct.sandbox.intacct.books.company import Company
from sf_intacct.sandbox.intacct.books.seeds import load
from sf_intacct.sandbox.intacct.books.totals import totals
from sf_intacct.sandbox.intacct.people import acts
from sf_intacct.sandbox.intacct.values import exact
from sf_intacct.sandbox.intacct.wire.gateway import Gateway
from sf_intacct.sandbox.system import Act
from sf_intacct.sandbox.world import World


class IntacctSandbox:
    """One imitated company behind one gateway. Satisfies `sandbox.system.System`."""

    name = "intacct"

    def __init__(self, world: World) -> None:
        self.company = Company(world)
        self.gateway = Gateway(self.company)
        self.reset()

    @property
    def acts(self) -> Mapping[str, Act]:
        return acts(self.company)

    def routes(self) -> list[BaseRoute]:
        return self.gateway.routes()

    def reset(self) -> None:
        self.company.reset()
        self.gateway.reset()

    def load(self, folder: Path) -> dict[str, int]:
        with self.company.world.transaction():
            return load(self.company, folder)

    def rows(self, table: str) -> list[dict[str, Any]]:
        store = self.company.store
        fields = [one for one in store.schema[table.upper()].stored if not one.hidden]
        return [
            {**{one.id: exact(one, row[one.id]) for one in fields}, "DELETED_AT": row["DELETED_AT"]}
            for row in store.every(table.upper())
        ]

    def books(self) -> dict[str, Any]:
        return totals(self.company.store)
