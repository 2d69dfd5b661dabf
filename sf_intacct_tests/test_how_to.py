"""docs/how-to/: a stranger does what the page says, on a copy of the house, and it works."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "how-to" / "add-a-field.md").read_text(encoding="utf-8")


def _lines(language: str) -> list[str]:
    """The lines of the page's blocks of one language."""
    blocks = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


def _insert_below(file: Path, above: str, line: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(above) == 1, f"{above!r} is not once in {file.name}"
    file.write_text(text.replace(above, f"{above}{line}\n"), encoding="utf-8")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The house, its tests and its mappings, elsewhere."""
    folder = tmp_path / "copy"
    for name in ("sf_intacct", "sf_intacct_tests", "mappings"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def _ran(copy: Path, *words: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(copy)}
    command = [sys.executable, "-W", "error::ResourceWarning", "-m", *words]
    ended = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, timeout=300)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def _journey(copy: Path, tmp_path: Path) -> dict[str, Any]:
    """Two syncs: with the mappings that ship, then with those of the copy."""
    (tmp_path / "town").mkdir()
    words = ("sf_intacct_tests.newcomer", str(tmp_path / "town"), str(ROOT / "mappings"))
    told: dict[str, Any] = json.loads(_ran(copy, *words).splitlines()[-1])
    assert told["house"] == str(copy / "sf_intacct")
    return told


@pytest.mark.long
@pytest.mark.proves(7)
def test_one_line_of_yaml_and_one_of_a_contract_carry_a_custom_field_to_a_user_defined_dimension(
    copy: Path, tmp_path: Path
) -> None:
    (contract_line,), (mapping_line,) = _lines("python"), _lines("yaml")
    own, mapping = copy / "sf_intacct/flow/contracts/own.py", copy / "mappings/order_to_invoice.yaml"
    _insert_below(own, "OWN_FIELDS: tuple[OwnField, ...] = (\n", contract_line)
    _insert_below(mapping, "    SALESFORCE_LINE_ID: order_item_id\n", mapping_line)

    checked = _ran(copy, "sf_intacct", "mappings", "check", "--folder", str(copy / "mappings"))
    told = _journey(copy, tmp_path)

    assert checked == "The mapping files are in order.\n"
    # The first was posted before anybody knew of channels, and is left alone without a word.
    assert told["carried"] == {"SO-1": [None], "SO-2": ["Partner"]}
    assert told["queue"] == {}


@pytest.mark.long
def test_without_the_two_lines_nothing_arrives(copy: Path, tmp_path: Path) -> None:
    assert _journey(copy, tmp_path)["carried"] == {"SO-1": [None], "SO-2": [None]}


def test_the_mapping_line_alone_is_refused_with_the_table_to_look_at(copy: Path) -> None:
    (mapping_line,) = _lines("yaml")
    _insert_below(copy / "mappings/order_to_invoice.yaml", "    SALESFORCE_LINE_ID: order_item_id\n", mapping_line)
    with pytest.raises(AssertionError, match="ARINVOICEITEM has no field GLDIMCHANNEL that we read back"):
        _ran(copy, "sf_intacct", "mappings", "check", "--folder", str(copy / "mappings"))
