"""The vendor's own SDK for node, unmodified but for its check that the address ends in intacct.com."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from sf_intacct_tests.sandbox.intacct.harness import Gateway

ROOT = Path(__file__).resolve().parents[3]
MODULES = Path(os.environ.get("SF_INTACCT_NODE", ROOT / "var" / "node")) / "node_modules"

SCRIPT = """
const IA = require("@intacct/intacct-sdk");
const { Functions } = IA;
IA.Credentials.Endpoint.isDomainValid = () => true;
async function main() {
  const config = new IA.ClientConfig();
  config.endpointUrl = process.env.GATEWAY;
  config.senderId = "sandbox-sender"; config.senderPassword = "sandbox-sender-secret";
  config.companyId = "SANDBOX"; config.userId = "integration"; config.userPassword = "integration-secret";
  const session = await IA.SessionProvider.factory(config);
  const client = new IA.OnlineClient(session);
  const answer = {endpoint: session.endpointUrl, refused: null};

  const customer = new Functions.AccountsReceivable.CustomerCreate();
  customer.customerId = "N-1"; customer.customerName = "Node & Sons"; customer.active = true;
  customer.printAs = "Node & Sons"; customer.primaryEmailAddress = "node@example.com";
  customer.paymentTerm = "Net 30"; customer.customFields = [["SALESFORCE_ID", "001N"]];
  answer.customer = (await client.execute(customer)).getResult().data;
  try { await client.execute(customer); } catch (error) { answer.refused = error.errors; }

  const update = new Functions.AccountsReceivable.CustomerUpdate();
  update.customerId = "N-1"; update.customerName = "Node";
  await client.execute(update);

  const line = (amount) => {
    const one = new Functions.AccountsReceivable.InvoiceLineCreate();
    one.glAccountNumber = "4000"; one.transactionAmount = amount; one.memo = "line " + amount;
    one.itemId = "WIDGET"; one.customFields = [["SALESFORCE_LINE_ID", "802N"]];
    return one;
  };
  const invoice = (number) => {
    const one = new Functions.AccountsReceivable.InvoiceCreate();
    one.customerId = "N-1"; one.transactionDate = new Date("2026-03-05T12:00:00"); one.invoiceNumber = number;
    one.glPostingDate = one.transactionDate; one.paymentTerm = "Net 30"; one.action = "Submit";
    one.lines = [line(10.5), line(2)];
    return one;
  };
  const request = new IA.RequestConfig();
  request.uniqueId = true; request.transaction = true; request.controlId = "batch";
  const made = await client.executeBatch([invoice("N-1"), invoice("N-2"), invoice("N-3")], request);
  answer.keys = made.results.map((one) => one.key);

  const query = new Functions.Common.NewQuery.Query();
  query.fromObject = "ARINVOICE"; query.pageSize = 2;
  query.selectFields = [new Functions.Common.NewQuery.QuerySelect.Field("RECORDID"),
                        new Functions.Common.NewQuery.QuerySelect.Field("TRX_TOTALDUE")];
  query.filter = new Functions.Common.NewQuery.QueryFilter.Filter("CUSTOMERID").equalTo("N-1");
  const order = new Functions.Common.NewQuery.QueryOrderBy.OrderDescending("RECORDID");
  query.orderBy = [order];
  const page = (await client.execute(query)).getResult();
  answer.page = {data: page.data, total: page.totalCount, remaining: page.numRemaining};

  const old = new Functions.Common.ReadByQuery();
  old.objectName = "ARINVOICE"; old.pageSize = 2; old.fields = ["RECORDID"];
  const first = (await client.execute(old)).getResult();
  const more = new Functions.Common.ReadMore();
  more.resultId = first.resultId;
  const second = (await client.execute(more)).getResult();
  answer.pages = [first.data.length, first.numRemaining, second.data.length, second.numRemaining];

  const entity = new IA.ClientConfig();
  entity.sessionId = session.sessionId; entity.endpointUrl = session.endpointUrl; entity.entityId = "US";
  entity.senderId = "sandbox-sender"; entity.senderPassword = "sandbox-sender-secret";
  answer.entity = (await IA.SessionProvider.factory(entity)).entityId;
  console.log(JSON.stringify(answer));
}
main().catch((error) => { console.error(error); process.exit(1); });
"""


@pytest.fixture
def answer(gateway: Gateway) -> dict[str, Any]:
    """What the script found; skips where node or the package is not there."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    if not (MODULES / "@intacct" / "intacct-sdk").is_dir():
        pytest.skip(f"@intacct/intacct-sdk is not in {MODULES} (npm install @intacct/intacct-sdk@2.2.1 there)")
    run = subprocess.run(
        [node, "-e", SCRIPT],
        env={**os.environ, "GATEWAY": gateway.url, "NODE_PATH": str(MODULES), "NODE_NO_WARNINGS": "1", "TZ": "UTC"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return dict(json.loads(run.stdout))


def test_the_vendors_sdk_signs_in_writes_and_reads(gateway: Gateway, answer: dict[str, Any]) -> None:
    assert answer["endpoint"] == gateway.url
    assert answer["customer"][0]["CUSTOMERID"] == "N-1"
    assert "BL34000061 Another Customer with the given value(s) N-1 already exists" in answer["refused"][0]
    assert len(answer["keys"]) == 3
    assert answer["page"] == {
        "data": [{"RECORDID": "N-3", "TRX_TOTALDUE": "12.5"}, {"RECORDID": "N-2", "TRX_TOTALDUE": "12.5"}],
        "total": 3,
        "remaining": 1,
    }
    assert answer["pages"] == [2, 1, 1, 0]
    assert answer["entity"] == "US"
    (customer,) = [one for one in gateway.rows("CUSTOMER") if one["CUSTOMERID"] == "N-1"]
    assert (customer["NAME"], customer["SALESFORCE_ID"]) == ("Node", "001N")
    lines = gateway.rows("ARINVOICEITEM")
    assert {one["SALESFORCE_LINE_ID"] for one in lines} == {"802N"}
    assert [one["ENTRYDESCRIPTION"] for one in lines[:2]] == ["line 10.5", "line 2"]
