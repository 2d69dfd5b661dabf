"""The currency of a document, its rate to the base currency, and how many places an amount has."""

from decimal import ROUND_HALF_UP, Decimal

from sf_intacct.sandbox.intacct import problems
from sf_intacct.sandbox.intacct.books.clerk import Clerk
from sf_intacct.sandbox.intacct.books.store import Row
from sf_intacct.sandbox.intacct.problems import Problem
from sf_intacct.sandbox.intacct.schema import SCALE_OF_MONEY
from sf_intacct.sandbox.intacct.values import scaled, unscaled, us_date

RATE_SCALE = 10
ONE = scaled(Decimal(1), RATE_SCALE)
DAILY = "Intacct Daily Rate"
# Minor units after ISO 4217 that are not two, of the currencies people try here.
PLACES = {"JPY": 0, "KRW": 0, "CLP": 0, "ISK": 0, "VND": 0, "XAF": 0, "XOF": 0}
PLACES |= dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3)


def fix(clerk: Clerk, header: Row, customer: Row | None, on: str, rate_type: str = "") -> list[Problem]:
    """Fills the currency fields of a document header; a problem if the company or the rate forbids it."""
    base = clerk.settings.base_currency
    asked, asked_base = header.get("CURRENCY"), header.get("BASECURR")
    if not clerk.settings.multi_currency:
        header.update(BASECURR=base, CURRENCY=base, EXCHANGE_RATE=ONE)
        return [problems.foreign_currency_off()] if asked or asked_base else []
    currency = asked or (customer or {}).get("CURRENCY") or base
    header.update(BASECURR=asked_base or base, CURRENCY=currency)
    if currency == header["BASECURR"]:
        header["EXCHANGE_RATE"] = ONE
    header["EXCH_RATE_DATE"] = header.get("EXCH_RATE_DATE") or on
    if header.get("EXCHANGE_RATE"):
        return []
    found = _rate(clerk, rate_type or DAILY, header)
    header.update(EXCH_RATE_TYPE_ID=found[0] if found else None, EXCHANGE_RATE=found[1] if found else ONE)
    if found:
        return []
    return [problems.no_exchange_rate(currency, header["BASECURR"], us_date(header["EXCH_RATE_DATE"]))]


def _rate(clerk: Clerk, rate_type: str, header: Row) -> tuple[int | None, int] | None:
    """Rate type and rate of a document: the last one that began on or before its day."""
    pair, on = (header["CURRENCY"], header["BASECURR"]), header["EXCH_RATE_DATE"]
    if rate_type == DAILY:
        rate = clerk.settings.daily_rate(*pair, on)
        return (None, scaled(rate, RATE_SCALE)) if rate is not None else None
    condition = "TYPENAME = ? and FROM_CURRENCY = ? and TO_CURRENCY = ?"
    for kept in clerk.store.select("EXCHANGERATE", condition, (rate_type, *pair)):
        entries = clerk.store.where("EXCHANGERATEENTRY", "EXCHANGERATEKEY", [kept["RECORDNO"]])
        begun = [one for one in entries if one["EFFECTIVE_START_DATE"] <= on]
        if begun:
            newest = max(begun, key=lambda one: one["EFFECTIVE_START_DATE"])
            return kept["RECORDNO"], newest["EXCHANGE_RATE"]
    return None


def set_rate(clerk: Clerk, rate_type: str, pair: tuple[str, str], day: str, rate: str) -> None:
    """Enters one rate of a custom type, from an ISO day on."""
    names = {"TYPENAME": rate_type, "FROM_CURRENCY": pair[0], "TO_CURRENCY": pair[1]}
    condition = " and ".join(f"{name} = ?" for name in names)
    kept = clerk.store.select("EXCHANGERATE", condition, tuple(names.values()))
    key = kept[0]["RECORDNO"] if kept else clerk.add("EXCHANGERATE", [names])[0]
    value = scaled(Decimal(rate), RATE_SCALE)
    clerk.add("EXCHANGERATEENTRY", [{"EXCHANGERATEKEY": key, "EFFECTIVE_START_DATE": day, "EXCHANGE_RATE": value}])


def in_base(header: Row, amount: int) -> int:
    """An amount of the document's currency in the base currency, in its minor units."""
    return in_units(scaled_exactly(amount, header), header["BASECURR"])


def scaled_exactly(amount: int, header: Row) -> Decimal:
    return unscaled(amount) * unscaled(header["EXCHANGE_RATE"], RATE_SCALE)


def in_units(amount: Decimal, currency: str) -> int:
    """An amount as it is kept, rounded half up to the places of its currency."""
    return scaled(amount.quantize(unit_of(currency), rounding=ROUND_HALF_UP))


def unit_of(currency: str) -> Decimal:
    """The smallest amount that is paid in a currency."""
    return Decimal(1).scaleb(-min(PLACES.get(currency, 2), SCALE_OF_MONEY))
