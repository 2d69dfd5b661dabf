"""Masters are edited, deactivated and deleted; settings change."""

from collections.abc import Mapping
from typing import Any

from sf_intacct.sandbox.intacct.books import customers, invoice_changes, masters, periods
from sf_intacct.sandbox.intacct.people.person import Answer, Person, act, typed

NAMES = {"DEPARTMENT": "TITLE", "GLACCOUNT": "TITLE", "CONTACT": "CONTACTNAME", "CHECKINGACCOUNT": "BANKNAME"}


class Administrator(Person):
    """Looks after masters and settings."""

    @act
    def set_status(self, object: str, key: str, status: str) -> Answer:
        """Activates or deactivates a record."""
        return self._edit(object, key, {"STATUS": status})

    @act
    def deactivate_many(self, object: str, count: int) -> Answer:
        """Deactivates that many active records, chosen by the world's chance."""
        active = self.company.store.select(object.upper(), "STATUS = 'active'")
        chosen = self.company.world.chance.sample(active, min(int(count), len(active)))
        id_field = self.company.store.schema[object.upper()].id_field
        self.clerk.change_many(object.upper(), {row["RECORDNO"]: {"STATUS": "inactive"} for row in chosen})
        return {"keys": sorted(row[id_field] for row in chosen)}

    @act
    def edit(self, object: str, key: str, fields: Mapping[str, str]) -> Answer:
        """Changes fields of a record; of an invoice those of its header."""
        if object.upper() == "ARINVOICE":
            number = self.invoice(key)["RECORDNO"]
            invoice_changes.update(self.clerk, number, typed(fields), {}, [])
            return {"invoices": self.standing([number])}
        return self._edit(object, key, fields)

    @act
    def rename(self, object: str, key: str, name: str) -> Answer:
        """Gives a record another name; its id stays."""
        return self._edit(object, key, {NAMES.get(object.upper(), "NAME"): name})

    @act
    def delete(self, object: str, key: str) -> Answer:
        """Deletes a record that nothing refers to."""
        found = self.record(object.upper(), key)
        masters.delete(self.clerk, object.upper(), found["RECORDNO"])
        return {"deleted": {"RECORDNO": found["RECORDNO"], "key": key}}

    def _edit(self, object_name: str, key: str, fields: Mapping[str, Any]) -> Answer:
        name = object_name.upper()
        values = {**typed(fields), "RECORDNO": str(self.record(name, key)["RECORDNO"])}
        row = customers.update(self.clerk, values) if name == "CUSTOMER" else masters.update(self.clerk, name, values)
        return {"object": name, "key": key, "RECORDNO": row["RECORDNO"], "changed": sorted(fields)}

    @act
    def configure(self, setting: str, value: Any) -> Answer:
        """Changes a setting of the company, or an assumption of the sandbox, by its name."""
        self.company.settings.put(setting, value)
        if setting == "ar_closed_through":
            periods.open_all(self.company.store)
            periods.close(self.company.store, self.company.settings.ar_closed_through)
        return {"setting": setting, "value": getattr(self.company.settings, setting)}
