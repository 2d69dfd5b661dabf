"""docs/settings.md: every environment variable, from the settings themselves."""

from typing import Any

from sf_intacct.cli.reference.markdown import code, page, table
from sf_intacct.settings import PREFIX, Layout, Settings

_INTRODUCTION = """
Settings come from the environment, and from nowhere else. A variable that is missing, misspelt or cannot be right ends
every command with exit code 3 and its name. A value is never repeated in a message: it may be a secret in the wrong
place.

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
    schema = Settings.model_json_schema()
    groups: dict[str, list[tuple[str, ...]]] = {}
    for name, told in schema["properties"].items():
        is_needed = name in schema["required"]
        groups.setdefault(_group(name), []).append(_row(name, {**told, **_kind(told)}, is_needed))
    order = ("The house", "Salesforce", "Sage Intacct", "Alerts", "Patience and sizes", "What Dagster shows")
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
    return {"salesforce": "Salesforce", "intacct": "Sage Intacct", "alert": "Alerts"}.get(system, "The house")


def _kind(told: dict[str, Any]) -> dict[str, Any]:
    """What a value may be, if there is one."""
    choices: list[dict[str, Any]] = told.get("anyOf", [told])
    return next(choice for choice in choices if choice.get("type") != "null")


def _row(name: str, told: dict[str, Any], is_needed: bool) -> tuple[str, ...]:
    is_secret = told.get("format") == "password"
    default = "**must be set**" if is_needed else _default(told.get("default"), is_secret)
    return code(PREFIX + name.upper()), told["description"], _values(told), default, "secret" * is_secret


def _values(told: dict[str, Any]) -> str:
    if "enum" in told:
        return ", ".join(code(choice) for choice in told["enum"])
    if told["type"] == "integer":
        return f"{told['minimum']} to {told['maximum']}" if "maximum" in told else f"{told['minimum']} or more"
    return {"path": "path", "date": "yyyy-mm-dd", "boolean": "true, false"}.get(
        told.get("format", told["type"]), "text"
    )


def _default(value: Any, is_secret: bool) -> str:
    if is_secret or value in (None, ""):
        return ""
    return code(str(value).lower() if isinstance(value, bool) else str(value))
