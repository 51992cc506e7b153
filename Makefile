# kcalc: `make run` starts the dashboard, `make test` runs every test. Both set themselves up and need Python 3.11+.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: help run test check format bench faults soak fuzz pictures clean

help: ## show what can be made
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | column -t -s "$$(printf '\t')"

run: $(VENV)/ready ## start kcalc-tui on the embedded broker
	@$(BIN)/kcalc-tui $(ARGS)

test: $(VENV)/dev-ready ## run every test (real Apache Kafka too, where Java and Maven are), two at a time; or those of ARGS="tests/calc -x"
	$(BIN)/python -m pytest $(or $(ARGS),-n 2 --dist loadgroup)

check: $(VENV)/dev-ready ## lint, format, types, and which room may import which
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/dev-ready ## mend what lint and format can mend by themselves
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/dev-ready ## measure the figures of docs/benchmarks.md (about 25 minutes)
	$(BIN)/python -m bench $(ARGS)

faults: $(VENV)/dev-ready ## one run of the fault suite: SEED=1 MODE=exactly_once CLUSTER=apache REQUESTS=100000 FAULTS=12
	$(BIN)/python -m tests.faults $(foreach name,SEED MODE CLUSTER REQUESTS FAULTS ONLY,$(if $($(name)),--$(shell echo $(name) | tr A-Z a-z) $($(name))))

soak: $(VENV)/dev-ready ## the fault suite at length, on real Apache Kafka: writes docs/reliability.md (about 40 minutes)
	$(BIN)/python -m tests.faults.soak

fuzz: $(VENV)/dev-ready ## a million malformed messages, and as many mutated frames into the embedded broker (about 30 minutes)
	$(BIN)/python -m tests.fuzz.messages --seed $(or $(SEED),1) --count $(or $(COUNT),1000000)
	$(BIN)/python -m tests.fuzz.broker_frames --seed $(or $(SEED),1) --count $(or $(COUNT),1000000)

pictures: $(VENV)/dev-ready ## take the snapshots of the dashboard anew, and from them the pictures of the README
	$(BIN)/python -m pytest --snapshot-update -q tests/dashboard/test_snapshots.py tests/dashboard/test_cluster_snapshots.py \
		tests/dashboard/test_mode_snapshots.py tests/dashboard/test_trace_snapshots.py
	$(BIN)/python -m tests.dashboard.pictures

clean: ## remove what was set up or built here
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

$(VENV)/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "kcalc needs Python 3.11 or newer, $(PYTHON) is " + sys.version.split()[0] + ": try make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --upgrade pip

$(VENV)/ready: pyproject.toml constraints.txt | $(VENV)/bin/pip
	$(BIN)/pip install --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/dev-ready: $(VENV)/ready
	$(BIN)/pip install --quiet --constraint constraints.txt --group dev
	@touch $@
