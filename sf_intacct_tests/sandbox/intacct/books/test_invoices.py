import pytest

from sf_intacct_tests.sandbox.intacct.harness import Gateway, compare, date, invoice, line


def last_invoice(gateway: Gateway) -> dict[str, str]:
    return gateway.query(
        "ARINVOICE",
        "RECORDNO RECORDID STATE RAWSTATE CUSTOMERNAME TERMNAME WHENCREATED WHENPOSTED WHENDUE WHENPAID DOCNUMBER"
        " DESCRIPTION TRX_TOTALENTERED TRX_TOTALPAID TRX_TOTALDUE TOTALDUE BILLTO.CONTACTNAME SHIPTO.CONTACTNAME"
        " CURRENCY BASECURR SALESFORCE_ID MODULEKEY AUWHENCREATED WHENMODIFIED",
    )[-1]


def test_an_invoice_is_posted_with_the_customers_term_and_contacts(gateway: Gateway) -> None:
    made = gateway.call(invoice(line("100.10"), line("0.05"), number="I-1", head=""))
    found = last_invoice(gateway)
    assert found["RECORDNO"] == made.key
    assert (found["STATE"], found["RAWSTATE"], found["RECORDID"]) == ("Posted", "A", "I-1")
    assert (found["TERMNAME"], found["WHENDUE"], found["WHENPOSTED"]) == ("Net 30", "04/04/2026", "03/05/2026")
    assert (found["BILLTO.CONTACTNAME"], found["SHIPTO.CONTACTNAME"]) == ("Accounts Dept", "Acme(CC-1)")
    assert (found["TRX_TOTALENTERED"], found["TRX_TOTALDUE"], found["TRX_TOTALPAID"]) == ("100.15", "100.15", "0")
    assert (found["CURRENCY"], found["MODULEKEY"], found["WHENPAID"]) == ("USD", "4.AR", "")
    assert found["AUWHENCREATED"] == found["WHENMODIFIED"] == "03/05/2026 10:30:00"


def test_lines_keep_their_order_coding_and_custom_fields(gateway: Gateway) -> None:
    coded = (
        "<memo>Two widgets</memo><locationid>US-W</locationid><departmentid>SALES</departmentid><customfields>"
        "<customfield><customfieldname>SALESFORCE_LINE_ID</customfieldname><customfieldvalue>802A</customfieldvalue>"
        "</customfield></customfields><itemid>WIDGET</itemid><classid>NEW</classid>"
    )
    tail = (
        "<customfields><customfield><customfieldname>SALESFORCE_ID</customfieldname>"
        "<customfieldvalue>801A</customfieldvalue></customfield></customfields>"
    )
    assert gateway.call(invoice(line("1", "4010", coded), line("2"), number="I-1", tail=tail)).status == "success"
    first, second = gateway.query(
        "ARINVOICEITEM",
        "LINE_NO ACCOUNTNO ACCOUNTTITLE OFFSETGLACCOUNTNO ENTRYDESCRIPTION DEPARTMENTNAME LOCATIONNAME ITEMNAME"
        " CLASSNAME CUSTOMERID SALESFORCE_LINE_ID STATE LINEITEM ARINVOICE.RECORDID",
        order="LINE_NO",
    )
    assert first == {
        "LINE_NO": "1",
        "ACCOUNTNO": "4010",
        "ACCOUNTTITLE": "Service revenue",
        "OFFSETGLACCOUNTNO": "1100",
        "ENTRYDESCRIPTION": "Two widgets",
        "DEPARTMENTNAME": "Sales",
        "LOCATIONNAME": "West",
        "ITEMNAME": "Widget",
        "CLASSNAME": "New business",
        "CUSTOMERID": "C-1",
        "SALESFORCE_LINE_ID": "802A",
        "STATE": "A",
        "LINEITEM": "T",
        "ARINVOICE.RECORDID": "I-1",
    }
    assert (second["LINE_NO"], second["DEPARTMENTNAME"]) == ("2", "")
    assert last_invoice(gateway)["SALESFORCE_ID"] == "801A"


def test_an_invoice_without_a_number_takes_the_next_of_the_sequence(gateway: Gateway) -> None:
    assert gateway.call(invoice(line("1"))).status == "success"
    assert last_invoice(gateway)["RECORDID"].startswith("INV-")
    gateway.act("configure", setting="invoice_number_prefix", value="")
    assert gateway.call(invoice(line("1"))).errors[0] == "BL03002128 Enter an Invoice number, and try again."


@pytest.mark.parametrize(
    ("function", "problem"),
    [
        (invoice(line("1"), customer="C-9"), "BL01001973 Invalid Customer 'C-9' specified."),
        (invoice(line("1"), customer="C-3"), "BL01001973 Customer 'C-3' specified is not valid."),
        (invoice(line("1"), customer="C-4"), "BL01001973 Customer 'C-4' is on hold. Transactions are not allowed."),
        (invoice(line("1", "9999")), "BL01001973 Account 9999 is not valid."),
        (invoice(line("1", "4900")), "BL01001973 Account 4900 is not valid."),
        (invoice(line("1", "")), "BL01001973 Enter an account number on line item 1."),
        (
            invoice(line("1", "1100")),
            "BL01001973 The account number 1100 is associated to the Receivables account.",
        ),
        (
            invoice(line("1", "1000")),
            "BL01001973 The account number 1000 is associated to the Bank/Credit Card account BANK.",
        ),
        (
            invoice(line("1", "4010", "<locationid>US-W</locationid>")),
            "BL01001973 This transaction is missing the 'Department' dimension for the Account 4010.",
        ),
        (
            invoice(line("1", "4020")),
            "BL01001973 This transaction is missing the 'Item' dimension for the Account 4020.",
        ),
        (invoice(line("1", more="<itemid>NO</itemid>")), "BL01001973 The item 'NO' is invalid."),
        (invoice(line("1", more="<itemid>OLD</itemid>")), "BL01001973 The item 'OLD' is invalid."),
        (invoice(line("1", more="<departmentid>NO</departmentid>")), "BL01001973 The department 'NO' is invalid."),
        (invoice(line("1", more="<departmentid>OLD</departmentid>")), "BL01001973 Department OLD is not valid."),
        (invoice(line("1", more="<locationid>NO</locationid>")), "BL01001973 The location 'NO' is invalid."),
        (invoice(line("1", more="<classid>NO</classid>")), "BL01001973 Class 'NO' specified is not valid."),
        (invoice(line("1", more="<projectid>P</projectid>")), "BL01001973 Invalid Project 'P' specified."),
        (invoice(line("1"), head="<termname>No term</termname>"), "BL01001973 The term name 'No term' is invalid."),
        (invoice(line("1"), head="<termname>Old term</termname>"), "BL01001973 The term name 'Old term' is invalid."),
        (invoice(line("1"), customer="C-2", head=""), "BL03000018 The Date Due field is missing a value"),
        (invoice(line("1"), on="2026-13-05"), "PL03000006 The date '13/05/2026' is invalid"),
        (
            invoice(line("1"), on="2025-12-31"),
            "BL01001973 Periods are closed. Your transaction date (12/31/2025) is within a period that's been closed.",
        ),
        (invoice(line("a dime")), "BL03000018 The Transaction amount 'a dime' is not a valid number"),
        (invoice(line("-1")), "BL01001973 The total amount of the invoice cannot be negative."),
        (
            invoice(line("1"), tail="<billto><contactname>Nobody</contactname></billto>"),
            "BL01001973 Invalid Contact 'Nobody' specified.",
        ),
        (
            invoice(line("1"), tail=f"<description>{'x' * 1001}</description>"),
            "BL03000018 The Description field is longer than the maximum of 1000 characters",
        ),
        (
            invoice(line("1"), tail="<currency>EUR</currency><exchrate>1.1</exchrate>"),
            "BL01001973 Enable foreign-currency transactions, and try again.",
        ),
    ],
)
def test_an_invoice_is_refused_with_the_cause_first_and_the_wrapper_last(
    gateway: Gateway, function: str, problem: str
) -> None:
    answer = gateway.call(function)
    assert answer.status == "failure"
    assert answer.errors[0] == problem
    assert answer.errors[-1] == "BL01001973 Could not create Invoice record!"
    assert gateway.books()["invoices"] == 0


def test_several_causes_are_told_at_once(gateway: Gateway) -> None:
    answer = gateway.call(invoice(line("1", "4010"), line("2", "9999")))
    assert len(answer.errors) == 4


def test_a_number_is_used_once_unless_the_company_allows_it_twice(gateway: Gateway) -> None:
    gateway.call(invoice(line("1"), number="I-1"))
    again = gateway.call(invoice(line("1"), number="I-1"))
    assert again.errors[0] == "BL03002185 A transaction with the number 'I-1' already exists."
    gateway.act("configure", setting="refuse_duplicate_invoice_numbers", value=False)
    assert gateway.call(invoice(line("1"), number="I-1")).status == "success"


def test_amounts_have_two_decimals_and_zero_lines_are_allowed(gateway: Gateway) -> None:
    gateway.call(invoice(line("10.005"), line("0"), line("-3.333"), number="I-1"))
    amounts = [one["TRX_AMOUNT"] for one in gateway.query("ARINVOICEITEM", "TRX_AMOUNT", order="LINE_NO")]
    assert amounts == ["10.01", "0", "-3.33"]
    assert last_invoice(gateway)["TRX_TOTALENTERED"] == "6.68"


def test_negative_lines_can_be_forbidden(gateway: Gateway) -> None:
    gateway.act("configure", setting="allow_negative_lines", value=False)
    answer = gateway.call(invoice(line("10"), line("-1")))
    assert answer.errors[0] == "BL01001973 A negative amount is not allowed on line item 2."


def test_labels_replace_accounts_once_they_are_enabled(gateway: Gateway) -> None:
    labelled = "<lineitem><accountlabel>Products</accountlabel><amount>5</amount></lineitem>"
    assert "Account labels are not enabled" in gateway.call(invoice(labelled)).errors[0]
    gateway.act("configure", setting="use_account_labels", value=True)
    assert "Enter an account label" in gateway.call(invoice(line("5"))).errors[0]
    assert gateway.call(invoice(labelled)).status == "success"
    (only,) = gateway.query("ARINVOICEITEM", "ACCOUNTNO ACCOUNTLABEL OFFSETGLACCOUNTNO")
    assert only == {"ACCOUNTNO": "4000", "ACCOUNTLABEL": "Products", "OFFSETGLACCOUNTNO": "1100"}


def test_a_draft_is_not_posted_and_passes_closed_periods(gateway: Gateway) -> None:
    made = gateway.call(
        invoice(line("5"), on="2025-06-01", head="<termname>Net 30</termname><action>Draft</action>", number="D-1")
    )
    assert last_invoice(gateway)["STATE"] == "Draft"
    assert gateway.query("CUSTOMER", "TOTALDUE", compare("equalto", "CUSTOMERID", "C-1")) == [{"TOTALDUE": "0"}]
    submit = f'<update_invoice key="{made.key}"><action>Submit</action></update_invoice>'
    assert "Periods are closed" in gateway.call(submit).errors[0]
    gateway.act("configure", setting="ar_closed_through", value="")
    assert gateway.call(submit).status == "success"
    assert last_invoice(gateway)["STATE"] == "Posted"


def test_foreign_currency_needs_a_rate_and_is_kept_in_both_currencies(gateway: Gateway) -> None:
    gateway.act("configure", setting="multi_currency", value=True)
    euro = "<currency>EUR</currency>{}"
    refused = gateway.call(invoice(line("10"), tail=euro.format("<exchratetype/>")))
    assert refused.errors[0] == "BL01001973 There is no exchange rate from EUR to USD for 03/05/2026."
    assert gateway.call(invoice(line("10.01"), tail=euro.format("<exchrate>1.15</exchrate>"))).status == "success"
    found = last_invoice(gateway)
    assert (found["CURRENCY"], found["TRX_TOTALDUE"], found["TOTALDUE"]) == ("EUR", "10.01", "11.51")


def test_lines_of_a_posted_invoice_can_be_changed_and_added(gateway: Gateway) -> None:
    key = gateway.call(invoice(line("10"), line("20"), number="I-1")).key
    gateway.advance(60)
    changed = gateway.call(
        f'<update_invoice key="{key}"><description>Better</description><updateinvoiceitems>'
        '<updatelineitem line_num="2"><amount>25.50</amount><memo>more</memo></updatelineitem>'
        f"{line('1')}</updateinvoiceitems></update_invoice>"
    )
    assert changed.key == key
    found = last_invoice(gateway)
    assert (found["TRX_TOTALDUE"], found["DESCRIPTION"]) == ("36.5", "Better")
    assert found["WHENMODIFIED"] == "03/05/2026 10:31:00"
    assert found["AUWHENCREATED"] == "03/05/2026 10:30:00"
    numbers = [one["LINE_NO"] for one in gateway.query("ARINVOICEITEM", "LINE_NO", order="LINE_NO")]
    assert numbers == ["1", "2", "3"]
    assert gateway.books()["unbalanced_invoices"] == []


def test_a_new_date_computes_a_new_due_date(gateway: Gateway) -> None:
    key = gateway.call(invoice(line("10"), number="I-1")).key
    gateway.call(f'<update_invoice key="{key}"><datecreated>{date("2026-04-01")}</datecreated></update_invoice>')
    found = last_invoice(gateway)
    assert (found["WHENCREATED"], found["WHENPOSTED"], found["WHENDUE"]) == ("04/01/2026", "04/01/2026", "05/01/2026")


def test_an_invoice_of_a_closed_period_cannot_be_changed_whatever_the_new_date(gateway: Gateway) -> None:
    key = gateway.call(invoice(line("10"), number="I-1")).key
    gateway.act("close_period", through="2026-03-31")
    changed = gateway.call(
        f'<update_invoice key="{key}"><datecreated>{date("2026-04-01")}</datecreated></update_invoice>'
    )
    assert "Periods are closed" in changed.errors[0]
    assert changed.errors[-1] == "BL01001973 Could not update Invoice record!"
    gateway.act("open_period")
    assert gateway.call(f'<delete_invoice key="{key}"/>').status == "success"


def test_a_period_can_be_closed_for_one_entity_alone(gateway: Gateway) -> None:
    gateway.act("close_period", through="2026-03-31", entity="EU")
    assert gateway.call(invoice(line("10"))).status == "success"
    assert "Periods are closed" in gateway.call(invoice(line("10")), entity="EU").errors[0]


def test_in_an_entity_only_its_own_locations_can_be_used(gateway: Gateway) -> None:
    def answer(location: str, entity: str) -> str:
        coded = line("10", more=f"<locationid>{location}</locationid>")
        return gateway.call(invoice(coded), entity=entity).status

    assert [answer(location, "US") for location in ("US", "US-W", "EU")] == ["success", "success", "failure"]
    assert answer("EU", "") == "success"


def test_only_memos_of_a_partly_paid_invoice_can_be_changed(gateway: Gateway) -> None:
    key = gateway.call(invoice(line("10"), number="I-1")).key
    gateway.act("pay_invoice", invoice="I-1", amount="4")
    memo = f'<update_invoice key="{key}"><ponumber>PO 7</ponumber></update_invoice>'
    assert gateway.call(memo).status == "success"
    amount = (
        f'<update_invoice key="{key}"><updateinvoiceitems><updatelineitem line_num="1"><amount>1</amount>'
        "</updatelineitem></updateinvoiceitems></update_invoice>"
    )
    assert gateway.call(amount).errors[0] == "BL01001973 Transaction 'I-1' is already paid and can't be updated."
    assert gateway.call(f'<delete_invoice key="{key}"/>').errors[0].endswith("is already paid and can't be deleted.")


def test_a_reversal_is_a_contra_record_and_nothing_stays_due(gateway: Gateway) -> None:
    key = gateway.call(invoice(line("10"), line("-2"), number="I-1")).key
    answer = gateway.call(
        f'<reverse_invoice key="{key}"><datereversed>{date("2026-03-10")}</datereversed></reverse_invoice>'
    )
    old, new = gateway.query("ARINVOICE", "RECORDNO STATE TRX_TOTALENTERED TRX_TOTALDUE WHENCREATED")
    assert (old["STATE"], old["TRX_TOTALENTERED"], old["TRX_TOTALDUE"]) == ("Reversed", "8", "0")
    assert (new["STATE"], new["TRX_TOTALENTERED"], new["TRX_TOTALDUE"]) == ("Reversal", "-8", "0")
    assert (new["RECORDNO"], new["WHENCREATED"]) == (answer.key, "03/10/2026")
    again = gateway.call(
        f'<reverse_invoice key="{key}"><datereversed>{date("2026-03-10")}</datereversed></reverse_invoice>'
    )
    assert "is in the state Reversed and can't be reversed" in again.errors[0]
    assert gateway.books()["due"] == "0.00"


def test_a_deleted_invoice_is_gone_and_leaves_a_line_in_the_audit_history(gateway: Gateway) -> None:
    key = gateway.call(invoice(line("10"), number="I-1")).key
    answer = gateway.call(f"<delete><object>ARINVOICE</object><keys>{key}</keys></delete>")
    assert answer.status == "success"
    assert answer.result.find("data") is None
    assert gateway.query("ARINVOICE", "RECORDNO") == []
    assert gateway.query("ARINVOICEITEM", "RECORDNO") == []
    assert gateway.rows("ARINVOICE")[0]["DELETED_AT"] == "2026-03-05 10:30:00"
    trail = gateway.query(
        "AUDITHISTORY", "OBJECTKEY ACCESSMODE", compare("equalto", "OBJECTTYPE", "arinvoice"), order="ID"
    )
    assert trail == [
        {"OBJECTKEY": f"{key}--REC", "ACCESSMODE": "C"},
        {"OBJECTKEY": f"{key}--REC", "ACCESSMODE": "D"},
    ]
    gone = gateway.call(f"<delete><object>ARINVOICE</object><keys>{key}</keys></delete>")
    assert gone.errors[0] == f"BL01001973 Cannot find invoice with key '{key}' to delete."


def test_what_is_not_imitated_says_so(gateway: Gateway) -> None:
    allocated = line("10", more="<allocationid>Thirds</allocationid>")
    assert gateway.call(invoice(allocated)).errors[0] == "SANDBOX An allocation is not imitated by this sandbox."
    assert "not imitated" in gateway.call("<create_potransaction/>").errors[0]
