"""Answers without an envelope: the JSON and CSV forms of a list of records."""

import csv
import io
import json
from collections.abc import Callable, Sequence
from typing import Any

from sf_intacct.sandbox.intacct import problems
from sf_intacct.sandbox.intacct.problems import Rejection
from sf_intacct.sandbox.intacct.reading.reader import Rows

JSON_TYPE, CSV_TYPE = "application/json", "text/csv"


def document(form: str, rows: Rows, writers: Sequence[Callable[[Any], str]]) -> tuple[str, bytes]:
    """Content type and body; every value is a text, neither form has totals. Raises Rejection."""
    texts = [
        {tag: "" if value is None else write(value) for tag, write, value in zip(rows.tags, writers, line, strict=True)}
        for line in rows.values
    ]
    if form == "json":
        return JSON_TYPE, json.dumps(texts).encode()
    if form != "csv":
        raise Rejection([problems.processing_error()])
    page = io.StringIO()
    table = csv.DictWriter(page, list(dict.fromkeys(rows.tags)), lineterminator="\n")
    table.writeheader()
    table.writerows(texts)
    return CSV_TYPE, page.getvalue().encode()
