"""Every setting of the imitated company, and every assumption about Intacct that nobody outside can confirm.

A seed's COMPANY.csv and the act `configure` change them by name.
"""

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from sf_intacct.sandbox.intacct import defaults
from sf_intacct.sandbox.intacct.values import offset


@dataclass
class Settings:
    """Named switches. The first group is how a company is set up, the second what we assume of Intacct."""

    company_id: str = defaults.COMPANY_ID
    base_currency: str = "USD"
    multi_currency: bool = False
    daily_rates: str = ""
    first_fiscal_month: int = 1
    ar_closed_through: str = ""
    receivables_account: str = ""
    use_account_labels: bool = False
    refuse_duplicate_invoice_numbers: bool = True
    invoice_number_prefix: str = "INV-"
    tax_solutions: str = ""
    allow_negative_lines: bool = True
    allow_overpayments: bool = True
    gmt_offset: str = "+00:00"
    session_hours: int = 12
    authorized_senders: str = defaults.SENDER_ID
    refused_permissions: str = ""
    audit_history_permitted: bool = True
    tells_closed_books: bool = True
    restrictions: str = ""

    repeated_control_id_answer: str = "statusless"
    repeated_control_id_errorno: str = "XL03000007"
    remember_ids_without_uniqueid: bool = False
    remember_control_ids: bool = True
    culprit_is_aborted: bool = False
    payments_touch_invoices: bool = True
    closed_period_errorno: str = "BL01001973"
    display_contact_required: bool = True
    sender_refused_at_gateway: bool = False
    sign_in_refused_at_gateway: bool = False
    read_lag_seconds: int = 0
    custom_fields_need_docparid: bool = True
    support_ids: bool = True

    def put(self, name: str, value: Any) -> None:
        """Sets one setting from text or a JSON value; raises ValueError for an unknown name or a bad value."""
        known = {one.name: one.type for one in fields(self)}
        if name not in known:
            raise ValueError(f"unknown setting {name!r}; known: {', '.join(sorted(known))}")
        setattr(self, name, _converted(name, str(known[name]), value))

    @property
    def tax_solution_of(self) -> dict[str, str]:
        """The tax solution of each entity, by location id; of the whole company under an empty one."""
        parts = (one.rpartition("=") for one in self.tax_solutions.split(",") if one.strip())
        return {entity.strip(): solution.strip() for entity, _, solution in parts}

    def restrictions_of(self, account: str) -> dict[str, set[str]]:
        """What is allowed with an account, by dimension: `4000 DEPARTMENTID=100|200; 4300 CLASSID=SVC`."""
        found: dict[str, set[str]] = {}
        for entry in filter(None, (one.strip() for one in self.restrictions.split(";"))):
            number, _, rest = entry.partition(" ")
            column, _, values = rest.partition("=")
            if number == account:
                found[column.strip()] = set(values.split("|"))
        return found

    def daily_rate(self, source: str, target: str, on: str) -> Decimal | None:
        """The rate of Intacct's own daily feed, which nobody can list: `EUR>USD@2026-01-01=1.08; ...`."""
        pair, found = f"{source}>{target}", ("", None)
        for entry in filter(None, (one.strip() for one in self.daily_rates.split(";"))):
            name, _, rate = entry.partition("=")
            known, _, day = name.partition("@")
            if known == pair and found[0] <= day <= on:
                found = (day, Decimal(rate))  # type: ignore[assignment]
        return found[1]

    def permits(self, operation: str, object_name: str) -> bool:
        """False if the user lacks `operation` (such as QUERY) or anything on `object_name`."""
        refused = {word.strip().upper() for word in self.refused_permissions.split(",")}
        return not refused & {operation.upper(), object_name.upper(), f"{operation} {object_name}".upper()}


def _converted(name: str, kind: str, value: Any) -> Any:
    text = str(value).strip()
    if "bool" in kind:
        if text.lower() not in ("true", "false"):
            raise ValueError(f"setting {name} is true or false, not {value!r}")
        return text.lower() == "true"
    if "int" in kind:
        return int(text)
    if name == "ar_closed_through" and text:
        date.fromisoformat(text)
    if name == "gmt_offset":
        offset(text)
    if name == "repeated_control_id_answer" and text not in ("statusless", "failure"):
        raise ValueError(f"setting {name} is statusless or failure, not {value!r}")
    return text
