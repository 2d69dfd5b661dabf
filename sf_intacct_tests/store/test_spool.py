"""Pages on their way to the warehouse: on disk while they are needed, and no longer."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from sf_intacct.store.spool import empty_page, spooled
from sf_intacct_tests.store.shop import ORDERS, order, page


def read(files: str) -> pl.DataFrame:
    return pl.read_parquet(files)


def test_pages_are_kept_in_order_and_counted() -> None:
    pages = [page(ORDERS, [order("A"), order("B")]), page(ORDERS, []), page(ORDERS, [order("C")])]
    with spooled(ORDERS.selection, pages) as spool:
        assert spool.rows == 3
        assert read(spool.files)["ID"].to_list() == ["A", "B", "C"]


def test_a_read_of_nothing_has_its_columns() -> None:
    with spooled(ORDERS.selection, []) as spool:
        assert spool.rows == 0
        assert read(spool.files).schema == empty_page(ORDERS.selection).schema == page(ORDERS, []).schema


@pytest.mark.parametrize("how_it_ends", [None, ValueError])
@pytest.mark.answers("S15")
def test_nothing_is_left_on_disk(how_it_ends: type[Exception] | None) -> None:
    folder = Path("nowhere")
    try:
        with spooled(ORDERS.selection, [page(ORDERS, [order("A")])]) as spool:
            folder = Path(spool.files).parent
            assert folder.is_dir()
            assert folder.stat().st_mode & 0o777 == 0o700
            if how_it_ends:
                raise how_it_ends
    except ValueError:
        pass
    assert not folder.exists()


@pytest.mark.answers("A1", "A12")
def test_a_read_that_breaks_off_half_way_is_no_read() -> None:
    """A failed read is not an empty day: nothing of it reaches the warehouse."""

    def breaking() -> Iterator[pl.DataFrame]:
        yield page(ORDERS, [order("A")])
        raise ConnectionError("in the middle")

    with pytest.raises(ConnectionError), spooled(ORDERS.selection, breaking()):
        raise AssertionError("half a read was handed on")
