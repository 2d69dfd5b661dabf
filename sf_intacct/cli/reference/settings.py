"""docs/settings.md: every environment variable, from the settings themselves."""

from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from sf_intacct.cli.reference.markdown import code, page, table
from sf_intacct.settings import PREFIX, Layout, Settings

_INTRODUCTION = """
Settings come from the environment, and from nowhere else. A variable that is missing or cannot be right ends every
command with exit code 3 and its name. A value is never repeated in a message: it may be a secret in the wrong place.

Set at least the variables whose default says **must be set**, and those of one way to sign in to Salesforce:

* `client_credentials` (the default): `SF_INTACCT_SALESFORCE_CLIENT_ID` and `SF_INTACCT_SALESFORCE_CLIENT_SECRET`;
* `jwt`: `SF_INTACCT_SALESFORCE_CLIENT_ID`, `SF_INTACCT_SALESFORCE_USERNAME` and
  `SF_INTACCT_SALESFORCE_PRIVATE_KEY_FILE`;
* `password`: `SF_INTACCT_SALESFORCE_USERNAME`, `SF_INTACCT_SALESFORCE_PASSWORD` and
  `SF_INTACCT_SALESFORCE_SECURITY_TOKEN`.

A **secret** is never printed, logged, or shown in the user interface. Give it to the process by your service manager
or secret store; do not put it into a file of this repository.
"""
_BESIDE = """
These are read by Dagster, not by the house. `DAGSTER_HOME` is Dagster's own.
"""
BESIDE = (
    ("SF_INTACCT_DAGSTER_PG", "PostgreSQL URL of Dagster's own storage", "SQLite in var/dagster", "secret"),
    ("DAGSTER_HOME", "Folder of the dagster.yaml to use", "the folder you are in", ""),
)
_COLUMNS = ("Variable", "Meaning", "Values", "Default", "Secret")


def settings_page() -> str:
    groups: dict[str, list[tuple[str, ...]]] = {}
    for name, field in Settings.model_fields.items():
        groups.setdefault(_group(name), []).append(_row(name, field))
    order = ("The house", "Salesforce", "Sage Intacct", "Patience and sizes", "What Dagster shows")
    assert set(order) == set(groups), groups.keys()
    parts = [f"## {group}\n\n{table(_COLUMNS, groups[group])}" for group in order]
    beside = [(code(name), says, "text", default, secret) for name, says, default, secret in BESIDE]
    return page("Settings", _INTRODUCTION, *parts, f"## Beside the house\n{_BESIDE}\n{table(_COLUMNS, beside)}")


def _group(name: str) -> str:
    if name in Layout.model_fields and name != "mappings":
        return "What Dagster shows"
    if name.endswith(("_seconds", "_size", "_max")):
        return "Patience and sizes"
    system = name.split("_")[0]
    return {"salesforce": "Salesforce", "intacct": "Sage Intacct"}.get(system, "The house")


def _row(name: str, field: FieldInfo) -> tuple[str, ...]:
    secret = "secret" if SecretStr in _kinds(field.annotation) else ""
    return code(PREFIX + name.upper()), field.description or "", _values(field), _default(field), secret


def _kinds(annotation: Any) -> Iterator[Any]:
    """The types that an annotation allows."""
    members = [] if get_origin(annotation) is Literal else get_args(annotation)
    if not members:
        yield annotation
    for member in members:
        yield from _kinds(member)


_WORDS = {"str": "text", "SecretStr": "text", "Path": "path", "date": "yyyy-mm-dd", "bool": "true, false"}


def _values(field: FieldInfo) -> str:
    kind = next(iter(_kinds(field.annotation)))
    if get_origin(kind) is Literal:
        return ", ".join(code(choice) for choice in get_args(kind))
    if kind is int:
        limits = {type(one).__name__: one for one in field.metadata}
        low, high = limits["Ge"].ge, limits.get("Le")
        return f"{low} to {high.le}" if high else f"{low} or more"
    return _WORDS[kind.__name__]


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**must be set**"
    default = field.default
    if isinstance(default, SecretStr) or default in (None, ""):
        return ""
    return code(str(default).lower() if isinstance(default, bool) else str(default))
