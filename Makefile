# The few commands people need. Everything happens in a virtual environment in this checkout.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
SF := $(BIN)/sf-intacct

.PHONY: demo test test-long up lint docs coverage failure-modes proof simulate crash mutants clean

demo: $(READY)            ## both sandboxes, the whole road, what happened
	$(SF) demo

test: $(READY)            ## all tests that take minutes, not hours
	$(BIN)/pytest -q -n 2 --dist loadgroup

test-long: $(READY)       ## every journey and proof beyond the default run
	$(BIN)/pytest -q -m long -n 2 --dist loadgroup

up: $(READY)              ## both sandboxes and Dagster on loopback, until Ctrl-C
	$(SF) up

lint: $(READY)            ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: $(READY)            ## renew the pages and schemas that are made from the code
	$(BIN)/python -m sf_intacct.cli.reference

# [RUN=1] runs the tests too, and says which of them pass
coverage: $(READY)        ## the table of crossings with the tests that prove each row; fails while a row has none
	$(BIN)/python -m sf_intacct_tests.coverage $(if $(RUN),--run)

# [RUN=1] runs the tests too, and says which of them pass
failure-modes: $(READY)   ## what goes wrong, row by row, with the tests or the reason; fails while a row has neither
	$(BIN)/python -m sf_intacct_tests.failure_modes $(if $(RUN),--run)

# SEEDS=<how many> START=<first seed>
simulate: $(READY)        ## seeded histories of faults, deaths and people, judged by the sandbox's own books
	$(BIN)/python -m sf_intacct_tests.simulation --seeds $(or $(SEEDS),1000) --start $(or $(START),0)

# KILLS=<how many> JOURNAL=sqlite|postgres [START=<first seed>] [POINT=<die there only>]
crash: $(READY)           ## processes killed at every named point of the road, judged by the sandboxes' own books
	$(BIN)/python -m sf_intacct_tests.crash --kills $(or $(KILLS),500) --journal $(or $(JOURNAL),sqlite) \
		--start $(or $(START),0) $(if $(POINT),--point "$(POINT)")

mutants: $(READY)         ## ways to break the house on purpose, each of which must be caught
	$(BIN)/python -m sf_intacct_tests.simulation.mutants

# DATA=<folder of real sales: the wholesale or the online retailer's> MONTHS=<yyyy-mm,...> [ENTITIES=3] [CURRENCIES=3] [FAULTS=drop-reply-every-7] [KILL=apply]
proof: $(READY)           ## the whole road on real data, in a fresh temporary home
	$(BIN)/python -m benchmarks.proof --data "$(DATA)" --months "$(MONTHS)" \
		$(if $(ENTITIES),--entities "$(ENTITIES)") $(if $(CURRENCIES),--currencies "$(CURRENCIES)") \
		$(if $(FAULTS),--faults "$(FAULTS)") $(if $(KILL),--kill "$(KILL)")

# DATA=<folder of real names with a known truth>
matching: $(READY)        ## how well suggestions find real duplicates, against plain ways of doing it
	$(BIN)/python -m benchmarks.matching --data "$(DATA)"

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $(READY)

clean:
	rm -rf $(VENV) var
