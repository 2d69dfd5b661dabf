"""The company's user-defined dimensions: one line each, and it is a reference table of core.

A line of a document carries the record id of such a value, so that is how it is known here.
"""

from dataclasses import dataclass

from sf_intacct.flow.contracts.contract import Contract, text


@dataclass(frozen=True)
class OwnDimension:
    """A user-defined dimension. plural: its table is intacct_<plural>; object: its integration name in Intacct.

    id, title and status are the object's own names of its fields; an object without a status has values that are
    there or gone.
    """

    plural: str
    object: str
    says: str
    id: str = "id"
    title: str = "name"
    status: str | None = None

    @property
    def contract(self) -> Contract:
        """Its table. Read whole: platform objects keep another stamp than the objects of the books."""
        status = [text("status", self.status, "active or inactive", required=True)] if self.status else []
        return Contract(
            name=f"intacct_{self.plural}",
            system="intacct",
            object=self.object,
            says=self.says,
            key="record_number",
            label="record_number",
            stamp="",
            optional=True,
            columns=(
                text("record_number", self.id, "Record id, which documents are coded with", required=True, unique=True),
                text("title", self.title, "Name of the value", required=True),
                *status,
            ),
        )


OWN_DIMENSIONS: tuple[OwnDimension, ...] = (
    # The example company's; the sandbox keeps it like any other object, with a record number and a status.
    OwnDimension("channels", "CHANNEL", "Sales channels, a user-defined dimension.", "RECORDNO", "NAME", "STATUS"),
)

DIMENSIONS = tuple(dimension.contract for dimension in OWN_DIMENSIONS)
