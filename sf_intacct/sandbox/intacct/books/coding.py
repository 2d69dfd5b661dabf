"""How the lines of a document are coded: accounts, labels, dimensions, and what the accounts demand."""

from collections.abc import Iterator, Sequence

from sf_intacct.sandbox.intacct import problems
from sf_intacct.sandbox.intacct.books import references
from sf_intacct.sandbox.intacct.books.clerk import Clerk
from sf_intacct.sandbox.intacct.books.store import Row
from sf_intacct.sandbox.intacct.problems import Problem

DIMENSIONS = {
    "DEPARTMENTID": "DEPARTMENT",
    "LOCATIONID": "LOCATION",
    "CLASSID": "CLASS",
    "ITEMID": "ITEM",
    "CUSTOMERID": "CUSTOMER",
    "PROJECTID": "PROJECT",
}
# Dimensions whose objects this sandbox does not have: any value is one that does not exist.
EMPTY_DIMENSIONS = {
    "VENDORID": "VENDOR",
    "EMPLOYEEID": "EMPLOYEE",
    "CONTRACTID": "CONTRACT",
}
# User-defined dimensions: a line carries the record number of a value, not its name.
OWN_DIMENSIONS = {"GLDIMCHANNEL": "CHANNEL"}
DEMANDS = {
    "REQUIREDEPT": ("DEPARTMENTID", "Department"),
    "REQUIRELOC": ("LOCATIONID", "Location"),
    "REQUIRECLASS": ("CLASSID", "Class"),
    "REQUIREITEM": ("ITEMID", "Item"),
    "REQUIRECUSTOMER": ("CUSTOMERID", "Customer"),
    "REQUIREPROJECT": ("PROJECTID", "Project"),
    "REQUIREVENDOR": ("VENDORID", "Vendor"),
    "REQUIREEMPLOYEE": ("EMPLOYEEID", "Employee"),
}


def code(clerk: Clerk, lines: Sequence[Row], customer: Row | None) -> list[Problem]:
    """Fills accounts and defaults of `lines`, which carry their LINE_NO; every problem in line order."""
    found = _labels(clerk, lines)
    accounts = references.named(clerk.store, "GLACCOUNT", (line.get("ACCOUNTNO") for line in lines))
    banks = clerk.store.where("CHECKINGACCOUNT", "GLACCOUNTNO", accounts)
    owners = {bank["GLACCOUNTNO"]: bank["BANKACCOUNTID"] for bank in banks}
    found += [one for line in lines for one in _account(line, accounts, owners)]
    for line in lines:
        line["CUSTOMERID"] = line.get("CUSTOMERID") or (customer or {}).get("CUSTOMERID")
        line["OFFSETGLACCOUNTNO"] = line.get("OFFSETGLACCOUNTNO") or (customer or {}).get("OFFSETGLACCOUNTNO")
    found += dimension_doubts(clerk, lines)
    found += [one for line in lines for one in _demands(line, accounts)]
    found += [one for line in lines for one in _restrictions(clerk, line)]
    found += project_doubts(clerk, (customer or {}).get("CUSTOMERID"), lines)
    found += _offsets(clerk, lines)
    return found


def _labels(clerk: Clerk, lines: Sequence[Row]) -> list[Problem]:
    """Turns labels into accounts. A company uses either labels or accounts, never both."""
    enabled = clerk.settings.use_account_labels
    found = []
    for line in lines:
        number = line["LINE_NO"]
        if line.get("ACCOUNTLABEL") and not enabled:
            found.append(problems.labels_are_off(number))
        elif enabled and line.get("ACCOUNTNO") and not line.get("ACCOUNTLABEL"):
            found.append(problems.labels_only(number))
    if found or not enabled:
        return found
    found = references.doubts(clerk.store, "ARACCOUNTLABEL", (line.get("ACCOUNTLABEL") for line in lines))
    labels = references.named(clerk.store, "ARACCOUNTLABEL", (line.get("ACCOUNTLABEL") for line in lines))
    for line in lines:
        label = labels.get(line.get("ACCOUNTLABEL") or "")
        if label:
            line["ACCOUNTNO"] = label["GLACCOUNTNO"]
            line["OFFSETGLACCOUNTNO"] = line.get("OFFSETGLACCOUNTNO") or label["OFFSETGLACCOUNTNO"]
    return found


def _account(line: Row, accounts: dict[str, Row], banks: dict[str, str]) -> Iterator[Problem]:
    number = line.get("ACCOUNTNO")
    if not number:
        if not line.get("ACCOUNTLABEL"):
            yield problems.line_without_account(line["LINE_NO"])
        return
    account = accounts.get(number)
    if account is None:
        yield problems.unknown_reference("GLACCOUNT", number)
    elif account["STATUS"] != "active":
        yield problems.inactive_reference("GLACCOUNT", "GL Account", number)
    elif (account["ALTERNATIVEACCOUNT"] or "None") != "None":
        # Only a subledger may post to its control account, and only cash management to a bank's.
        yield problems.control_account(number, str(account["ALTERNATIVEACCOUNT"]))
    elif number in banks:
        yield problems.control_account(number, f"Bank/Credit Card account {banks[number]}")


def dimension_doubts(clerk: Clerk, lines: Sequence[Row]) -> list[Problem]:
    """A problem for every dimension that names nothing, or something inactive."""
    found = [
        problem
        for column, object_name in DIMENSIONS.items()
        for problem in references.doubts(clerk.store, object_name, (line.get(column) for line in lines))
    ]
    found += [
        problems.unknown_reference(object_name, key)
        for column, object_name in EMPTY_DIMENSIONS.items()
        for key in dict.fromkeys(line[column] for line in lines if line.get(column))
    ]
    return found + _own_dimensions(clerk, lines) + _of_other_entities(clerk, lines)


def _of_other_entities(clerk: Clerk, lines: Sequence[Row]) -> list[Problem]:
    """In an entity only the entity itself and the locations below it can be used."""
    if not clerk.entity:
        return []
    used = dict.fromkeys(line["LOCATIONID"] for line in lines if line.get("LOCATIONID"))
    return [problems.unknown_reference("LOCATION", key) for key in used if not _is_below(clerk, key)]


def _is_below(clerk: Clerk, location: str) -> bool:
    seen: set[str] = set()
    while location and location != clerk.entity and location not in seen:
        seen.add(location)
        row = clerk.store.find("LOCATION", "LOCATIONID", location)
        location = (row or {}).get("PARENTID") or ""
    return location == clerk.entity


def _own_dimensions(clerk: Clerk, lines: Sequence[Row]) -> list[Problem]:
    found = []
    for column, object_name in OWN_DIMENSIONS.items():
        wanted = list(dict.fromkeys(line[column] for line in lines if line.get(column)))
        known = {row["RECORDNO"]: row for row in clerk.store.where(object_name, "RECORDNO", wanted)}
        found += [
            problems.unknown_reference(object_name, str(key))
            for key in wanted
            if key not in known or known[key]["STATUS"] != "active"
        ]
    return found


def _demands(line: Row, accounts: dict[str, Row]) -> Iterator[Problem]:
    account = accounts.get(line.get("ACCOUNTNO") or "")
    for flag, (column, name) in DEMANDS.items():
        if account is not None and account[flag] == "true" and not line.get(column):
            yield problems.missing_dimension(name, account["ACCOUNTNO"])


def _restrictions(clerk: Clerk, line: Row) -> Iterator[Problem]:
    """What the company allows with an account; a line without the dimension passes."""
    for column, allowed in clerk.settings.restrictions_of(str(line.get("ACCOUNTNO") or "")).items():
        if line.get(column) and line[column] not in allowed:
            yield problems.restricted(clerk.store.schema[DIMENSIONS[column]].name, str(line[column]))


def project_doubts(clerk: Clerk, customer: str | None, lines: Sequence[Row]) -> list[Problem]:
    """A project's customer must be the document's customer, or a child of it."""
    projects = references.named(clerk.store, "PROJECT", (line.get("PROJECTID") for line in lines))
    return [
        problems.project_of_another(number)
        for number, project in projects.items()
        if project.get("CUSTOMERID") and customer not in _family(clerk, project["CUSTOMERID"])
    ]


def _family(clerk: Clerk, customer: str) -> set[str]:
    """A customer and everyone above it."""
    seen: set[str] = set()
    while customer and customer not in seen:
        seen.add(customer)
        row = clerk.store.find("CUSTOMER", "CUSTOMERID", customer)
        customer = str((row or {}).get("PARENTID") or "")
    return seen


def _offsets(clerk: Clerk, lines: Sequence[Row]) -> list[Problem]:
    """The receivables side of every line: as given, else of the label, the customer, the company."""
    given = [line.get("OFFSETGLACCOUNTNO") for line in lines]
    default = clerk.settings.receivables_account
    if not default and not all(given):
        control = clerk.store.find("GLACCOUNT", "ALTERNATIVEACCOUNT", "Receivables account")
        default = control["ACCOUNTNO"] if control else ""
    for line in lines:
        line["OFFSETGLACCOUNTNO"] = line.get("OFFSETGLACCOUNTNO") or default or None
    return references.doubts(clerk.store, "GLACCOUNT", given)
