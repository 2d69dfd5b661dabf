"""What a look at an object answered: how many records are new, the newest stamp, and what was deleted."""

from collections.abc import Sequence

import polars as pl

from sf_intacct.intacct.formatting import Formatting
from sf_intacct.intacct.xml import Element
from sf_intacct.model.system import Kind, Peek, Selection, SourceField


def peeked(formatting: Formatting, selection: Selection, data: Element | None, deleted: Sequence[str] = ()) -> Peek:
    """Aggregates come back as COUNT.RECORDNO in most samples and as the bare field in one: both are read."""
    cells = (
        {node.tag.rpartition(".")[2]: node.text for node in data.iter() if not len(node)} if data is not None else {}
    )
    stamp = SourceField(selection.stamp, Kind.INSTANT)
    page = pl.DataFrame({selection.stamp: [cells.get(selection.stamp)]}, schema={selection.stamp: pl.String()})
    newest = formatting.normalised(page, (stamp,))[selection.stamp][0]
    return Peek(int(cells.get(selection.record_id) or 0), newest, tuple(deleted))
