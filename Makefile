# Every target builds .venv by itself; none needs root.
#   make demo          the daemon on four simulated lines, live (ONCE=1: play the script, check every lamp, end)
#   make test          the tests; what needs a missing peer skips and names the package that brings it
#   make check         format, lint, types, then the tests
#   make bench         side by side with the peers that are installed, JSON on stdout
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := PIP_CONSTRAINT=constraints.txt PIP_BUILD_CONSTRAINT=constraints.txt PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip
SOURCES := dsp hw fxsmwi tests benchmarks scripts/*.py fixtures/golden/make.py

.PHONY: demo test lint check bench wheel-test constraints picture clean

$(BIN)/python:
	@echo "setting up $(VENV) ..."
	@sh scripts/make-venv "$(PYTHON)" $(VENV)

$(VENV)/.run: pyproject.toml constraints.txt | $(BIN)/python
	@$(PIP) install --quiet -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.run
	@$(PIP) install --quiet -e '.[dev]'
	@touch $@

demo: $(VENV)/.run
	$(BIN)/fxsmwi demo $(if $(ONCE),--once)

test: $(VENV)/.dev
	$(BIN)/python -m pytest $(ARGS)

lint: $(VENV)/.dev
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy

check: lint test

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks

wheel-test: $(VENV)/.dev
	sh scripts/wheel-test "$(PYTHON)" $(BIN)/python

constraints:
	sh scripts/make-constraints "$(PYTHON)"

picture: $(VENV)/.dev
	$(BIN)/python scripts/picture.py docs/demo.svg
	$(BIN)/python scripts/pictures_signals.py docs

clean:
	rm -rf $(VENV) build dist *.egg-info .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
