# The two commands are `make run` and `make test`; both need only Python >= 3.11 with its venv module.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
PYTEST_ARGS ?=
JOBS ?= 3
# The bar of 95 % is held by `make coverage`: a part of the tests may be run alone.
COVERAGE := --cov --cov-report= --cov-fail-under=0
REQUIREMENTS := infra/requirements
TERRAFORM := ../shared/tools/terraform-offline/terraform-offline
PIP := $(BIN)/python -m pip --disable-pip-version-check install

.DEFAULT_GOAL := help
.PHONY: help run test retest check lint types coverage terraform policies pictures format requirements clean

help: ## Show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'

run: $(VENV)/run.ok ## Run the whole system on this machine; ARGS="--firestore" passes options on
	@$(BIN)/assistant sandbox $(ARGS)

test: $(VENV)/dev.ok ## Run all tests with coverage; PYTEST_ARGS="tests/store" picks some
	@rm -f .coverage .coverage.*
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder $(COVERAGE) $(PYTEST_ARGS)

retest: $(VENV)/dev.ok ## Run what failed in the last run once more
	$(BIN)/python -m pytest --last-failed --last-failed-no-failures none $(COVERAGE) --cov-append

check: lint types test coverage terraform policies ## Everything CI checks

lint: $(VENV)/dev.ok ## Style and format
	$(BIN)/ruff check --output-format concise .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo --cache-dir build/import-linter

types: $(VENV)/dev.ok ## mypy --strict
	$(BIN)/mypy

coverage: $(VENV)/dev.ok ## Branch coverage of the last test run, 95 % of shared/ and functions/ at least
	@$(BIN)/coverage combine -q 2>/dev/null || true
	$(BIN)/coverage report

terraform: ## fmt, validate, plan, apply and test of stage and prod, where Terraform's offline stand-in is at hand
	@mkdir -p build
	@if [ -x $(TERRAFORM) ]; then \
		for environment in stage prod; do \
			$(TERRAFORM) infra/terraform -var-file=environments/$$environment.tfvars >build/terraform.log 2>&1 && \
			$(TERRAFORM) infra/terraform apply -var-file=environments/$$environment.tfvars >build/terraform.log 2>&1 || \
				{ cat build/terraform.log; exit 1; }; \
			echo "$$environment: fmt, validate, plan and apply are fine"; \
		done; \
		$(TERRAFORM) infra/terraform test; \
	else echo "no Terraform to check here"; fi

policies: build/policies.ok ## Security rules for the Terraform (checkov, in an environment of its own)
	build/policies/bin/checkov --directory infra/terraform --framework terraform --skip-download --quiet --compact

pictures: $(VENV)/dev.ok ## Take the pictures in README anew (needs Chromium and a font with emoji)
	$(BIN)/python -m tests.pictures.take

format: $(VENV)/dev.ok ## Format the code
	$(BIN)/ruff check --fix -q . || true
	$(BIN)/ruff format .

requirements: $(VENV)/dev.ok ## Pin anew what pyproject.toml asks for, with hashes and without any index address
	$(BIN)/uv pip compile pyproject.toml --extra local --group build --universal --python-version 3.11 \
		--generate-hashes --no-header --no-annotate -q -o $(REQUIREMENTS)/run.txt
	$(BIN)/uv pip compile pyproject.toml --extra local --group dev -c $(REQUIREMENTS)/run.txt --universal \
		--python-version 3.11 --generate-hashes --no-header --no-annotate -q -o $(REQUIREMENTS)/dev.txt
	echo "checkov>=3.2,<4" | $(BIN)/uv pip compile - --universal --python-version 3.11 --generate-hashes --no-header \
		--no-annotate -q -o $(REQUIREMENTS)/policies.txt
	$(BIN)/python -m infra.packaging build/requirements
	for wanted in build/requirements/*.in; do \
		$(BIN)/uv pip compile $$wanted -c $(REQUIREMENTS)/run.txt --universal --python-version 3.11 --generate-hashes \
			--no-header --no-annotate -q -o $(REQUIREMENTS)/functions/$$(basename $$wanted .in).txt || exit 1; \
	done

clean: ## Remove what was installed and cached
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage .coverage.* *.egg-info build

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; try: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@echo "Making $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)

$(VENV)/run.ok: $(REQUIREMENTS)/run.txt pyproject.toml | $(BIN)/python
	@echo "Installing what it runs with (once, about a minute) ..."
	@$(PIP) --require-hashes -r $(REQUIREMENTS)/run.txt
	@$(PIP) -q --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/dev.ok: $(REQUIREMENTS)/dev.txt pyproject.toml | $(BIN)/python
	@echo "Installing what it is tested with (once, about a minute) ..."
	@$(PIP) --require-hashes -r $(REQUIREMENTS)/dev.txt
	@$(PIP) -q --no-deps --no-build-isolation -e .
	@touch $(VENV)/run.ok $@

# Not beside ours: it would bind our dependencies to its own.
build/policies.ok: $(REQUIREMENTS)/policies.txt
	@echo "Installing the security rules (once, half a minute) ..."
	@mkdir -p build && rm -rf build/policies && $(PYTHON) -m venv build/policies
	@build/policies/bin/python -m pip --disable-pip-version-check install -q --require-hashes -r $(REQUIREMENTS)/policies.txt
	@touch $@
