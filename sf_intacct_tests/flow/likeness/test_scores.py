"""Likeness: what people write differently does not count, what tells two companies apart does."""

import polars as pl
import pytest

from sf_intacct.flow.likeness.scores import RECORD, compared, scored
from sf_intacct_tests.shared_data import shared

Row = dict[str, str]


def _records(*rows: Row) -> pl.DataFrame:
    return pl.DataFrame([{"id": str(n), **row} for n, row in enumerate(rows)], schema=RECORD)


def _score(ours: Row, theirs: Row) -> int:
    pair = pl.DataFrame({"source_id": ["0"], "target_id": ["0"]})
    return int(compared(_records(ours), _records(theirs), pair)["score"][0])


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Siemens AG", "SIEMENS Aktiengesellschaft"),
        ("Ångström & Søn", "Angstrom and Son AB"),
        ("KNN s.r.o.", "KNN S R O"),
        ("Smith, Jones & Co. Ltd", "Jones Smith Limited"),
        ("SiemensAG Medical", "Siemens AG Medical"),
        ("The Acme Corporation", "ACME CORP."),
        ("Łódź Trading", "Lodz Trading"),
    ],
)
def test_the_same_name_written_differently_is_very_much_alike(ours: str, theirs: str) -> None:
    assert _score({"name": ours}, {"name": theirs}) >= 80


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Volkswagen AG", "Siemens AG"),
        ("Global Fund 2", "Global Fund 3"),
        ("First National Bank of Ohio", "First National Bank of Iowa"),
        ("Acme GmbH", "Acmo Inc"),
    ],
)
def test_other_names_are_not(ours: str, theirs: str) -> None:
    assert _score({"name": ours}, {"name": theirs}) < 50


@pytest.mark.parametrize(
    ("more", "less"),
    [
        ({"tax_id": "DE 123"}, {"tax_id": "DE-123"}),
        ({"email": "ap@acme.io"}, {"email": "Info@ACME.io"}),
        ({"phone": "+46 (18) 555 01 01"}, {"phone": "018-5550101"}),
        ({"website": "https://www.acme.io/en"}, {"website": "acme.io"}),
        ({"street": "12 North Main Street"}, {"street": "12 N. Main St"}),
        ({"city": "Malmö", "postal_code": "211 10"}, {"city": "MALMO", "postal_code": "21110"}),
    ],
)
def test_what_else_is_the_same_speaks_for_it_and_what_is_not_against_it(more: Row, less: Row) -> None:
    name = {"name": "Acme Trading"}, {"name": "Acme Trade"}
    alone = _score(*name)
    other = {key: f"other{value[::-1]}.org" for key, value in less.items()}
    assert _score(name[0] | more, name[1] | less) > alone
    assert _score(name[0] | more, name[1] | other) < alone


def test_an_address_at_a_free_mail_service_says_nothing() -> None:
    name = {"name": "Acme Trading"}, {"name": "Bolt Systems"}
    assert _score(name[0] | {"email": "a@gmail.com"}, name[1] | {"email": "b@gmail.com"}) == _score(*name)


def test_another_tax_id_outweighs_the_same_name() -> None:
    assert _score({"name": "Acme", "tax_id": "DE111222"}, {"name": "Acme", "tax_id": "DE333444"}) < 50


def test_the_reasons_say_what_is_the_same_and_what_is_not() -> None:
    ours = {"name": "Acme", "city": "Paris", "country": "France", "tax_id": "FR1234"}
    theirs = {"name": "ACME", "city": "PARIS", "country": "fr", "tax_id": "FR9999"}
    (row,) = scored(_records(ours), _records(theirs)).iter_rows(named=True)
    assert row["evidence"] == "same name, same city, other tax id"


def test_nothing_compared_with_nothing_is_nothing() -> None:
    assert scored(_records(), _records()).height == 0
    assert scored(_records({"name": "Acme"}), _records()).height == 0
    assert scored(_records({"name": ""}), _records({"name": ""})).height == 0


def test_doubles_of_one_table_come_once_and_nobody_is_their_own_double() -> None:
    found = scored(*(_records({"name": "Acme"}, {"name": "Bolt"}, {"name": "ACME Inc"}),) * 2, is_same_table=True)
    assert found.select("source_id", "target_id").rows() == [("0", "2")]


def test_the_most_alike_comes_first() -> None:
    found = scored(_records({"name": "Acme Trading"}), _records({"name": "Acme Trade"}, {"name": "ACME trading"}))
    assert found["target_id"].to_list() == ["1", "0"]


def test_real_doubles_are_found_and_strangers_left_alone() -> None:
    """Sites of ten lists: at the likeness from which we suggest, nine of ten pairs are right, and most are found."""
    sites = pl.read_csv(shared("data/names-and-addresses/site_duplicates.csv.gz"), infer_schema=False)
    first = sites.unique("true_id", keep="first", maintain_order=True)
    rest = sites.join(first.select("id"), on="id", how="anti")
    columns = {"id": "id", "name": "name", "street": "address", "postal_code": "zip", "phone": "phone"}
    found = scored(_columns(rest, columns), _columns(first, columns), at_least=50)
    best = found.group_by("source_id", maintain_order=True).head(1)
    truth = rest.join(first, on="true_id").select(source_id="id", target_id="id_right")
    right = best.join(truth, on=["source_id", "target_id"]).height
    assert right / best.height >= 0.9
    assert right / truth.height >= 0.75


def _columns(frame: pl.DataFrame, columns: dict[str, str]) -> pl.DataFrame:
    named = frame.select(pl.col(theirs).alias(ours) for ours, theirs in columns.items())
    missing = [pl.lit(None, pl.String).alias(name) for name in RECORD if name not in columns]
    return named.with_columns(missing).select(*RECORD)
