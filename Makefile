# `make help` lists the targets.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.set-up
export KNOWFLOW_MODEL_FALLBACK ?= embedded

.PHONY: help run test check setup clean gen bench format

help: ## List the targets.
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

$(STAMP): pyproject.toml
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || { echo "KnowFlow needs Python 3.11 or newer: install it, or name yours: make PYTHON=…"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@# The pip that Python brings may be too old to find a set of versions which fit together: it gives up after minutes.
	$(BIN)/pip install --quiet --disable-pip-version-check 'pip>=26'
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[server,dev]'
	$(BIN)/python -m knowflow_server.workers.embed --prepare
	$(BIN)/python -m knowflow_server.workers.chat --prepare
	touch $(STAMP)

setup: $(STAMP) ## Set everything up in .venv.

run: $(STAMP) ## Serve: REST on localhost:9380, gRPC on localhost:9390, data in ./data.
	@exec $(BIN)/knowflow serve

test: $(STAMP) ## Run the whole suite.
	@# When native code ends the process, its last words are on standard error; they are shown last, where a log is read.
	$(BIN)/pytest 2>$(VENV)/test-stderr.log || { code=$$?; head -40 $(VENV)/test-stderr.log; \
		grep -A 8 '^Current thread' $(VENV)/test-stderr.log; exit $$code; }

check: $(STAMP) ## Everything a commit must pass: format, lint, types, protos, contracts, tests.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy server/knowflow_server gateway/knowflow_gateway
	$(BIN)/python clients/generate.py --check --lint --breaking $${BASE_REF:-HEAD}
	$(BIN)/lint-imports
	$(MAKE) test

gen: $(STAMP) ## Generate the code under clients/ from the protos.
	$(BIN)/python clients/generate.py

format: $(STAMP) ## Format code and protos.
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/buf format -w proto

bench: $(STAMP) ## Print the benchmark table.
	LANCE_LOG=error LANCEDB_LOG=error $(BIN)/python -m tests.bench

clean: ## Remove what setup made.
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
