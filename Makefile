# What people and the checks run; everything happens in .venv, which `make` sets up by itself.
# On a bare machine: Python 3.11 or newer with its venv module, git and make. Another Python: make test PYTHON=/path/to/python3

SHELL := /bin/bash
BIN := .venv/bin
READY := .venv/.ready

.DEFAULT_GOAL := help
.PHONY: help demo test lint format types check docs bench

help:  ## what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

demo: $(READY)  ## play the example of a city, from the plan to the last report
	@$(BIN)/cascade demo

test: $(READY)  ## all tests, in parallel
	@$(BIN)/pytest -n auto --dist loadgroup

lint: $(READY)  ## style and format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

format: $(READY)  ## put the code into the format that lint asks for
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

types: $(READY)  ## static types
	@$(BIN)/mypy

check: lint types test  ## what the checks run, all of it

docs: $(READY)  ## what is generated in docs/, anew
	@PYTHONPATH=. $(BIN)/python docs/build.py

bench: $(READY)  ## how fast it is, beside the same rows by hand; benchmarks/README.md names what takes longer
	@$(BIN)/python -m benchmarks.cascade
	@$(BIN)/python -m benchmarks.startup

$(READY): setup.py
	@$(find_python); \
	echo "Setting up .venv with $$("$$python" --version) …"; \
	"$$python" -m venv .venv
	@$(BIN)/python -m pip install --disable-pip-version-check --editable '.[dev]' >.venv/setup.log 2>&1 || { cat .venv/setup.log; exit 1; }
	@touch $(READY)

# Sets $python to a Python that is new enough and can make a venv, or says what is missing. A name on the PATH may be a
# mere stand-in for a version that is not installed, so each is run.
define find_python
python=; without=; \
for candidate in $(or $(PYTHON),python3 python3.13 python3.12 python3.11 python3.14); do \
	"$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	if "$$candidate" -c 'import ensurepip, venv' 2>/dev/null; then python=$$candidate; break; fi; \
	without=$$candidate; \
done; \
if [ -z "$$python" ] && [ -n "$$without" ]; then \
	echo "$$without has no venv module; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; \
elif [ -z "$$python" ]; then \
	echo "No Python 3.11 or newer was found. Install one, or name it: make PYTHON=/path/to/python3" >&2; exit 1; \
fi
endef
