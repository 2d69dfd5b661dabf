"""How generic functions want values spelt, and how the house spells them."""

from datetime import date

from sf_intacct.flow.contracts import target_contract
from sf_intacct.model.system import Kind

# Of generic functions, whatever the user's own formatting is.
_DATE = "%m/%d/%Y"


def spelt(target: str, fields: dict[str, str | None]) -> dict[str, str | None]:
    """Dates as generic functions want them; everything else as the house spells it."""
    dates = _dates(target)
    return {
        name: date.fromisoformat(value).strftime(_DATE) if name in dates and value else value
        for name, value in fields.items()
    }


def unspelt(target: str, fields: dict[str, str | None]) -> dict[str, str | None]:
    """Dates of a generic function as the house spells them: what `spelt` did, undone."""
    dates = _dates(target)
    return {
        name: f"{value[6:]}-{value[:2]}-{value[3:5]}" if name in dates and value else value
        for name, value in fields.items()
    }


def _dates(target: str) -> set[str]:
    contract = target_contract(f"intacct.{target}")
    return {c.source for c in contract.columns if c.kind is Kind.DATE and c.source} if contract else set()
