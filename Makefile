# The commands of a working day. `make` alone lists them. Needs GNU make and Python 3.11 or newer, nothing else.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run demo test check bench bench-matching lock messages pictures clean

VENV := .venv
PY := $(VENV)/bin/python
APP := $(VENV)/.installed
DEV := $(VENV)/.installed-dev
LOCK_VENV := .venv-lock
LOCK := CUSTOM_COMPILE_COMMAND="make lock" $(LOCK_VENV)/bin/python -m piptools compile --quiet --generate-hashes \
	--strip-extras --allow-unsafe --no-emit-find-links --no-emit-index-url --no-emit-trusted-host \
	$(if $(UPGRADE),--upgrade)
INSTALL := $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' Makefile

run: $(APP) ## Start Intake with its demonstration data; PORT=8000 and DATA_DIR=data may be set
	@exec $(PY) scripts/run.py

demo: $(APP) ## Prepare the database and load the demonstration data, without starting anything
	@$(PY) -m flask --app wsgi setup --demo

test: $(DEV) ## Run the checks, then every test on SQLite and on PostgreSQL
	@MAKE="$(MAKE)" exec $(PY) scripts/tests.py

check: $(DEV) ## Run the checks alone: style, types, the direction of imports, templates
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports
	@if [ -d templates ]; then set -x; $(PY) -m djlint templates --lint --quiet; fi

bench: $(APP) ## Measure how long the pages take
	@$(PY) -m bench

bench-matching: $(APP) ## Measure the assignment engine beside a bare flow, the scores of texts, and the search for conflicts
	@$(PY) -m bench.matching
	@$(PY) -m bench.affinity
	@$(PY) -m bench.conflicts

lock: $(LOCK_VENV)/.installed ## Choose and pin the versions again; UPGRADE=1 takes the newest that fit
	$(LOCK) --output-file requirements.txt requirements.in
	$(LOCK) --output-file requirements-dev.txt requirements-dev.in

messages: $(APP) ## Collect the sentences to translate into translations/messages.pot
	@mkdir -p translations
	$(PY) -m babel.messages.frontend --quiet extract --mapping-file pyproject.toml \
		--keyword say --keyword _l --project Intake --omit-header --sort-by-file --output-file translations/messages.pot .

pictures: $(DEV) ## Make the pictures of the guides anew, from the demonstration
	@$(PY) scripts/pictures.py

clean: ## Remove what these commands made, except the data
	rm -rf $(VENV) $(LOCK_VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage htmlcov
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(PY):
	@python=$$(PYTHON="$(PYTHON)" sh scripts/find-python.sh) && "$$python" -m venv $(VENV)

$(APP): requirements.txt | $(PY)
	@echo "Installing what the application needs (the first time takes a minute or two)."
	@$(INSTALL) -r requirements.txt
	@touch $@

$(DEV): requirements-dev.txt $(APP)
	@echo "Installing what the tests and checks need."
	@$(INSTALL) -r requirements-dev.txt
	@touch $@

$(LOCK_VENV)/.installed:
	@python=$$(PYTHON="$(PYTHON)" sh scripts/find-python.sh) && "$$python" -m venv $(LOCK_VENV)
	@$(LOCK_VENV)/bin/python -m pip install --quiet --disable-pip-version-check 'pip-tools>=7.5,<8'
	@touch $@
