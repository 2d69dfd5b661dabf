"""create_sotransaction, delete_sotransaction."""

from lxml import etree

from sf_intacct.sandbox.intacct import problems
from sf_intacct.sandbox.intacct.books import sales_documents
from sf_intacct.sandbox.intacct.problems import Rejection
from sf_intacct.sandbox.intacct.wire.desk import Desk
from sf_intacct.sandbox.intacct.wire.functions.legacy import keyed, texts
from sf_intacct.sandbox.intacct.wire.functions.permission import allowed
from sf_intacct.sandbox.intacct.wire.response import Outcome

HEADER = {
    "transactiontype": "DOCPARID",
    "datecreated": "WHENCREATED",
    "dateposted": "WHENPOSTED",
    "createdfrom": "CREATEDFROM",
    "customerid": "CUSTVENDID",
    "documentno": "DOCNO",
    "origdocdate": "ORIGDOCDATE",
    "referenceno": "PONUMBER",
    "termname": "TERM.NAME",
    "datedue": "WHENDUE",
    "message": "MESSAGE",
    "shippingmethod": "SHIPVIA",
    "shipto": "SHIPTO",
    "billto": "BILLTO",
    "supdocid": "SUPDOCID",
    "basecurr": "BASECURR",
    "currency": "CURRENCY",
    "exchratedate": "EXCHRATEDATE",
    "exchratetype": "EXCHRATETYPE",
    "exchrate": "EXCHRATE",
    "vsoepricelist": "VSOEPRICELIST",
    "state": "STATE",
    "projectid": "PROJECT",
    "needbydate": "NEEDBYDATE",
    "shipbydate": "SHIPBYDATE",
    "customerponumber": "CUSTOMERPONUMBER",
}
LINE = {
    "bundlenumber": "BUNDLENUMBER",
    "itemid": "ITEMID",
    "itemaliasid": "ITEMALIASID",
    "itemdesc": "ITEMDESC",
    "taxable": "TAXABLE",
    "warehouseid": "WAREHOUSEID",
    "quantity": "QUANTITY",
    "unit": "UNIT",
    "discountpercent": "DISCOUNTPERCENT",
    "price": "TRX_PRICE",
    "sourcelinekey": "SOURCE_DOCLINEKEY",
    "discsurchargememo": "DISCOUNT_MEMO",
    "locationid": "LOCATIONID",
    "departmentid": "DEPARTMENTID",
    "memo": "MEMO",
    "revrectemplate": "REVRECTEMPLATE",
    "revrecstartdate": "REVRECSTARTDATE",
    "revrecenddate": "REVRECENDDATE",
    "renewalmacro": "RENEWALMACRO",
    "projectid": "PROJECTID",
    "taskid": "TASKID",
    "customerid": "CUSTOMERID",
    "vendorid": "VENDORID",
    "employeeid": "EMPLOYEEID",
    "classid": "CLASSID",
    "contractid": "CONTRACTID",
    "billingtemplate": "BILLINGTEMPLATE",
    "needbydate": "NEEDBYDATE",
}
SUBTOTAL = {
    "description": "DESCRIPTION",
    "total": "TRX_TOTAL",
    "percentval": "PERCENTVAL",
    "locationid": "LOCATIONID",
    "departmentid": "DEPARTMENTID",
}


def create_sotransaction(desk: Desk, element: etree._Element) -> Outcome:
    """Answers the document's name, such as `Sales Order-SO1234`, and not a record number."""
    allowed(desk, "CREATE", "SODOCUMENT")
    lines = [texts(one, LINE) for one in element.iterfind("sotransitems/sotransitem")]
    subtotals = [texts(one, SUBTOTAL) for one in element.iterfind("subtotals/subtotal")]
    if element.findtext("taxsolutionid"):
        raise Rejection([problems.not_imitated("A tax solution on a sales transaction")])
    return keyed(desk, sales_documents.create(desk.clerk, texts(element, HEADER), lines, subtotals)["DOCID"])


def delete_sotransaction(desk: Desk, element: etree._Element) -> Outcome:
    """By the document's name."""
    allowed(desk, "DELETE", "SODOCUMENT")
    found = desk.company.store.find("SODOCUMENT", "DOCID", element.get("key", ""))
    if found is None:
        raise Rejection([problems.no_such_record("Sales transaction", element.get("key", ""), "delete")])
    sales_documents.delete(desk.clerk, found["RECORDNO"])
    return Outcome()
