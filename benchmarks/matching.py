"""How well suggestions find real duplicates, against plain ways of doing it, in one run.

    python -m benchmarks.matching --data FOLDER/names-and-addresses [--records 20000]

Each set has a known truth: which records are the same party. One record of each party plays the customer in
Intacct, the others the accounts in Salesforce; a way of matching names one customer for an account, or none.
Precision: how many of the named are right. Recall: how many of the accounts get the right one. The ways are
an exact comparison of names in lower case; Jaro-Winkler over blocks with the library recordlinkage, where it
is installed; and ours at several scores. The last line of output is one JSON object.
"""

import json
import random
import resource
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import polars as pl
from rich.console import Console
from rich.table import Table

from sf_intacct.flow.likeness.scores import RECORD, scored
from sf_intacct.flow.suggest import AT_LEAST

SAY = Console(highlight=False, width=110)
SCORES = (AT_LEAST, 50, 70, 90)
# From there on recordlinkage's own documents call two names alike.
_JARO_WINKLER = 0.85
Way = Callable[[pl.DataFrame, pl.DataFrame], pl.DataFrame | None]


@dataclass(frozen=True)
class Case:
    """Accounts, customers (both after scores.RECORD), and who is who (source_id, target_id)."""

    name: str
    accounts: pl.DataFrame
    customers: pl.DataFrame
    truth: pl.DataFrame


@click.command()
@click.option("--data", required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--records", default=20_000, show_default=True, help="Records on each side for the figures of time.")
def main(data: Path, records: int) -> None:
    """Run the comparison."""
    facts: dict[str, Any] = {"sets": {}}
    for case in _cases(data):
        facts["sets"][case.name] = _compared(case)
    facts["pairs"] = _pairs(data)
    facts["large"] = _large(data, records)
    print(json.dumps(facts))


def _compared(case: Case) -> dict[str, Any]:
    found = {"exact name": _judged(case, _exact(case.accounts, case.customers))}
    linked, theirs = _timed(_recordlinkage, case)
    if linked is not None:
        found["recordlinkage"] = _judged(case, linked)
    ours, seconds = _timed(scored, case)
    assert ours is not None
    for score in SCORES:
        best = ours.filter(pl.col("score") >= score).group_by("source_id", maintain_order=True).head(1)
        found[f"ours from {score}"] = _judged(case, best)
    title = f"{case.name}: {case.accounts.height:,} accounts, {case.customers.height:,} customers"
    table = Table("way", "named", "precision", "recall", "F1", title=title, title_justify="left", box=None)
    for way, numbers in found.items():
        shares = [f"{numbers[name]:.3f}" for name in ("precision", "recall", "f1")]
        table.add_row(way, f"{numbers['named']:,}", *shares)
    SAY.print(table)
    if linked is not None:
        SAY.print(f"recordlinkage takes {theirs / seconds:.1f} times as long as ours")
    SAY.print()
    return found


def _timed(way: Way, case: Case) -> tuple[pl.DataFrame | None, float]:
    started = time.perf_counter()
    found = way(case.accounts, case.customers)
    return found, time.perf_counter() - started


def _judged(case: Case, found: pl.DataFrame) -> dict[str, Any]:
    right = found.select("source_id", "target_id").unique().join(case.truth, on=["source_id", "target_id"]).height
    precision, recall = right / max(found.height, 1), right / max(case.truth.height, 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return {"named": found.height, "precision": round(precision, 3), "recall": round(recall, 3), "f1": round(f1, 3)}


def _exact(accounts: pl.DataFrame, customers: pl.DataFrame) -> pl.DataFrame:
    name = pl.col("name").str.to_lowercase().str.strip_chars().alias("same")
    ours, theirs = accounts.select("id", name), customers.select("id", name).unique("same", keep="first")
    found = ours.drop_nulls().join(theirs, on="same", suffix="_there")
    return found.select(source_id="id", target_id="id_there")


def _recordlinkage(accounts: pl.DataFrame, customers: pl.DataFrame) -> pl.DataFrame | None:
    """Blocks by the first four letters and by the house's street, Jaro-Winkler on name and street."""
    try:
        import pandas as pd
        import recordlinkage
    except ImportError:
        return None
    sides = []
    for frame in (accounts, customers):
        rows = {
            name: frame[name].fill_null("").str.to_lowercase().str.strip_chars().to_list()
            for name in ("name", "street")
        }
        side = pd.DataFrame(rows, index=pd.Index(frame["id"].to_list(), name="id"))
        side["head"] = side["name"].str.replace(r"\W", "", regex=True).str[:4]
        sides.append(side)
    index = recordlinkage.Index()
    index.block("head")
    if accounts["street"].null_count() < accounts.height:
        index.block("street")
    compare = recordlinkage.Compare()
    compare.string("name", "name", method="jarowinkler", label="name")
    features = compare.compute(index.index(*sides), *sides)
    alike = features[features["name"] >= _JARO_WINKLER].sort_values("name", ascending=False, kind="stable")
    rows = [(source, target) for source, target in alike.index]
    found = pl.DataFrame(rows, schema={"source_id": pl.String, "target_id": pl.String}, orient="row")
    return found.unique("source_id", keep="first", maintain_order=True)


def _cases(data: Path) -> Iterator[Case]:
    sites = _read(data, "site_duplicates")
    columns = {"name": "name", "street": "address", "postal_code": "zip", "phone": "phone"}
    yield _split("sites: name, street, telephone", sites, "id", "true_id", columns)
    yield _split("sites: name only", sites, "id", "true_id", {"name": "name"})
    yield _split(
        "patent applicants: raw spellings",
        _read(data, "patent_applicants"),
        "person_id",
        "true_id",
        {"name": "raw_name"},
    )
    for name, key, called, other in (
        ("lei", "lei", "legal_name", "name"),
        ("org_list", "ent_num", "name", "alt_name"),
    ):
        names = _read(data, "lei_entities" if name == "lei" else "org_list_names")
        others = _read(data, f"{name}_other_names").with_row_index("place")
        others = others.with_columns(pl.format("{}-{}", key, "place").alias("other_id"))
        truth = others.select(pl.col("other_id").alias("source_id"), pl.col(key).alias("target_id"))
        says = "legal register: other names" if name == "lei" else "government list: also known as"
        yield Case(says, _records(others, "other_id", {"name": other}), _records(names, key, {"name": called}), truth)


def _split(name: str, rows: pl.DataFrame, id_: str, party: str, columns: dict[str, str]) -> Case:
    """The first record of each party is the customer; the others are accounts."""
    first = rows.unique(party, keep="first", maintain_order=True)
    rest = rows.join(first.select(id_), on=id_, how="anti", maintain_order="left")
    there = first.select(party, pl.col(id_).alias("target_id"))
    truth = rest.select(pl.col(id_).alias("source_id"), party).join(there, on=party).drop(party)
    return Case(name, _records(rest, id_, columns), _records(first, id_, columns), truth)


def _read(data: Path, name: str) -> pl.DataFrame:
    return pl.read_csv(data / f"{name}.csv.gz", infer_schema=False)


def _records(frame: pl.DataFrame, id_: str, columns: dict[str, str]) -> pl.DataFrame:
    given = {"id": id_, **columns}
    values = [
        pl.col(given[name]).alias(name) if name in given else pl.lit(None, pl.String).alias(name) for name in RECORD
    ]
    return frame.select(values)


def _pairs(data: Path) -> dict[str, Any]:
    """Pairs of names with a verdict: at which score we would suggest them."""
    from sf_intacct.flow.likeness.scores import compared

    pairs = (
        _read(data, "labelled_name_pairs")
        .with_row_index("place")
        .with_columns(pl.col("place").cast(pl.String).alias("id"))
    )
    ours, theirs = _records(pairs, "id", {"name": "name1"}), _records(pairs, "id", {"name": "name2"})
    told = compared(ours, theirs, pairs.select(source_id="id", target_id="id"))
    both = told.join(pairs, left_on="source_id", right_on="id").with_columns(is_match=pl.col("is_match") == "true")
    said = both.filter(pl.col("score") >= AT_LEAST)
    right = said.filter("is_match").height
    facts = {
        "pairs": both.height,
        "same": both.filter("is_match").height,
        "precision": round(right / max(said.height, 1), 3),
        "recall": round(right / max(both.filter("is_match").height, 1), 3),
    }
    SAY.print(f"labelled pairs at {AT_LEAST}: {facts}\n")
    return facts


def _large(data: Path, records: int) -> dict[str, Any]:
    """Many records on both sides: every customer is a real name, every account the same with two letters swapped."""
    names = [
        name
        for file, column in (
            ("sec_registrants", "name"),
            ("org_list_names", "name"),
            ("org_list_other_names", "alt_name"),
        )
        for name in _read(data, file)[column].drop_nulls().to_list()
    ]
    chance = random.Random(7)
    words = ("West", "East", "Trading", "Systems", "Partners", "Holding", "Nord", "Pacific")
    while len(names) < records:
        names.append(f"{chance.choice(names)} {chance.choice(words)}")
    customers = _people(names[:records], chance, is_swapped=False)
    accounts = _people(names[:records], chance, is_swapped=True)
    started = time.perf_counter()
    found = scored(accounts, customers, at_least=AT_LEAST)
    seconds = time.perf_counter() - started
    started = time.perf_counter()
    _exact(accounts, customers)
    plain = time.perf_counter() - started
    best = found.group_by("source_id", maintain_order=True).head(1)
    facts = {
        "records": records,
        "right_first": round(best.filter(pl.col("source_id") == pl.col("target_id")).height / records, 3),
        "seconds": round(seconds, 1),
        "times_the_exact_join": round(seconds / plain),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }
    SAY.print(f"{records:,} accounts against {records:,} customers: {facts}\n")
    return facts


def _people(names: list[str], chance: random.Random, *, is_swapped: bool) -> pl.DataFrame:
    rows = {
        "id": [str(place) for place in range(len(names))],
        "name": [_swapped(name, chance) if is_swapped else name for name in names],
        "street": [f"{place % 97 + 1} Main Street" for place in range(len(names))],
        "postal_code": [str(10_000 + place % 3_000) for place in range(len(names))],
    }
    frame = pl.DataFrame(rows)
    return _records(frame, "id", {name: name for name in ("name", "street", "postal_code")})


def _swapped(name: str, chance: random.Random) -> str:
    place = chance.randrange(max(len(name) - 1, 1))
    return name[:place] + name[place : place + 2][::-1] + name[place + 2 :]


if __name__ == "__main__":
    main()
