# Amends. `make demo` shows it, `make test` tests it; everything else is for developers.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.installed
STAY ?=
# Processes of `make test`. Many tests wait for a due instant or a server, so there are more than processors.
WORKERS ?= 4
# Where nothing may be cached (images often say so), every service would compile its libraries at every start.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help install demo test check interop bench train train-wording sandbox nightly cluster fuzz contract format lock clean

help:  ## What can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

install: $(READY)  ## The virtual environment, from requirements.lock

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Amends needs Python 3.11 or newer; name one with PYTHON=python3.12" >&2; exit 1; }
	@echo "Setting up $(VENV) (about a minute the first time) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation -e .
	@touch $@
	@echo "Setting up $(VENV) ... done"

demo: $(READY)  ## Real-looking complaints through their whole life on real servers (STAY=1 leaves it up)
	@$(BIN)/python -m deploy.demo $(if $(STAY),--stay)

test: $(READY)  ## All tests, on real servers that they start themselves
	@$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadgroup --no-loadscope-reorder $(ARGS)

sandbox: $(READY)  ## Whole lives and replays with workflow code in the sandbox of Temporal's SDK
	@AMENDS_WORKFLOW_SANDBOX=true $(BIN)/python -m pytest tests/e2e tests/replay --numprocesses 2 \
	  --dist loadgroup $(ARGS)

nightly: $(READY)  ## What is tried at random, twenty times as often (about an hour)
	@AMENDS_THOROUGH=20 $(BIN)/python -m pytest tests/unit/test_clocks_by_brute_force.py \
	  tests/unit/test_fuzzed_submissions.py tests/chaos tests/integration/test_burst.py \
	  tests/integration/test_fair_sources.py tests/integration/test_flood.py \
	  tests/unit/test_linear_time.py tests/integration/test_proof_of_many.py \
	  tests/integration/test_door_fuzzed.py tests/integration/test_new_year.py \
	  tests/integration/test_intake_process.py tests/unit/test_case_model.py \
	  tests/unit/test_certificates_model.py tests/unit/test_case_migration_model.py \
	  tests/unit/test_case_merging_model.py $(ARGS)

cluster: $(READY)  ## Three NATS nodes with TLS, PostgreSQL, two of each service; all killed and replaced
	@$(BIN)/python -m tests.cluster $(ARGS)

fuzz: $(READY)  ## Fuzz the reading of submissions for SECONDS (60); Linux on x86-64, fetches 35 MB once
	@$(BIN)/python -c 'import atheris' 2>/dev/null || $(BIN)/python -m pip install --disable-pip-version-check \
	  --quiet --no-deps --require-hashes -r tests/fuzz/requirements.txt
	@$(BIN)/python -m tests.fuzz $(SECONDS)

check: $(READY)  ## Format, lint, types (of tests only names), import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

interop: $(READY)  ## The official AsyncAPI parser, and a client in another language (needs Node)
	@$(BIN)/python -m tests.interop.run

bench: $(READY)  ## Measure, as ratios to the bare libraries (ARGS="--only clocks", burst, flood …)
	@$(BIN)/python -m tests.bench $(ARGS)

train: $(READY)  ## Make the classifier anew from its corpus (ARGS="--corpus DIR --out FILE")
	@$(BIN)/python -m shared.triage.train $(ARGS)

train-wording: $(READY)  ## Make the model of the wording gate anew from its corpus (ARGS="--corpus DIR --out FILE")
	@$(BIN)/python -m shared.wording.train $(ARGS)

contract: $(READY)  ## Generate docs/contract from the models
	@$(BIN)/python -m shared.contract.generate docs/contract
	@$(BIN)/python -m services.door.openapi docs/contract/openapi.json

format: $(READY)  ## Format and sort
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

lock: $(READY)  ## Resolve requirements.lock anew (needs uv on the path)
	@uv pip compile pyproject.toml --extra local --extra telemetry --extra dev --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-annotate --quiet -o requirements.lock
	@uv pip compile pyproject.toml --constraint requirements.lock --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-annotate --quiet -o requirements-runtime.lock

clean:  ## Remove what was made here
	@rm -rf $(VENV) .amends build *.egg-info tests/interop/node_modules
