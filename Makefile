# Two targets do all the set-up on a machine with Python 3.11 or newer: `make demo` and `make test`.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PEOPLE ?= 2000
DEMO ?= demo

.PHONY: demo test nightly lint types docs clean

# The environment is made again whenever the dependencies change.
$(VENV)/.ready: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("cxid needs Python 3.11 or newer, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable . --group dev
	touch $@

demo: $(VENV)/.ready  ## a sample company: config, build, report on screen
	$(BIN)/cxid demo $(DEMO) --people $(PEOPLE)
	cd $(DEMO) && mv cxid.yml by-hand.yml && $(CURDIR)/$(BIN)/cxid init data
	$(BIN)/cxid --project $(DEMO) build
	$(BIN)/cxid --project $(DEMO) report

test: $(VENV)/.ready  ## everything CI runs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --config .importlinter
	$(BIN)/pytest -n 2 --dist loadfile -m "not slow"

nightly: $(VENV)/.ready  ## what takes longer: builds killed at every place where something is written
	$(BIN)/pytest -n 2 -m slow

lint: $(VENV)/.ready  ## format and fix
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(VENV)/.ready
	$(BIN)/mypy

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .hypothesis build dist
