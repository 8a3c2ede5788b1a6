# The two commands are `make run` and `make test`; both need only Python 3.11 to 3.14 with its venv module.

# The first Python that will do; PYTHON=python3.12 takes that one.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -m infra.install --fits 2>/dev/null && echo $$python && break; done)
RUN = $(or $(PYTHON),$(error No Python 3.11 to 3.14 with its module venv was found; PYTHON=… names one))
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
PYTEST_ARGS ?=
JOBS ?= 3
# Only `make check` measures coverage: it costs time, and a part of the tests may be run alone.
COVERAGE :=
REQUIREMENTS := infra/requirements
POLICIES := build/policies/.venv
AUDIT := build/audit/.venv
FUNCTIONS := $(notdir $(basename $(wildcard $(REQUIREMENTS)/functions/*.txt)))
# Only compiles the pins: pip installs them, for it reads the machine's pip.conf. Extras stay (infra/install/pins.py).
COMPILE := $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header \
	--no-annotate -q

# Tests start Python by the hundred: what is compiled is kept, whatever the environment says of it.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help run test faults chaos kill fuzz check tools lint apart compiled types coverage terraform policies audit sbom \
	pictures format requirements clean

help: ## Show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'

run: $(VENV)/run.ok ## Run the whole system on this machine; ARGS="--firestore" passes options on
	@$(BIN)/assistant sandbox $(ARGS)

test: $(VENV)/dev.ok ## Run all tests; PYTEST_ARGS="tests/store" picks some
	@rm -f .coverage .coverage.*
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder $(COVERAGE) $(PYTEST_ARGS)

faults: $(VENV)/dev.ok ## Crash permits and flows at each of their effect points, and print how many; then storms; SEEDS=5
	$(BIN)/python -m pytest -q -rP tests/pipeline/test_crashes.py tests/bitrix/tokens/test_crashes.py
	FAULT_POINTS=all $(BIN)/python -m pytest -n $(JOBS) -rP --timeout 0 tests/faults/test_flows.py
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --deselect tests/faults/test_flows.py tests/faults tests/chaos
	ANY_ORDER_SEEDS="$$(seq -s ' ' $(or $(SEEDS),5))" $(BIN)/python -m pytest -n $(JOBS) tests/stateful

chaos: $(VENV)/dev.ok ## Orders through a storm while managers change them, in both dialects; prints the books; ORDERS=300 SEED=1
	MANAGED_ORDERS=$(or $(ORDERS),300) EXACTLY_ONCE_SEED=$(or $(SEED),1) $(BIN)/python -m pytest -q -rP \
		--show-capture=stdout --timeout 0 tests/chaos/test_managers.py

kill: $(VENV)/dev.ok ## Kill the functions' processes while masters order; ORDERS=1000 DIALECT=native SEED=1; needs gcloud, Java
	$(BIN)/python -u -m tests.kill.run

fuzz: $(VENV)/dev.ok ## Throw hostile input at each of the three public surfaces for long; MINUTES=10 SURFACE=updates JOBS=2
	$(BIN)/python -u -m tests.fuzz.run

# What is skipped for want of a tool fails here, and `tools` says so before anything else.
check: export CI := true
# The bar of 95 % is held by `coverage`, over all of them.
check: COVERAGE := --cov --cov-report= --cov-fail-under=0
check: tools lint apart test coverage ## Everything CI checks

# Each of these keeps one core busy, the tests keep all.
apart: $(VENV)/dev.ok
	@$(MAKE) --no-print-directory -j2 types compiled terraform policies

# Else each of the tests' workers would do it, all at the same time.
compiled: $(VENV)/dev.ok
	@mkdir -p build
	@$(BIN)/python -m pytest --collect-only -qq >build/collected.txt || { cat build/collected.txt; exit 1; }

tools:
	@$(RUN) -m infra.checks.tools

lint: $(VENV)/dev.ok ## Style and format
	$(BIN)/ruff check --output-format concise .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo --cache-dir build/import-linter

types: $(VENV)/dev.ok ## mypy --strict
	$(BIN)/mypy

coverage: $(VENV)/dev.ok ## Branch coverage of the last test run, 95 % of shared/ and functions/ at least
	@$(BIN)/coverage combine -q 2>/dev/null || true
	$(BIN)/coverage report

terraform: ## fmt, validate, plan and test of stage and prod, asking no cloud
	@$(RUN) -m infra.checks.terraform

policies: $(POLICIES)/policies.ok ## Security rules for the Terraform (checkov, in an environment of its own)
	$(POLICIES)/bin/checkov --directory infra/terraform --framework terraform --skip-download --quiet --compact

# Not a part of `check`: what is known of a pin changes by the day. Without --strict a pin of which nothing can be learnt is passed over.
audit: $(AUDIT)/audit.ok ## Known faults of what the functions install; AUDIT_SERVICE=osv asks another list; needs the network
	@$(AUDIT)/bin/pip-audit --strict --require-hashes --disable-pip --progress-spinner off --vulnerability-service \
		$(or $(AUDIT_SERVICE),pypi) $(FUNCTIONS:%=-r $(REQUIREMENTS)/functions/%.txt) || { \
		echo "A fault was found, or the list of known ones could not be asked: the lines above say which." >&2; exit 1; }

sbom: $(FUNCTIONS:%=build/sbom/%.cdx.json) ## What each function's zip installs, as CycloneDX in build/sbom/

build/sbom/%.cdx.json: $(REQUIREMENTS)/functions/%.txt $(AUDIT)/audit.ok
	@mkdir -p $(@D)
	@$(AUDIT)/bin/python -W ignore -m cyclonedx_py requirements --pyproject pyproject.toml --output-reproducible -o $@ $<
	@echo $@

pictures: $(VENV)/dev.ok ## Take the pictures in README anew (needs Chromium and a font with emoji)
	$(BIN)/python -m tests.pictures.take

format: $(VENV)/dev.ok ## Format the code
	$(BIN)/ruff check --fix -q . || true
	$(BIN)/ruff format .

requirements: $(VENV)/dev.ok ## Pin anew what pyproject.toml asks for, with hashes and without any index address
	echo pip | $(COMPILE) - -o $(REQUIREMENTS)/pip.txt
	$(COMPILE) pyproject.toml --extra local --group build -o $(REQUIREMENTS)/run.txt
	$(COMPILE) pyproject.toml --extra local --group dev -c $(REQUIREMENTS)/run.txt -o $(REQUIREMENTS)/dev.txt
	echo "checkov>=3.2,<4" | $(COMPILE) - -o $(REQUIREMENTS)/policies.txt
	printf '%s\n' "cyclonedx-bom>=7,<8" "pip-audit>=2.10,<3" | $(COMPILE) - -o $(REQUIREMENTS)/audit.txt
	$(BIN)/python -m infra.packaging build/requirements
	for wanted in build/requirements/*.in; do \
		$(COMPILE) $$wanted -c $(REQUIREMENTS)/run.txt \
			-o $(REQUIREMENTS)/functions/$$(basename $$wanted .in).txt || exit 1; \
	done
	$(BIN)/python -m infra.install.pins $(REQUIREMENTS)/*.txt $(REQUIREMENTS)/functions/*.txt

clean: ## Remove what was installed and cached
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage .coverage.* *.egg-info build

$(VENV)/run.ok: $(REQUIREMENTS)/run.txt $(REQUIREMENTS)/pip.txt pyproject.toml
	@$(RUN) -m infra.install $(VENV) run --editable
	@touch $@

$(VENV)/dev.ok: $(REQUIREMENTS)/dev.txt $(REQUIREMENTS)/pip.txt pyproject.toml
	@$(RUN) -m infra.install $(VENV) dev --editable
	@touch $(VENV)/run.ok $@

# Not beside ours: it would bind our dependencies to its own.
$(POLICIES)/policies.ok: $(REQUIREMENTS)/policies.txt $(REQUIREMENTS)/pip.txt
	@$(RUN) -m infra.install $(POLICIES) policies
	@touch $@

# Nor this one: what reads pins binds other versions than what runs.
$(AUDIT)/audit.ok: $(REQUIREMENTS)/audit.txt $(REQUIREMENTS)/pip.txt
	@$(RUN) -m infra.install $(AUDIT) audit
	@touch $@
