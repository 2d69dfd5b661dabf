"""What a mapping file may say. A mapping is the declaration of one crossing, read by business people.

Values and predicates are SQL expressions (polars SQL) over the columns of `core`; nothing here is a
language of our own.
"""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator
from pydantic.config import JsonDict

from sf_intacct.flow.amendments import Policy
from sf_intacct.flow.mapping_base import Among, SoldTwice, Sql, Stake, Strict, Unless
from sf_intacct.flow.mapping_documents import Rate, Tax
from sf_intacct.flow.match_rules import Match


def _flag_as_text(value: Any) -> Any:
    """true and false are the only values that the loader does not leave as text."""
    return str(value).lower() if isinstance(value, bool) else value


Constant = Annotated[
    str, BeforeValidator(_flag_as_text), WithJsonSchema({"type": ["string", "number", "boolean"], "minLength": 1})
]


class Otherwise(StrEnum):
    """What to do when a link or lookup finds nothing."""

    REQUIRED = "required"  # the document waits, with a cause
    NAMED = "named"  # the document waits if something is named; the field is empty if nothing is
    OMIT = "omit"  # the field is left out


class Mode(StrEnum):
    """When a field is written."""

    ALWAYS = "always"  # with the record, and whenever the two sides differ
    CREATE_ONLY = "create_only"  # with the record, and never again
    SYNC_ONCE = "sync_once"  # with the record, or later while the other side is empty; what is there stays


class Owner(StrEnum):
    """Which system's value counts when the two differ."""

    SALESFORCE = "salesforce"
    INTACCT = "intacct"
    NOBODY = "nobody"  # whichever changed since they agreed; a person decides when both did


class WhenChanged(StrEnum):
    """What a difference after the first write leads to."""

    UPDATE = "update"
    HOLD = "hold"


_ALONE = ("value", "constant")
_WAYS = (*_ALONE, "link", "linked_back", "lookup")
_ONE_WAY: JsonDict = {
    "oneOf": [{"required": [way]} for way in _WAYS],
    "if": {"anyOf": [{"required": [way]} for way in _ALONE]},
    "then": {"not": {"required": ["of"]}},
    "else": {"required": ["of"]},
    "dependencies": {"default": {"required": ["lookup"], "not": {"required": ["otherwise"]}}},
}


class Rule(Strict):
    """How one target field gets its value: exactly one of value, constant, link, linked_back and lookup."""

    # What _one_way says, for editors.
    model_config = ConfigDict(json_schema_extra=_ONE_WAY)

    value: Sql | None = Field(None, description="SQL expression over the source record")
    constant: Constant | None = Field(None, min_length=1, description="The same text for every record, as it stands")
    link: str | None = Field(None, description="Crossing whose target is meant; `of` is the source record's id")
    linked_back: str | None = Field(
        None, description="Crossing whose source is meant; `of` is the natural key of its target"
    )
    lookup: str | None = Field(None, description="Lookup of company.yaml; `of` is the value to look up")
    of: Sql | None = Field(None, description="SQL expression that a link or lookup starts from")
    otherwise: Otherwise = Field(Otherwise.REQUIRED, description="What to do when a link or lookup finds nothing")
    default: Constant | None = Field(
        None, description="What a lookup says when nothing is chosen; a choice without counterpart still waits"
    )
    mode: Mode = Field(
        Mode.ALWAYS,
        description="always; create_only: fixed when the record is made; sync_once: only fills what is empty",
    )
    owner: Owner | None = Field(
        None,
        description="Whose value counts when both sides differ; the source's where this is left out. "
        "nobody: the side that changed; when both did, a person decides",
    )
    required: bool = Field(False, description="The document waits while this value is empty")
    by_entity: dict[str, "RuleOrSql"] | None = Field(
        None, min_length=1, description="Another rule for documents of an entity, by entity id"
    )

    @model_validator(mode="after")
    def _one_way(self) -> "Rule":
        ways = [way for way in _WAYS if getattr(self, way) is not None]
        if len(ways) != 1:
            raise ValueError(f"say exactly one of {', '.join(_WAYS[:-1])} and {_WAYS[-1]}")
        if (ways[0] in _ALONE) == (self.of is not None):
            raise ValueError("`of` goes with link, linked_back and lookup, and with nothing else")
        if self.default is not None and (self.lookup is None or "otherwise" in self.model_fields_set):
            raise ValueError("`default` goes with a lookup, and stands in the place of `otherwise`")
        return self

    @model_validator(mode="after")
    def _one_level(self) -> "Rule":
        for rule in (self.by_entity or {}).values():
            if rule.by_entity is not None:
                raise ValueError("an entity's own rule has no by_entity of its own")
            if {"mode", "owner"} & rule.model_fields_set:
                raise ValueError("mode and owner are the field's, the same for all entities")
        return self

    @property
    def expression(self) -> str:
        """The SQL that this rule starts from."""
        if self.constant is not None:
            return "'" + self.constant.replace("'", "''") + "'"
        return self.value if self.value is not None else self.of or ""

    @property
    def is_alone(self) -> bool:
        """Whether the value comes from the record itself, with no look at anything else."""
        return self.value is not None or self.constant is not None

    @property
    def variants(self) -> "tuple[Rule, ...]":
        """This rule and those of single entities."""
        return (self, *(self.by_entity or {}).values())


def _shorthand(value: Any) -> Any:
    """A bare string is the SQL expression of a value."""
    return {"value": value} if isinstance(value, str) else value


RuleOrSql = Annotated[Rule, BeforeValidator(_shorthand, json_schema_input_type=Rule | Sql)]
Rule.model_rebuild()
_BESIDE = "Records that are looked at beside the source record, each by a name of your choice"


class Beside(Strict):
    """A record that is looked at beside the source record, as `name.column`."""

    table: str = Field(description="A table of core, such as salesforce_accounts")
    on: str = Field(description="Column of the source record that holds its id")


class Hold(Strict):
    """A reason to keep a document back."""

    when: Sql = Field(description="SQL predicate; over the lines where any_line is set")
    cause: str = Field(description="A cause of the catalogue")
    any_line: bool = Field(False, description="Hold the document if one of its lines is so")


class Leaves(Strict):
    """What becomes of the counterpart when a record that has crossed leaves. Nothing is ever deleted.

    A record leaves when it is deleted in its own system, or when it does not cross any more and `when`
    says so. When it comes back, the fields get the values that the mapping has for new records.
    """

    when: Sql = Field("false", description="SQL predicate: which living records leave; deleted ones always do")
    fields: dict[str, Sql] = Field(description="Target field: SQL expression of the value it then gets")
    unless: Unless | None = Field(None, description="What has to be closed before")


class Lines(Strict):
    """The lines of a document."""

    each: str = Field(description="The table of lines")
    when: Sql = Field("true", description="SQL predicate: which lines cross; the others are left out of the document")
    order_by: str = Field(description="Column that gives the lines their order")
    identity: str = Field(description="Target line field that carries the source line's id")
    beside: dict[str, Beside] = Field(default_factory=dict, description=_BESIDE)
    tax: Tax | None = Field(None, description="How the lines are taxed; left out: not at all")
    fields: dict[str, RuleOrSql] = Field(description="Target line field: how it gets its value; SQL alone is a value")

    @model_validator(mode="after")
    def _taxed(self) -> "Lines":
        for name in self.tax.named if self.tax else ():
            if name not in self.fields:
                raise ValueError(f"tax names {name}, but fields does not fill it")
        return self


class Mapping(Strict):
    """One crossing: which records become which, when, and field by field."""

    crossing: str = Field(
        pattern=r"^[a-z][a-z0-9_]*$", description="Name of the crossing, and of its tables in the warehouse"
    )
    says: str = Field(description="One plain sentence")
    source: str = Field(alias="from", description="A table of core")
    target: str = Field(alias="to", description="system.Object", pattern=r"^(salesforce|intacct)\.\w+$")
    when: Sql = Field("true", description="SQL predicate: which source records cross")
    identity: str = Field(description="Target field by which people know the record")
    mark: str | None = Field(None, description="Target field that carries the source record's id")
    among: Among | None = Field(
        None, description="Kinds of target record: only those are this crossing's, and none other is ever made by it"
    )
    claim: Sql | None = Field(None, description="SQL: the target's natural key that the source record already names")
    entity: RuleOrSql | None = Field(None, description="The entity in which a document is made; empty: top level")
    match: Match | None = Field(None, description="How records that are there already are recognised")
    creates: bool = Field(True, description="false: only ever updates a record that is there")
    when_changed: WhenChanged = Field(
        WhenChanged.UPDATE, description="What a difference after the first write leads to: an update, or a person"
    )
    amendments: Policy = Field(
        Policy.HOLD,
        description="With `when_changed: hold`: what becomes of a document whose source is amended; docs/amendments.md",
    )
    sold_twice: SoldTwice = Field(
        SoldTwice.HOLD,
        description="A document of a sale that another crossing bills as well, as deal and as order: hold, or allow "
        "where predicates part them",
    )
    stake: Stake | None = Field(None, description="The money that is at risk while a document does not cross")
    currency: Sql | None = Field(
        None,
        description="SQL: currency of the record's money, by which it is rounded; the stake's where nothing is said",
    )
    rate: Rate | None = Field(None, description="The exchange rate that the document needs to be in the books")
    beside: dict[str, Beside] = Field(default_factory=dict, description=_BESIDE)
    hold: list[Hold] = Field(default_factory=list, description="Reasons to keep a document back for a person to see")
    fields: dict[str, RuleOrSql] = Field(description="Target field: how it gets its value; SQL alone is a value")
    lines: Lines | None = Field(None, description="The lines of the document, for a target that has lines")
    leaves: Leaves | None = Field(None, description="What becomes of the counterpart of a record that leaves")

    @property
    def target_system(self) -> str:
        return self.target.partition(".")[0]

    @property
    def target_object(self) -> str:
        return self.target.partition(".")[2]

    @property
    def needs(self) -> frozenset[str]:
        """The crossings whose links this one uses."""
        return frozenset(rule.link for rule in self.rules if rule.link)

    @property
    def rules(self) -> list[Rule]:
        """Every rule of heads and lines, those of single entities included."""
        lines = self.lines.fields.values() if self.lines else ()
        fields = [*self.fields.values(), *lines, *filter(None, [self.entity])]
        return [variant for rule in fields for variant in rule.variants]

    def keeps(self, rule: Rule) -> bool:
        """Whether a field is kept in step: written later than with the record itself."""
        return rule.mode is not Mode.CREATE_ONLY and rule.owner != self.target_system

    @property
    def kin(self) -> tuple[str, ...]:
        """The fields that link a record to another of the same crossing: a customer to its parent."""
        return tuple(n for n, rule in self.fields.items() if any(one.link == self.crossing for one in rule.variants))

    @model_validator(mode="after")
    def _left(self) -> "Mapping":
        for name in self.leaves.fields if self.leaves else ():
            if name not in self.fields:
                raise ValueError(f"leaves.fields sets {name}, but fields does not fill it when the record is made")
        return self

    @model_validator(mode="after")
    def _identified(self) -> "Mapping":
        for name in filter(None, (self.identity, self.mark, self.among and self.among.field)):
            if name not in self.fields:
                raise ValueError(f"the field {name} is named as identity or mark, but fields does not fill it")
        rule = self.entity
        if rule and (rule.by_entity or rule.owner or rule.mode is not Mode.ALWAYS):
            raise ValueError("mode, owner and by_entity are of fields: an entity is chosen when a document is made")
        if self.entity is None and any(rule.by_entity for rule in self.rules):
            raise ValueError("by_entity needs to know the entity: say `entity:` in this mapping")
        if self.lines and self.lines.identity not in self.lines.fields:
            raise ValueError(f"lines.identity names {self.lines.identity}, but lines.fields does not fill it")
        return self
