"""The mapping files on disk: read once, all together, and named in every complaint."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from sf_intacct.errors import MappingError
from sf_intacct.model.described import Described, DescribedField, DescribedObject, DescribedSystem
from sf_intacct.store.described_file import write_described
from sf_intacct.store.mapping_files import read_mappings, read_texts

CROSSING = """
crossing: product_to_item
says: A product becomes an item.
from: salesforce_products
to: intacct.ITEM
identity: ITEMID
mark: SALESFORCE_ID
fields:
  ITEMID: product_code
  NAME: name
  SALESFORCE_ID: product_id
"""


def written(folder: Path, **files: str | bytes) -> Path:
    """A folder of files; a double underscore in a name is a folder."""
    for name, content in files.items():
        stem, _, ending = name.rpartition("_")
        file = folder / f"{stem.replace('__', '/')}.{ending}"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def test_every_mapping_and_crosswalk_is_read_by_its_name_in_the_folder(tmp_path: Path) -> None:
    folder = written(tmp_path, company_yaml="a", crosswalks__terms_csv="b", orders_yaml="c")
    assert read_texts(folder) == {"company.yaml": "a", "crosswalks/terms.csv": "b", "orders.yaml": "c"}


def test_nothing_else_in_the_folder_is_a_mapping(tmp_path: Path) -> None:
    folder = written(tmp_path, README_md="a", notes_csv="b", schema__mapping_yaml="c", notes__orders_yml="d")
    assert read_texts(folder) == {}


@pytest.mark.parametrize("name", ["orders.yml", "orders.YAML", "overrides/live.yml", "crosswalks/terms.CSV"])
def test_a_file_that_only_seems_to_be_read_is_refused_by_its_name(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(CROSSING)
    with pytest.raises(
        MappingError, match=r"a name that is not read; what to do: name mapping files \.yaml"
    ) as refused:
        read_texts(tmp_path)
    assert refused.value.record == name


def test_an_override_is_read_and_counts_when_it_is_chosen(tmp_path: Path) -> None:
    override = "crossings: {product_to_item: {says: A live product becomes an item.}}\n"
    folder = written(tmp_path, product_yaml=CROSSING, overrides__live_yaml=override)
    assert read_mappings(folder).crossings["product_to_item"].says == "A product becomes an item."
    assert read_mappings(folder, ["live"]).crossings["product_to_item"].says == "A live product becomes an item."


@pytest.mark.answers("H6")
def test_a_byte_order_mark_from_a_spreadsheet_is_no_part_of_the_text(tmp_path: Path) -> None:
    folder = written(tmp_path, crosswalks__terms_csv=b"\xef\xbb\xbfsalesforce,intacct\n")
    assert read_texts(folder) == {"crosswalks/terms.csv": "salesforce,intacct\n"}


def test_text_that_is_not_utf_8_names_its_file(tmp_path: Path) -> None:
    folder = written(tmp_path, crosswalks__terms_csv="fällig".encode("latin-1"))
    with pytest.raises(MappingError, match=r"crosswalks/terms\.csv"):
        read_texts(folder)


def test_a_file_that_cannot_be_read_names_itself(tmp_path: Path) -> None:
    (tmp_path / "orders.yaml").mkdir()
    with pytest.raises(MappingError, match=r"orders\.yaml"):
        read_texts(tmp_path)


def test_a_folder_that_is_not_there_says_which_setting_to_look_at(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="SF_INTACCT_MAPPINGS"):
        read_texts(tmp_path / "nowhere")


def test_mappings_are_loaded_when_nothing_is_wrong_with_them(tmp_path: Path) -> None:
    mappings = read_mappings(written(tmp_path, product_yaml=CROSSING))
    assert list(mappings.crossings) == ["product_to_item"]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (CROSSING.replace("says", "sais"), "product.yaml, line 3"),  # not the form
        (CROSSING.replace("NAME: name", "NAME: nmae"), "product.yaml"),  # nor what it says
    ],
)
def test_one_wrong_file_stops_them_all_and_says_where(tmp_path: Path, wrong: str, told: str) -> None:
    folder = written(tmp_path, product_yaml=wrong, other_yaml=CROSSING.replace("product_to_item", "other"))
    with pytest.raises(MappingError, match=told):
        read_mappings(folder)


@pytest.mark.answers("H1")
def test_what_was_read_does_not_change_with_the_file(tmp_path: Path) -> None:
    folder = written(tmp_path, product_yaml=CROSSING)
    before = read_mappings(folder)
    written(folder, product_yaml=CROSSING.replace("A product", "Any product"))
    assert before.crossings["product_to_item"].says == "A product becomes an item."
    assert read_mappings(folder).revision != before.revision


def test_what_the_systems_said_is_another_revision_when_a_limit_moves_and_only_then(tmp_path: Path) -> None:
    """The plan is made anew when a field takes more or less than before, and not at every check."""
    folder, home = written(tmp_path, product_yaml=CROSSING), tmp_path / "home"
    bare = read_mappings(folder, home=home)
    assert bare.revision == read_mappings(folder).revision

    def revision(length: int, day: int) -> str:
        field = DescribedField("NAME", "TEXT", length=length)
        item = DescribedObject("ITEM", {"NAME": field})
        read_at = datetime(2026, 11, day, tzinfo=UTC)
        write_described(home, Described({"intacct": DescribedSystem(read_at, {"ITEM": item, "NOTHING": None})}))
        return read_mappings(folder, home=home).revision

    assert revision(100, 1) == revision(100, 2)
    assert len({bare.revision, revision(100, 1), revision(99, 1)}) == 3
