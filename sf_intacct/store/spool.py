"""Pages of a read on their way to the warehouse: on disk, so that memory does not grow with the source."""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from sf_intacct.model.system import Selection
from sf_intacct.store import full_disk


class Spool:
    """A folder of pages. rows counts what was written."""

    def __init__(self, selection: Selection, folder: Path) -> None:
        self._selection = selection
        self._folder = folder
        self._pages = 0
        self.rows = 0

    @property
    def files(self) -> str:
        """What to read them by. There is always one, also of a read that brought nothing."""
        if not self._pages:
            self._write(empty_page(self._selection))
        return str(self._folder / "*.parquet")

    def take(self, pages: Iterable[pl.DataFrame]) -> "Spool":
        for page in pages:
            if page.height:
                self._write(page)
        return self

    def _write(self, page: pl.DataFrame) -> None:
        with full_disk.noticed("keeping what was read", str(self._folder)):
            page.write_parquet(self._folder / f"{self._pages:08d}.parquet", compression="lz4")
        self._pages += 1
        self.rows += page.height


def empty_page(selection: Selection) -> pl.DataFrame:
    """A page without rows: what a read of nothing looks like."""
    fields = {field.name: pl.String() for field in selection.fields}
    return pl.DataFrame(schema={**fields, "is_deleted": pl.Boolean()})


@contextmanager
def spooled(selection: Selection, pages: Iterable[pl.DataFrame]) -> Iterator[Spool]:
    """All pages on disk before the warehouse is opened: a network read never holds its lock."""
    with tempfile.TemporaryDirectory(prefix="sf_intacct_") as folder:
        yield Spool(selection, Path(folder)).take(pages)
