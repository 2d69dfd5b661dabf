"""Reference documents made from the code itself: settings, commands, exceptions, crossings, failure modes, schemas.

`python -m sf_intacct.cli.reference` writes them anew; a test fails while a committed one is out of date.
"""

import json
from pathlib import Path

from sf_intacct.cli.reference.amendments import amendments_page
from sf_intacct.cli.reference.commands import commands_page
from sf_intacct.cli.reference.crossings import crossings_page
from sf_intacct.cli.reference.exceptions import exceptions_page, messages_page
from sf_intacct.cli.reference.modes import modes_page, read_modes
from sf_intacct.cli.reference.permissions import permissions_page
from sf_intacct.cli.reference.preflight import preflight_page
from sf_intacct.cli.reference.proofs import proofs
from sf_intacct.cli.reference.settings import settings_page
from sf_intacct.flow.mapping_schema import company_schema, mapping_schema
from sf_intacct.store.mapping_files import read_mappings

ROOT = Path(__file__).resolve().parents[3]
MODES = ROOT / "sf_intacct_tests" / "failure_modes.toml"


def documents() -> dict[str, str]:
    """Every generated file, by its path in the repository."""
    marked = proofs(ROOT / "sf_intacct_tests")
    return {
        "docs/settings.md": settings_page(),
        "docs/commands.md": commands_page(),
        "docs/exceptions.md": exceptions_page(),
        "docs/messages.md": messages_page(),
        "docs/amendments.md": amendments_page(),
        "docs/preflight.md": preflight_page(),
        "docs/crossings.md": crossings_page(
            read_mappings(ROOT / "mappings").crossings.values(), [proof for proof in marked if proof.rows]
        ),
        "docs/permissions.md": permissions_page(read_mappings(ROOT / "mappings")),
        "docs/failure-modes.md": modes_page(read_modes(MODES), [proof for proof in marked if proof.answered]),
        "mappings/schema/mapping.schema.json": _json(mapping_schema()),
        "mappings/schema/company.schema.json": _json(company_schema()),
    }


def _json(schema: object) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
