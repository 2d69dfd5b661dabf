"""Keeps the price lists."""

from collections.abc import Mapping

from sf_intacct.sandbox.intacct.books import masters, prices
from sf_intacct.sandbox.intacct.people.person import Answer, Person, act, typed

# A price without an end of its own holds until then: an entry needs both dates.
_FAR = "2099-12-31"


class Merchandiser(Person):
    """Says what is sold for how much."""

    @act
    def create_price_list(self, name: str, fields: Mapping[str, str] | None = None) -> Answer:
        """A new, empty price list; `fields` may carry DATEFROM, DATETO and STATUS."""
        row = masters.create(self.clerk, prices.LIST, {"NAME": name, **typed(fields or {})})
        return {"price_list": name, "RECORDNO": row["RECORDNO"]}

    @act
    def enter_price(
        self,
        price_list: str,
        item: str,
        price: str,
        start: str,
        end: str = _FAR,
        currency: str = "",
        fields: Mapping[str, str] | None = None,
    ) -> Answer:
        """Adds an entry for an item. `fields` may carry other field ids, such as VALUETYPE or QTYLIMITMIN."""
        dates = typed({"DATEFROM": start, "DATETO": end})
        values = {"PRICELISTID": price_list, "ITEMID": item, "VALUE": str(price), "CURRENCY": currency, **dates}
        row = prices.enter(self.clerk, {**values, **typed(fields or {})})
        return {"RECORDNO": row["RECORDNO"]}
