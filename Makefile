# Two commands: `make run` serves the registry, `make test` checks a change. `make help` lists the rest.
#
# Nothing is needed but Python 3.11 or newer and make. Paths may contain spaces: everything here
# is relative to this folder.

.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
BIN := .venv/bin
# What `make bench` builds is kept for the next run of the same size, outside of the registry's own data.
AGREEMENTS ?= 100000
SEED ?= 1
BENCH_DIR ?= $(CURDIR)/.data-bench/$(AGREEMENTS)

.PHONY: help run test pictures lighthouse lint format contract install install-dev bench browser-tests clean

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | while IFS="$$(printf '\t')" read -r name text; do \
		printf '  make %-14s %s\n' "$$name" "$$text"; done

run: install ## Serve the registry at http://127.0.0.1:8000 (PORT=8001 changes it)
	@exec $(BIN)/python manage.py serve

test: install-dev ## Everything that a change must pass
	@exec $(BIN)/python -m tests.everything

lint: install-dev ## The part of `make test` that only reads the code
	@exec $(BIN)/python -m tests.everything --no-pytest

format: install-dev ## Bring code and templates into shape
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format . && $(BIN)/djlint --reformat --quiet templates

pictures: install-dev ## Take the pictures of docs/staff.md and docs/pictures anew
	@exec $(BIN)/python -m pytest -q tests/browser/pictures.py tests/browser/public_pictures.py

lighthouse: install-dev ## Let Lighthouse judge six pages on a phone (needs npm and Chromium; ADDRESS= a registry that is served)
	@cd tests/browser/lighthouse && npm ci --silent --no-audit --no-fund
	@exec $(BIN)/python -m tests.browser.lighthouse.measure $(ADDRESS)

contract: install-dev ## Write down what the API promises from this release on (docs/contract)
	@exec env DJANGO_SETTINGS_MODULE=config.settings $(BIN)/python -m tests.contract.release

bench: install ## Measure eight requests against plain DRF and against the limit (AGREEMENTS=100000 SEED=1 ROR=dump)
	@DATA_DIR="$(BENCH_DIR)" $(BIN)/python -m benchmarks.run --agreements $(AGREEMENTS) --seed $(SEED) \
		$(if $(ROR),--institutions "$(ROR)") $(if $(MARKDOWN),--markdown "$(MARKDOWN)")

install: .venv/installed.stamp .venv/browser.stamp ## Make .venv with what running needs

install-dev: .venv/installed-dev.stamp .venv/browser.stamp ## Add what testing needs

# The stamps follow the requirements: change a pin, and the next command installs it.
.venv/installed.stamp: requirements.txt
	@$(if $(PYTHON),,echo "Python 3.11 or newer is needed: https://www.python.org/downloads/" >&2; exit 1)
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || { echo "Making .venv with $(PYTHON) …"; rm -rf .venv; $(PYTHON) -m venv .venv; } || \
		{ rm -rf .venv; echo "$(PYTHON) cannot make a virtual environment (Debian: apt-get install python3-venv)." >&2; exit 1; }
	@echo "Installing the requirements …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@$(BIN)/python -c "from config.languages import compile_catalogues; compile_catalogues()"
	@touch $@

# Without it everything runs but the shapes of countries on maps, so a network that lacks npm stops nothing.
.venv/browser.stamp: config/browser/package-lock.json config/browser/fetch.py .venv/installed.stamp
	@$(BIN)/python -m config.browser.fetch && touch $@ || true

.venv/installed-dev.stamp: requirements-dev.txt .venv/installed.stamp
	@echo "Installing the development requirements …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

clean: ## Remove .venv and caches; the data folder stays
	@rm -rf .venv .pytest_cache .ruff_cache .hypothesis
