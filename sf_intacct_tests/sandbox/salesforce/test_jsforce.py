"""jsforce, a second client that nobody here wrote; needs node and the package, else it is skipped.

The package is looked for in var/node_modules and var/node/node_modules, or where
SF_INTACCT_NODE_MODULES points to.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from sf_intacct_tests.sandbox.salesforce.org import Org

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = """
const { Connection } = require('jsforce');
const oauth2 = { loginUrl: process.argv[1], clientId: 'sandbox-client', clientSecret: 'sandbox-secret' };
(async () => {
  const c = new Connection({ oauth2, version: '64.0' });
  const { organizationId } = await c.authorize({ grant_type: 'client_credentials' });
  const rows = Array.from({ length: 450 }, (_, i) => ({ Name: `N${i}`, Intacct_Customer_Id__c: `C${i}` }));
  const made = await c.sobject('Account').create(rows, { allowRecursive: true });
  const again = await c.sobject('Account').upsert(rows.slice(0, 3), 'Intacct_Customer_Id__c');
  await c.sobject('Account').update({ Id: made[0].id, Name: 'changed' });
  await c.sobject('Account').destroy([made[1].id, made[2].id]);
  let seen = 0;
  await c.query('SELECT Id FROM Account').on('record', () => seen++).run({ autoFetch: true, maxFetch: 9999 });
  const name = (await c.sobject('Account').retrieve(made[0].id)).Name;
  const refused = await c.sobject('Contact').create({}).catch((error) => error.errorCode);
  const described = (await c.describe('Order')).name;
  console.log(JSON.stringify({ organizationId, made: made.length, created: again[0].created, seen, name, refused,
    described }));
})();
"""


def node_modules() -> Path:
    if shutil.which("node") is None:
        pytest.skip("node is not here")
    given = os.environ.get("SF_INTACCT_NODE_MODULES")
    places = [Path(given)] if given else [ROOT / "var" / "node_modules", ROOT / "var" / "node" / "node_modules"]
    for place in places:
        if (place / "jsforce").is_dir():
            return place
    pytest.skip("the npm package jsforce is not installed under var/")


def test_jsforce_reads_and_writes_unmodified(org: Org) -> None:
    run = subprocess.run(
        ["node", "-e", SCRIPT, org.host],
        env={**os.environ, "NODE_PATH": str(node_modules())},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout) == {
        "organizationId": org.credentials["organization_id"],
        "made": 450,
        "created": False,
        "seen": 448,
        "name": "changed",
        "refused": "REQUIRED_FIELD_MISSING",
        "described": "Order",
    }
