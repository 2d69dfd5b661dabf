"""How alike two records are, from 0 to 100, with the reasons in words.

Each thing that two records could have in common speaks for or against them by so many bits (the odds
double or halve); together they are the score. The bits were set by hand and are measured in docs/matching.md.
"""

from collections.abc import Iterator
from typing import Any

import polars as pl
from rapidfuzz import fuzz, process

from sf_intacct.flow.likeness import words
from sf_intacct.flow.likeness.candidates import candidates

# What is compared, as text. A column that one side does not have is empty there.
COMPARED = ("name", "street", "city", "postal_code", "country", "tax_id", "email", "phone", "website")
RECORD = pl.Schema(dict.fromkeys(("id", *COMPARED), pl.String))
SCORED = pl.Schema({"source_id": pl.String, "target_id": pl.String, "score": pl.Int64, "evidence": pl.String})
# Before anything is known, two records that share something rare are rather not the same.
_PRIOR = -3.0


def scored(
    sources: pl.DataFrame, targets: pl.DataFrame, *, at_least: int = 1, is_same_table: bool = False
) -> pl.DataFrame:
    """Pairs of records after RECORD that are alike, after SCORED; the most alike first for each source.

    is_same_table: both are the same records, in search of doubles; each pair comes once.
    """
    ours = _prepared(sources)
    theirs = ours if is_same_table else _prepared(targets)
    pairs = candidates(ours, theirs, is_same_table=is_same_table)
    told = _side_by_side(ours[pairs["row_s"]], theirs[pairs["row_t"]]).filter(pl.col("score") >= at_least)
    return told.sort(["source_id", "score", "target_id"], descending=[False, True, False])


def compared(sources: pl.DataFrame, targets: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """The likeness of given pairs (source_id, target_id) of records after RECORD, after SCORED, in the same order."""
    ours = pairs.select(pl.col("source_id").alias("id")).join(sources, on="id", maintain_order="left")
    theirs = pairs.select(pl.col("target_id").alias("id")).join(targets, on="id", maintain_order="left")
    return _side_by_side(_prepared(ours), _prepared(theirs))


def _side_by_side(ours: pl.DataFrame, theirs: pl.DataFrame) -> pl.DataFrame:
    """Score and reasons of pairs that stand side by side in two prepared frames."""
    if ours.is_empty():
        return pl.DataFrame(schema=SCORED)
    sides = [ours.select(pl.all().name.prefix("s_")), theirs.select(pl.all().name.prefix("t_"))]
    both = pl.concat(sides, how="horizontal")
    told = both.with_columns(_likeness(both)).with_columns(_bits().alias("bits"))
    score = (100 / (1 + (pl.lit(2.0).pow(-pl.col("bits"))))).round().cast(pl.Int64)
    return told.select(
        pl.col("s_id").alias("source_id"),
        pl.col("t_id").alias("target_id"),
        score.alias("score"),
        _evidence().alias("evidence"),
    )


def _prepared(records: pl.DataFrame) -> pl.DataFrame:
    """Records with everything made comparable."""
    every = words.words(words.folded(pl.col("name")))
    listed = records.with_columns(every.alias("every"))
    return listed.select(
        "id",
        "name",
        words.telling(pl.col("every")).alias("words"),
        pl.col("every").list.join("").alias("whole"),
        words.legal_form(pl.col("every")).alias("form"),
        words.numbers(pl.col("every")).alias("numbers"),
        words.street(pl.col("street")).alias("street"),
        words.numbers(words.words(words.folded(pl.col("street")))).list.first().alias("house"),
        words.folded(pl.col("city")).alias("city"),
        words.code(pl.col("postal_code")).alias("postal_code"),
        words.country(pl.col("country")).alias("country"),
        words.code(pl.col("tax_id")).alias("tax_id"),
        words.domain(pl.col("email")).alias("email"),
        words.phone(pl.col("phone")).alias("phone"),
        words.domain(pl.col("website")).alias("website"),
    ).with_columns(
        pl.col("words").list.sort().list.join(" ").alias("sorted"),
        pl.col("words").list.join("").alias("squeezed"),
    )


def _likeness(both: pl.DataFrame) -> list[pl.Series]:
    """How alike names, streets and cities are, each from 0 to 100; null where one side has none."""
    ratios = [_ratio(both, "sorted", fuzz.ratio), _ratio(both, "squeezed", fuzz.ratio)]
    is_whole = (both["s_whole"] == both["t_whole"]) & (both["s_whole"] != "")
    name = pl.select(pl.when(is_whole).then(100.0).otherwise(pl.max_horizontal(*ratios))).to_series()
    return [
        name.alias("name_like"),
        _ratio(both, "sorted", fuzz.token_set_ratio).alias("part_like"),
        _ratio(both, "street", fuzz.token_sort_ratio).alias("street_like"),
        _ratio(both, "city", fuzz.ratio).alias("city_like"),
    ]


def _ratio(both: pl.DataFrame, column: str, scorer: Any) -> pl.Series:
    ours, theirs = both[f"s_{column}"], both[f"t_{column}"]
    values = process.cpdist(ours.fill_null("").to_list(), theirs.fill_null("").to_list(), scorer=scorer)
    there = ours.is_not_null() & theirs.is_not_null() & (ours != "") & (theirs != "")
    return pl.select(pl.when(there).then(pl.Series(values, dtype=pl.Float64))).to_series()


def _steps(value: pl.Expr, *steps: tuple[int, float], otherwise: float) -> pl.Expr:
    """The bits of the first step that a likeness reaches; 0 where nothing can be compared."""
    chain: Any = pl.when(value.is_null()).then(0.0)
    for least, bits in steps:
        chain = chain.when(value >= least).then(bits)
    found: pl.Expr = chain.otherwise(otherwise)
    return found


def _equal(column: str, same: float, other: float) -> pl.Expr:
    is_same = pl.col(f"s_{column}") == pl.col(f"t_{column}")
    return pl.when(is_same.is_null()).then(0.0).when(is_same).then(same).otherwise(other)


def _bits() -> pl.Expr:
    """All bits together."""
    steps = ((100, 6.0), (96, 4.5), (92, 3.0), (88, 2.0), (82, 1.0), (74, 0.0), (60, -2.0))
    name = _steps(pl.col("name_like"), *steps, otherwise=-4.0)
    # One name within the other, of at least two words or many letters: `Acme Trading` in `Acme Trading West`.
    within = (pl.col("part_like") >= 97) & (pl.min_horizontal("s_sorted", "t_sorted").str.len_chars() >= 8)
    name = pl.when(within).then(pl.max_horizontal(name, pl.lit(2.0))).otherwise(name)
    both_have_numbers = pl.col("s_numbers") != pl.col("t_numbers")
    parts = [
        name,
        pl.when(both_have_numbers).then(-4.0).otherwise(0.0),
        _equal("form", 0.5, -1.5),
        _steps(pl.col("street_like"), (95, 3.5), (85, 2.0), (70, 0.5), otherwise=-1.5),
        _steps(pl.col("city_like"), (90, 1.0), (75, 0.0), otherwise=-1.0),
        _equal("postal_code", 1.5, -1.0),
        _equal("country", 0.5, -4.0),
        _equal("tax_id", 8.0, -6.0),
        _equal("email", 4.0, -0.5),
        _equal("phone", 4.0, -0.5),
        _equal("website", 4.0, -0.5),
    ]
    return pl.sum_horizontal(pl.lit(_PRIOR), *parts)


def _evidence() -> pl.Expr:
    """The reasons in words, those for it first."""
    return pl.concat_str(list(_words()), separator=", ", ignore_nulls=True)


def _words() -> Iterator[pl.Expr]:
    yield (
        pl.when(pl.col("name_like") >= 100)
        .then(pl.lit("same name"))
        .otherwise(pl.format("name {}%", pl.col("name_like").round().cast(pl.Int64)))
    )
    says = {
        "tax_id": "tax id",
        "email": "e-mail domain",
        "phone": "telephone",
        "website": "website",
        "postal_code": "postal code",
        "country": "country",
        "form": "legal form",
    }
    same = {name: pl.col(f"s_{name}") == pl.col(f"t_{name}") for name in says}
    for name, what in says.items():
        if name not in ("form", "country"):
            yield pl.when(same[name]).then(pl.lit(f"same {what}"))
    yield (
        pl.when(pl.col("street_like") >= 95)
        .then(pl.lit("same street"))
        .when(pl.col("street_like") >= 70)
        .then(pl.format("street {}%", pl.col("street_like").round().cast(pl.Int64)))
    )
    yield pl.when(pl.col("city_like") >= 90).then(pl.lit("same city"))
    for name, what in says.items():
        yield pl.when(~same[name]).then(pl.lit(f"other {what}"))
    yield pl.when(pl.col("s_numbers") != pl.col("t_numbers")).then(pl.lit("other numbers in the name"))
