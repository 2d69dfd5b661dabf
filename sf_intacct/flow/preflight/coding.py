"""How lines are coded: accounts, the dimensions that they demand or restrict, locations, projects."""

import polars as pl

from sf_intacct.flow.findings import findings, no_findings, together
from sf_intacct.flow.preflight.documents import CUSTOMER, Documents, ancestors

ACCOUNTS, LABELS, LOCATIONS = "intacct_gl_accounts", "intacct_account_labels", "intacct_locations"
PROJECTS, CUSTOMERS = "intacct_projects", "intacct_customers"
# Column of the chart of accounts: the field of a line that it demands, and what people call it.
DEMANDS = {
    "requires_department": ("DEPARTMENTID", "Department"),
    "requires_location": ("LOCATIONID", "Location"),
    "requires_class": ("CLASSID", "Class"),
    "requires_item": ("ITEMID", "Item"),
    "requires_customer": ("CUSTOMERID", "Customer"),
    "requires_project": ("PROJECTID", "Project"),
}


def incomplete(documents: Documents) -> pl.DataFrame:
    """Lines without an account, or without an amount."""
    lines = documents.lines
    if lines is None:
        return no_findings()
    bare = lines.filter(documents.line_text("ACCOUNTNO").is_null() & documents.line_text("ACCOUNTLABEL").is_null())
    no_amount = lines.filter(documents.line_text("TRX_AMOUNT").is_null())
    return together(
        [_told(bare, "account_not_given", "ACCOUNTNO"), _told(no_amount, "line_without_amount", "TRX_AMOUNT")]
    )


def _told(lines: pl.DataFrame, cause: str, field: str) -> pl.DataFrame:
    rows = lines.select("source_id").unique(maintain_order=True)
    return findings(rows, cause, document="source_id", subject=pl.lit("one of its lines"), column=field)


def undimensioned(documents: Documents) -> pl.DataFrame:
    """Lines that lack a dimension which their GL account demands. The customer comes from the head."""
    lines = _accounted(documents)
    customer = pl.coalesce(documents.line_text("CUSTOMERID"), pl.col("__customer"))
    found = []
    for flag, (field, name) in DEMANDS.items():
        value = customer if field == "CUSTOMERID" else documents.line_text(field)
        lacking = lines.filter(pl.col(flag).fill_null(False) & value.is_null())
        rows = lacking.unique(["source_id", "account_number"], maintain_order=True)
        seen = pl.format("account {}", "account_number")
        found.append(
            findings(rows, "missing_dimension", document="source_id", subject=pl.lit(name), column=field, seen=seen)
        )
    return together(found)


def control_accounts(documents: Documents) -> pl.DataFrame:
    """Lines on an account that only a subledger fills."""
    of = pl.col("control_of").fill_null("None")
    rows = _accounted(documents).filter(~of.is_in(["None", ""])).unique(["source_id", "account_number"])
    subject = pl.format("{} ({})", "account_number", "control_of")
    return findings(rows, "account_not_for_sales", document="source_id", subject=subject, column="ACCOUNTNO")


def restricted(documents: Documents) -> pl.DataFrame:
    """Lines whose dimension the company does not allow with their account, as company.yaml states it."""
    lines, found = _accounted(documents), []
    for one in documents.mappings.company.preflight.restrictions:
        value = documents.line_text(one.dimension)
        wrong = (pl.col("account_number") == one.account) & value.is_not_null() & ~value.is_in(list(one.allowed))
        rows = lines.filter(wrong).with_columns(value.alias("__value")).unique(["source_id", "__value"])
        subject = pl.format("{} {} with account {}", pl.lit(one.dimension), "__value", pl.lit(one.account))
        found.append(
            findings(rows, "dimension_restricted", document="source_id", subject=subject, column=one.dimension)
        )
    return together(found)


def _accounted(documents: Documents) -> pl.DataFrame:
    """The lines with what the chart of accounts says of their account, and the customer of their document."""
    lines, accounts = documents.lines, documents.tables.get(ACCOUNTS)
    columns = ("account_number", "control_of", *DEMANDS)
    if lines is None or accounts is None:
        empty = {"source_id": pl.String, "account_number": pl.String, "control_of": pl.String, "__customer": pl.String}
        fields = lines.schema if lines is not None else {}
        return pl.DataFrame(schema={**dict.fromkeys(DEMANDS, pl.Boolean), **fields, **empty})
    labels = documents.tables.get(LABELS)
    named = dict(labels.select("account_label", "account_number").iter_rows()) if labels is not None else {}
    labelled = documents.line_text("ACCOUNTLABEL").replace_strict(named, default=None, return_dtype=pl.String)
    number = pl.coalesce(documents.line_text("ACCOUNTNO"), labelled)
    customer = documents.heads.select("source_id", documents.text(CUSTOMER[documents.object]).alias("__customer"))
    lines = lines.with_columns(number.alias("account_number")).join(customer, on="source_id", how="left")
    return lines.join(accounts.select(columns), on="account_number", how="inner", maintain_order="left")


def elsewhere(documents: Documents) -> pl.DataFrame:
    """Lines of a document of one entity that name a location which is not below that entity.

    Of an entity that is nowhere among the locations nothing is known: whether we are let in is for Intacct to say.
    """
    locations, lines = documents.tables.get(LOCATIONS), documents.lines
    if locations is None or lines is None:
        return no_findings()
    above = ancestors(locations, "location_id")
    inside = [(place, list(places)) for place, places in above.items()]
    tree = pl.DataFrame(inside, schema={"location": pl.String, "__above": pl.List(pl.String)}, orient="row")
    rows = lines.select("source_id", documents.line_text("LOCATIONID").alias("location")).drop_nulls().unique()
    rows = rows.join(documents.heads.select("source_id", "entity"), on="source_id").drop_nulls("entity")
    rows = rows.filter(pl.col("entity").is_in(sorted({place for places in above.values() for place in places})))
    rows = rows.join(tree, on="location").filter(~pl.col("__above").list.contains(pl.col("entity")))
    return findings(
        rows,
        "location_elsewhere",
        document="source_id",
        subject=pl.col("location"),
        column="LOCATIONID",
        seen=pl.col("entity"),
    )


def of_another_customer(documents: Documents) -> pl.DataFrame:
    """Documents with a project of a customer who is neither theirs nor below theirs."""
    projects, customers = documents.tables.get(PROJECTS), documents.tables.get(CUSTOMERS)
    rows = _projects(documents)
    if projects is None or rows.is_empty():
        return no_findings()
    above = ancestors(customers, "customer_id") if customers is not None else {}
    owners = {project: owner for project, owner in projects.select("project_id", "customer_id").iter_rows() if owner}
    wrong = [(s, p, c) for s, p, c in rows.iter_rows() if p in owners and c not in above.get(owners[p], (owners[p],))]
    frame = pl.DataFrame(wrong, schema=rows.schema, orient="row")
    subject = pl.format("{} for {}", "project", "customer")
    return findings(frame, "project_of_another", document="source_id", subject=subject, column="PROJECTID")


def _projects(documents: Documents) -> pl.DataFrame:
    """source_id, project and customer of the documents that name a project, in head or lines."""
    named = [documents.heads.select("source_id", documents.text("PROJECT").alias("project"))]
    if documents.lines is not None:
        named.append(documents.lines.select("source_id", documents.line_text("PROJECTID").alias("project")))
    rows = pl.concat(named).drop_nulls().unique()
    customer = documents.text(CUSTOMER[documents.object]).alias("customer")
    return rows.join(documents.heads.select("source_id", customer), on="source_id").drop_nulls("customer")
