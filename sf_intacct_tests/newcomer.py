"""What a newcomer sees who follows docs/how-to/add-a-field.md: python -m sf_intacct_tests.newcomer FOLDER, in a copy.

Orders with a channel are synced to the sandbox twice, in one folder, as a house that learns a field between two syncs;
prints what the lines of each invoice carry, and what is in the queue, as JSON.
"""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import sf_intacct
from sf_intacct_tests.town import MAPPINGS, Row, Town, line, order, queue, settle, town_hall

CHANNELS: list[Row] = [{"NAME": "Web", "STATUS": "active"}, {"NAME": "Partner", "STATUS": "active"}]


def main(folder: Path, mappings_before: Path) -> dict[str, Any]:
    """One sync with the mappings of `mappings_before`, then a new order and a sync with those of this copy."""
    shutil.copytree(mappings_before, folder / "mappings")
    with town_hall() as addresses:
        town = Town(addresses, folder)
        orders = [order("1", status="Draft"), order("2", status="Draft")]
        town.seed(orders, [line(1, "1"), line(2, "2")], intacct={"CHANNEL": CHANNELS})
        _choose(town, {"1": "Web", "2": "Partner"})
        town.act("salesforce", "activate_order", order="1")
        settle(town.house())
        shutil.rmtree(folder / "mappings")
        shutil.copytree(MAPPINGS, folder / "mappings")
        town.act("salesforce", "activate_order", order="2")
        house = town.house()
        settle(house)
        names = {row["RECORDNO"]: row["NAME"] for row in town.rows("intacct", "CHANNEL")}
        carried = {
            invoice["RECORDID"]: [
                names.get(one["GLDIMCHANNEL"])
                for one in town.rows("intacct", "ARINVOICEITEM", RECORDKEY=invoice["RECORDNO"])
            ]
            for invoice in town.invoices()
        }
        told = {"house": str(Path(sf_intacct.__file__).parent), "carried": carried, "queue": queue(house)}
        town.close()
    return told


def _choose(town: Town, channels: dict[str, str]) -> None:
    """Sales chooses a channel, by the record number of its value, on the line of each order."""
    for number, channel in channels.items():
        item = town.one("salesforce", "OrderItem", OrderId=town.order(number)["Id"])
        chosen = {"Channel__c": str(town.one("intacct", "CHANNEL", NAME=channel)["RECORDNO"])}
        town.act("salesforce", "edit", object="OrderItem", id=item["Id"], fields=chosen)


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2]))))
