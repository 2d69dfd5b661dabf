"""Date literals: a word such as LAST_MONTH as a span of whole days, in the time zone of the company (GMT)."""

from datetime import UTC, date, datetime, time, timedelta

from sf_intacct.sandbox.salesforce.soql.mistakes import malformed

Span = tuple[date, date]  # first day, and the day after the last


def span_of(word: str, today: date, offset: int) -> Span:
    """The days that `word` means when today is `today`; raises QueryMistake for a word that is none.

    Fiscal years begin in January here, so the fiscal words mean the calendar's.
    """
    name, _, number = word.replace("FISCAL_", "").partition(":")
    if number:
        return _counted(name, int(number), today, offset)
    if name in ("TODAY", "YESTERDAY", "TOMORROW"):
        return _shift("DAY", today, {"TODAY": 0, "YESTERDAY": -1, "TOMORROW": 1}[name], offset)
    if name == "LAST_90_DAYS":
        return today - timedelta(days=90), today + timedelta(days=1)
    if name == "NEXT_90_DAYS":
        return today + timedelta(days=1), today + timedelta(days=91)
    which, _, unit = name.partition("_")
    if which not in ("THIS", "LAST", "NEXT"):
        raise malformed(f"unexpected token: {word!r}", offset)
    return _shift(unit, today, {"THIS": 0, "LAST": -1, "NEXT": 1}[which], offset)


def bounds_of(span: Span) -> tuple[datetime, datetime]:
    """The instants at which a span begins and ends."""
    first, after = (datetime.combine(day, time(), UTC) for day in span)
    return first, after


def _counted(name: str, number: int, today: date, offset: int) -> Span:
    """LAST_N_DAYS:n runs through today; LAST_N_MONTHS:n and the like do not take in the present one."""
    parts = name.split("_")
    unit = parts[2].removesuffix("S") if parts[0] in ("LAST", "NEXT") else parts[1].removesuffix("S")
    if name == "LAST_N_DAYS":
        return today - timedelta(days=number), today + timedelta(days=1)
    if name == "NEXT_N_DAYS":
        return today + timedelta(days=1), today + timedelta(days=number + 1)
    if parts[-1] == "AGO":
        return _shift(unit, today, -number, offset)
    if parts[0] == "LAST":
        return _shift(unit, today, -number, offset)[0], _shift(unit, today, 0, offset)[0]
    return _shift(unit, today, 1, offset)[0], _shift(unit, today, number, offset)[1]


def _shift(unit: str, today: date, count: int, offset: int) -> Span:
    """The day, week, month, quarter or year that lies `count` of its kind from today's."""
    if unit in ("DAY", "WEEK"):
        length = 1 if unit == "DAY" else 7
        start = today if unit == "DAY" else today - timedelta(days=(today.weekday() + 1) % 7)
        start += timedelta(days=length * count)
        return start, start + timedelta(days=length)
    months = {"MONTH": 1, "QUARTER": 3, "YEAR": 12}.get(unit)
    if months is None:
        raise malformed(f"unexpected token: {unit!r}", offset)
    index = (today.year * 12 + today.month - 1) // months * months + count * months
    return _month(index), _month(index + months)


def _month(index: int) -> date:
    return date(index // 12, index % 12 + 1, 1)
