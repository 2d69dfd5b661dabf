"""Every function of the gateway by name. Each turns an element into plain values, and an answer into one."""

from collections.abc import Callable

from lxml import etree

from sf_intacct.sandbox.intacct.wire.desk import Desk
from sf_intacct.sandbox.intacct.wire.functions import (
    adjustments,
    definitions,
    generic,
    invoices,
    lists,
    masters,
    payments,
    queries,
    reads,
    sales_documents,
    session,
    setup,
)
from sf_intacct.sandbox.intacct.wire.response import Outcome

Function = Callable[[Desk, etree._Element], Outcome]

FUNCTIONS: dict[str, Function] = {
    "getAPISession": session.get_api_session,
    "query": queries.query,
    "read": reads.read,
    "readByName": reads.read_by_name,
    "readByQuery": reads.read_by_query,
    "readMore": reads.read_more,
    "lookup": definitions.lookup,
    "inspect": definitions.inspect,
    "getDimensions": definitions.get_dimensions,
    "readUserFormatting": setup.read_user_formatting,
    "getFinancialSetup": setup.get_financial_setup,
    "get_closedbooksdate": setup.get_closed_books_date,
    "get_companyprefs": setup.get_company_preferences,
    "getUserPermissions": setup.get_user_permissions,
    "get_list": lists.get_list,
    "create": generic.create,
    "update": generic.update,
    "delete": generic.delete,
    "create_invoice": invoices.create_invoice,
    "update_invoice": invoices.update_invoice,
    "reverse_invoice": invoices.reverse_invoice,
    "delete_invoice": invoices.delete_invoice,
    "create_aradjustment": adjustments.create_aradjustment,
    "delete_aradjustment": adjustments.delete_aradjustment,
    "create_arpayment": payments.create_arpayment,
    "apply_arpayment": payments.apply_arpayment,
    "reverse_arpayment": payments.reverse_arpayment,
    "create_sotransaction": sales_documents.create_sotransaction,
    "delete_sotransaction": sales_documents.delete_sotransaction,
    "create_customer": masters.create_customer,
    "update_customer": masters.update_customer,
    "create_contact": masters.create_contact,
    "update_contact": masters.update_contact,
    "create_arterm": masters.create_term,
    "update_arterm": masters.update_term,
    **dict.fromkeys(masters.DELETIONS, masters.delete_named),
}
