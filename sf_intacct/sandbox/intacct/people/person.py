"""What everyone at the screen can do: find a record, and be refused in the words of the system."""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any

from sf_intacct.sandbox.intacct.books.clerk import Clerk
from sf_intacct.sandbox.intacct.books.company import Company
from sf_intacct.sandbox.intacct.books.documents import REVERSAL
from sf_intacct.sandbox.intacct.books.store import Row
from sf_intacct.sandbox.intacct.problems import Rejection
from sf_intacct.sandbox.intacct.values import BadValue, plain, us_date
from sf_intacct.sandbox.system import Refusal

Answer = dict[str, Any]


def act(function: Callable[..., Answer]) -> Callable[..., Answer]:
    """Turns refusals of the books into refusals of an act."""

    @wraps(function)
    def carried_out(*arguments: Any, **named: Any) -> Answer:
        try:
            return function(*arguments, **named)
        except Rejection as refusal:
            raise Refusal(refusal.problems[0].text) from refusal
        except (BadValue, ValueError, KeyError) as error:
            raise Refusal(str(error)) from error

    return carried_out


class Person:
    """Someone who works in the company. Names of acts are the names of methods."""

    def __init__(self, company: Company) -> None:
        self.company = company

    @property
    def clerk(self) -> Clerk:
        return self.company.person()

    def record(self, object_name: str, key: str) -> Row:
        id_field = self.company.store.schema[object_name].id_field
        found = self.company.store.find(object_name, id_field, key)
        if found is None:
            raise Refusal(f"there is no {object_name} {key!r}")
        return found

    def standing(self, numbers: Sequence[int]) -> list[Answer]:
        """Where these invoices stand now."""
        return [
            {
                "RECORDNO": row["RECORDNO"],
                "RECORDID": row["RECORDID"],
                "STATE": row["STATE"],
                "TRX_TOTALENTERED": plain(row["TRX_TOTALENTERED"]),
                "TRX_TOTALDUE": plain(row["TRX_TOTALDUE"]),
            }
            for row in self.company.store.where("ARINVOICE", "RECORDNO", numbers)
        ]

    def invoice(self, key: str | int) -> Row:
        """By number; a record number is understood too. The reversal of an invoice carries its number as well."""
        store = self.company.store
        found = [one for one in store.where("ARINVOICE", "RECORDID", [str(key)]) if one["STATE"] != REVERSAL]
        if not found and str(key).isdecimal():
            found = store.where("ARINVOICE", "RECORDNO", [int(key)])
        if not found:
            raise Refusal(f"there is no invoice {key!r}")
        return found[-1]

    def date(self, iso: str | None) -> str:
        return us_date(iso or self.company.world.clock.now().date().isoformat())


def typed(fields: Mapping[str, Any]) -> dict[str, Any]:
    """JSON values as texts a person would type: dates turned round, flags as words."""
    texts: dict[str, Any] = {}
    for name, value in fields.items():
        if isinstance(value, Mapping):
            texts[name.upper()] = typed(value)
            continue
        text = str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)
        texts[name.upper()] = us_date(text) if len(text) == 10 and text[4] == text[7] == "-" else text
    return texts
