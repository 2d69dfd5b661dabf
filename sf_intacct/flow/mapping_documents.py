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
