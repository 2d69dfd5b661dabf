"""What a company with several entities or currencies has more than others, in its books and in its mapping files."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from benchmarks.trade import Trade
from sf_intacct.model.money import minor_units

RATE_TYPE = "Reference"
DOCUMENTS = ("order_to_invoice", "return_to_credit")


def edit(file: Path, old: str, new: str) -> None:
    """One place of a file. Raises ValueError if it is not there exactly once."""
    text = file.read_text()
    if text.count(old) != 1:
        raise ValueError(f"{file}: {old!r} is there {text.count(old)} times, not once")
    file.write_text(text.replace(old, new))


def sow_entities(trade: Trade, books: Path, mappings: Path, regions: Sequence[str]) -> None:
    """Entities, each region's location below its own, and the edits of docs/how-to/choose-an-entity.md."""
    entities = sorted(set(trade.entities.values()))
    names = [f"Company {entity}" for entity in entities]
    active = pl.lit("active").alias("STATUS")
    pl.DataFrame({"LOCATIONID": entities, "NAME": names}).with_columns(active).write_csv(books / "LOCATIONENTITY.csv")
    locations = pl.read_csv(books / "LOCATION.csv", infer_schema=False)
    parents = pl.Series("PARENTID", [trade.entities[region] for region in regions])
    locations.with_columns(parents).write_csv(books / "LOCATION.csv")
    walk = {"salesforce": list(trade.entities), "intacct": list(trade.entities.values())}
    pl.DataFrame(walk).write_csv(mappings / "crosswalks" / "entities.csv")
    lookup = "  entities:\n    says: Region\n    crosswalk: crosswalks/entities.csv\n    in: intacct_entities\n"
    edit(mappings / "company.yaml", "lookups:\n", f"lookups:\n{lookup}")
    for crossing in DOCUMENTS:
        rule = "when_changed: hold\nentity: {lookup: entities, of: region}\n"
        edit(mappings / f"{crossing}.yaml", "when_changed: hold\n", rule)


def sow_currencies(trade: Trade, seed: Path, mappings: Path) -> None:
    """Currencies on both sides, the reference rates as a rate type of the company's own, and the mappings' switches."""
    own = [code == trade.currency for code in trade.currencies]
    known = {
        "key": list(trade.currencies),
        "IsoCode": list(trade.currencies),
        "ConversionRate": ["1" for _ in own],
        "DecimalPlaces": [str(minor_units(code)) for code in trade.currencies],
        "IsCorporate": [str(is_own).lower() for is_own in own],
    }
    pl.DataFrame(known).write_csv(seed / "salesforce" / "CurrencyType.csv")
    settings = {"setting": ["base_currency", "multi_currency"], "value": [trade.currency, "true"]}
    pl.DataFrame(settings).write_csv(seed / "intacct" / "COMPANY.csv")
    _rates(trade).write_csv(seed / "intacct" / "EXCHANGERATE.csv")
    edit(mappings / "company.yaml", "intacct_currencies: one", "intacct_currencies: several")
    file = mappings / "company.yaml"
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(f"  rate_type: {RATE_TYPE}\n" if one.startswith("  rate_type:") else one for one in lines))
    for crossing in DOCUMENTS:
        edit(mappings / f"{crossing}.yaml", "# rate:", "rate:")


def _rates(trade: Trade) -> pl.DataFrame:
    """One row per banking day and foreign currency: what a unit of it is in the company's own."""
    if trade.rates is None:
        raise ValueError("a trade in several currencies has rates")
    rows = [
        {
            "TYPENAME": RATE_TYPE,
            "FROM_CURRENCY": code,
            "TO_CURRENCY": trade.currency,
            "EFFECTIVE_START_DATE": day.isoformat(),
            "EXCHANGE_RATE": str(trade.rates.of(code, trade.currency, day, places=10)),
        }
        for code in trade.currencies
        if code != trade.currency
        for day in trade.rates.days
    ]
    return pl.DataFrame(rows)
