"""What all parts of a mapping file have in common: no unknown keys, and SQL as text."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, WithJsonSchema

# YAML reads 0 as a number; the loader takes it as the text that stands there, and so may an editor.
Sql = Annotated[str, WithJsonSchema({"type": ["string", "number"]})]


class Strict(BaseModel):
    """A part of a mapping file."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
