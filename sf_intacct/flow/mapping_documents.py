"""The part of a mapping file that says how the lines of a document are taxed."""

from pydantic import Field

from sf_intacct.flow.mapping_base import Sql, Strict


class Tax(Strict):
    """How lines are taxed, where a tax solution of Intacct is on."""

    detail: str = Field(description="Line field that names the tax detail")
    amount: str = Field(description="Line field with the tax; while it is empty, Intacct works the tax out")
    net: str = Field(description="Line field with the amount that is taxed")
    included: Sql = Field("false", description="SQL predicate: the amount includes the tax, which is taken out of it")
    exempt: Sql = Field("false", description="SQL predicate: who is not taxed; a detail with a rate then waits")

    @property
    def named(self) -> tuple[str, str, str]:
        """The line fields that it names."""
        return (self.detail, self.amount, self.net)


class Rate(Strict):
    """An exchange rate that has to be in the books before a document can be; nothing is needed where one part is empty.

    Only custom types can be checked: Intacct does not show its own daily rates.
    """

    type: Sql = Field(description="SQL expression: name of the exchange rate type")
    source: Sql = Field(alias="from", description="SQL expression: currency of the document")
    target: Sql = Field(alias="to", description="SQL expression: base currency of the books")
    on: Sql = Field(description="SQL expression: the day whose rate is needed")

    @property
    def expressions(self) -> dict[str, str]:
        """The parts as a file names them."""
        return {"type": self.type, "from": self.source, "to": self.target, "on": self.on}
