"""What is delivered, as the books know it: projects and their tasks."""

from sf_intacct.flow.contracts.contract import Contract, day, flag, money, number, text
from sf_intacct.flow.contracts.intacct.columns import RECORD, STAMP, STATUS

PROJECTS = Contract(
    name="intacct_projects",
    system="intacct",
    object="PROJECT",
    says="Projects in the books; a dimension of later documents.",
    key="record_number",
    label="project_id",
    stamp="modified_at",
    optional=True,
    columns=(
        RECORD,
        text("project_id", "PROJECTID", "Project id", required=True, unique=True, limit=20),
        text("name", "NAME", "Name", required=True, limit=80),
        text(
            "category",
            "PROJECTCATEGORY",
            "Contract, Internal Billable, ...",
            required=True,
            choices=("Contract", "Internal Billable", "Internal Non-Billable", "Capitalized"),
        ),
        text("project_type", "PROJECTTYPE", "Type of project of this company", optional=True, limit=80),
        text(
            "billing_type",
            "BILLINGTYPE",
            "Time & Material, Fixed Fee, or both",
            optional=True,
            choices=("Time & Material", "Fixed Fee", "Fixed Fee and Time & Material"),
        ),
        text("customer_id", "CUSTOMERID", "Customer it is delivered to", limit=20),
        text("parent_id", "PARENTID", "Project it is a part of", optional=True),
        text("description", "DESCRIPTION", "Description", optional=True, limit=500),
        day("begins_on", "BEGINDATE", "First day", optional=True),
        day("ends_on", "ENDDATE", "Last day", optional=True),
        money("contract_amount", "CONTRACTAMOUNT", "What the customer pays for it", optional=True),
        text("terms", "TERMNAME", "Payment terms", optional=True, limit=40),
        text("department_id", "DEPARTMENTID", "Department", optional=True, limit=20),
        text("location_id", "LOCATIONID", "Location", optional=True, limit=20),
        text("class_id", "CLASSID", "Class", optional=True),
        text("po_number", "PONUMBER", "The customer's purchase order number", optional=True, limit=45),
        STATUS,
        text("salesforce_id", "SALESFORCE_ID", "Salesforce opportunity the project came from"),
        STAMP,
    ),
)

TASKS = Contract(
    name="intacct_tasks",
    system="intacct",
    object="TASK",
    says="Tasks of projects: what is delivered, and when it is planned for.",
    key="record_number",
    label="name",
    stamp="modified_at",
    optional=True,
    columns=(
        RECORD,
        text("name", "NAME", "Name", required=True, limit=80),
        text("project_id", "PROJECTID", "Project it is a part of", required=True, limit=20),
        text("item_id", "ITEMID", "Item that is delivered", limit=30),
        text("description", "DESCRIPTION", "Description", optional=True, limit=500),
        day("begins_on", "PBEGINDATE", "First day that is planned", optional=True),
        day("ends_on", "PENDDATE", "Last day that is planned", optional=True),
        flag("is_billable", "BILLABLE", "Whether the customer pays for it", optional=True),
        number("planned_hours", "BUDGETQTY", "Hours that are planned", optional=True),
        text(
            "task_status",
            "TASKSTATUS",
            "How far it is",
            optional=True,
            choices=("Not Started", "Planned", "In Progress", "Completed", "On Hold"),
        ),
        text("salesforce_id", "SALESFORCE_ID", "Salesforce line of the deal that the task came from"),
        STAMP,
    ),
)

DELIVERY = (PROJECTS, TASKS)
