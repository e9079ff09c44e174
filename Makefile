# The verbs of the project. `make` alone lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help

UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
RUN := .venv/bin
SUITES := $(wildcard $(addprefix tests/,unit contracts connected e2e architecture faults security browser))
PYTEST_ARGUMENTS ?=
MINUTES ?= 30

.PHONY: help install demo up down test faults fuzz lint types bench promises lock

help: ## List the verbs
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: .venv/.installed ## Put `kuukausi` and all that it needs into .venv

.venv/.installed: uv.lock pyproject.toml $(wildcard shared/pyproject.toml services/*/pyproject.toml deploy/local/pyproject.toml)
	@command -v uv >/dev/null || test -x .tools/bin/uv || { \
		echo "Fetching uv, the package manager, into .tools"; \
		python3 -m venv .tools && .tools/bin/python -m pip install --quiet uv; }
	$(UV) sync --locked --all-packages
	@touch $@

demo: install ## Sample company, one mailed and one form request carried to the end
	@$(RUN)/kuukausi demo

up: install ## Start the embedded stack with your own mailbox and mail server
	@$(RUN)/kuukausi up

down: install ## Stop the embedded stack; its data stays
	@$(RUN)/kuukausi down

test: install mail-servers ## Unit, contract, connected, end-to-end, architecture, security and (small) fault tests, on real servers
	$(RUN)/pytest $(SUITES) $(PYTEST_ARGUMENTS)

.PHONY: mail-servers
mail-servers: # Dovecot and Postfix for the tests, installed where root may do so on Debian
	@.ci/mail-servers

faults: install ## The fault test in full size: 25 kills over 4,000 events, then a replay of everything
	CI=1 $(RUN)/pytest -s tests/faults $(PYTEST_ARGUMENTS)

fuzz: install ## Fuzz the reading of mail for MINUTES (30); what it finds becomes a sample of the tests
	$(UV) sync --locked --all-packages --inexact --group fuzz
	$(RUN)/python -m tests.fuzz --minutes $(MINUTES)

lint: install ## Style, formatting, layers and security rules
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	@if test -f .importlinter; then $(RUN)/lint-imports; fi
	$(RUN)/bandit --quiet --skip B704 --recursive --severity-level medium --confidence-level medium shared/src services deploy

types: install ## Check all annotations, strictly
	$(RUN)/mypy

bench: install ## Measure against the floors in benchmarks/
	$(RUN)/python -m benchmarks

promises: install ## The users' public promises and the tests behind each
	@$(RUN)/python tests/promises.py

lock: ## Resolve the dependencies anew into uv.lock
	$(UV) lock
