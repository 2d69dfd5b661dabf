"""docs/settings.md: every variable that the house reads is there, with its default, and no secret's."""

import re
from pathlib import Path

import pytest

import sf_intacct
from sf_intacct.cli.reference.settings import settings_page
from sf_intacct.orchestration import instance_storage
from sf_intacct.settings import PREFIX, Settings

PAGE = settings_page()
ROWS = {
    cells[0].strip("`"): cells[1:]
    for cells in re.findall(r"^\| (`\S+`) \| (.*) \| (.*) \| (.*) \| (.*) \|$", PAGE, re.M)
}


def test_every_setting_is_there_with_its_meaning() -> None:
    for name, field in Settings.model_fields.items():
        assert ROWS[PREFIX + name.upper()][0] == field.description


def test_every_variable_that_is_named_in_the_source_is_there() -> None:
    source = Path(sf_intacct.__file__).parent
    named = {
        name for file in source.rglob("*.py") for name in re.findall(r"\bSF_INTACCT_[A-Z_]*[A-Z]\b", file.read_text())
    }
    assert named <= ROWS.keys() | {"SF_INTACCT_FIELD"}
    assert instance_storage.VARIABLE in ROWS


@pytest.mark.parametrize(
    ("variable", "values", "default", "secret"),
    [
        ("SF_INTACCT_SALESFORCE_URL", "text", "**must be set**", ""),
        ("SF_INTACCT_INTACCT_USER_PASSWORD", "text", "**must be set**", "secret"),
        ("SF_INTACCT_SALESFORCE_PASSWORD", "text", "", "secret"),
        ("SF_INTACCT_JOURNAL_URL", "text", "", "secret"),
        ("SF_INTACCT_INTACCT_BATCH_SIZE", "1 to 100", "`25`", ""),
        ("SF_INTACCT_QUIET_SECONDS", "0 or more", "`1800`", ""),
        ("SF_INTACCT_INTACCT_AUDIT_HISTORY", "true, false", "`true`", ""),
        ("SF_INTACCT_FIRST_DAY", "yyyy-mm-dd", "`2026-11-01`", ""),
        ("SF_INTACCT_SALESFORCE_FLOW", "`jwt`, `client_credentials`, `password`", "`client_credentials`", ""),
        ("SF_INTACCT_SALESFORCE_PRIVATE_KEY_FILE", "path", "", ""),
        ("SF_INTACCT_DAGSTER_PG", "text", "SQLite in var/dagster", "secret"),
    ],
)
def test_a_variable_says_what_it_may_be(variable: str, values: str, default: str, secret: str) -> None:
    assert ROWS[variable][1:] == (values, default, secret)
