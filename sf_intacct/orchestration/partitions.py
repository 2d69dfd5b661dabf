"""The two grids of time. Every asset of the road is on one of them.

Days are sync days, in UTC: the day on which a change was observed. That date never changes, so a
delta touches one partition however far back its records are dated. Months are posting months: the
month in which a document counts; the close is a row of green or red months.
"""

from datetime import date

import dagster as dg


def sync_days(first: date) -> dg.DailyPartitionsDefinition:
    """From the opening snapshot at go-live to today, today included."""
    return dg.DailyPartitionsDefinition(start_date=first.isoformat(), end_offset=1, timezone="UTC")


def posting_months(first: date) -> dg.MonthlyPartitionsDefinition:
    """From the first month that anything may be posted in to this month, this month included."""
    return dg.MonthlyPartitionsDefinition(start_date=first.replace(day=1).isoformat(), end_offset=1, timezone="UTC")
