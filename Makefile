# Two commands are all a user needs: `make run` and `make test`.
SHELL := /bin/sh
PYTHON := .venv/bin/python
UV := .tools/uv/bin/uv
# Rasa's dependencies warn by the dozen at import; TensorFlow wants one thread.
export RASA_TELEMETRY_ENABLED := false
export OPENBLAS_NUM_THREADS := 1
export SQLALCHEMY_SILENCE_UBER_WARNING := 1
export TF_CPP_MIN_LOG_LEVEL := 3
# Some environments forbid to write compiled modules; then every process compiles them anew.
unexport PYTHONDONTWRITEBYTECODE
QUIET := -W ignore
# glibc would give the memory of each learning step back and take it anew, at half of the time.
KEEPING_MEMORY := MALLOC_MMAP_THRESHOLD_=4294967296 MALLOC_TRIM_THRESHOLD_=4294967296

.DEFAULT_GOAL := help
.PHONY: help run test test-quick train index import chat ask widget screenshot signups channel-check verify-ledger adapt fit eval ablation nlu-report bench bench-widget lint style audit types lint-corpus corpus-report gaps clean

help: ## Show what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

run: .venv/.ready ## Install, build, train what is missing, and serve until Ctrl-C
	@$(PYTHON) $(QUIET) -m commands.run

test: .venv/.ready ## Run every test: units, conversations with live servers, Rasa's own
	@$(PYTHON) $(QUIET) -m commands.training
	@$(PYTHON) $(QUIET) -m pytest -n 3

test-quick: .venv/.ready ## Run the unit tests alone, in seconds
	@$(PYTHON) $(QUIET) -m pytest -m "not live and not rasa and not slow and not clone and not postgres and not kill and not widget"

train: .venv/.ready ## Train the model, unless one that fits is there
	@$(PYTHON) $(QUIET) -m commands.training

index: .venv/.ready ## Make the articles, as they are now, what visitors get answers from
	@$(PYTHON) $(QUIET) -m commands.index

import: .venv/.ready ## Make article drafts: make import FILE=page.html (or a folder)
	@$(PYTHON) $(QUIET) -m commands.import_articles "$${FILE:-}" --scripts "$${SCRIPTS:-refuse}"

chat: .venv/.ready ## Talk to the assistant in the terminal
	@$(PYTHON) $(QUIET) -m commands.chat

ask: .venv/.ready ## Ask the library alone: make ask Q="what is CBT?"
	@$(PYTHON) $(QUIET) -m commands.ask "$${Q}"

widget: .venv/.ready ## Build the website's widget, unless one of the same sources is there
	@$(PYTHON) $(QUIET) -m commands.widget

screenshot: .venv/.ready ## Take the pictures of the widget for the documentation anew
	@$(PYTHON) $(QUIET) -m commands.screenshot

signups: .venv/.ready ## List who signed up, without contact data; python -m assistant does the rest
	@$(PYTHON) $(QUIET) -m assistant signups list

channel-check: .venv/.ready ## See whether a messaging channel is set up: CHANNEL=telegram
	@$(PYTHON) $(QUIET) -m commands.channel_check

verify-ledger: .venv/.ready ## See whether the ledger of consents is as it was written
	@$(PYTHON) $(QUIET) -m assistant consents verify

adapt: .venv/.ready ## Learn the encoder's adapter anew, after many questions changed (minutes)
	@$(KEEPING_MEMORY) $(PYTHON) $(QUIET) -m commands.adapt

fit: .venv/.ready ## Fit the ranking and the notice of emergencies anew
	@$(PYTHON) $(QUIET) -m commands.fit

eval: .venv/.ready ## Measure answers: QUESTIONS=file.jsonl CRISIS=file.jsonl to add your own
	@$(PYTHON) $(QUIET) -m tests.evaluation --questions "$${QUESTIONS:-}" --crisis "$${CRISIS:-}"

ablation: .venv/.ready ## Measure what each kind of evidence is worth for the ranking
	@$(PYTHON) $(QUIET) -m tests.evaluation.ablation

nlu-report: .venv/.ready ## Cross-validate the intents: what is taken for what
	@$(PYTHON) $(QUIET) -m tests.evaluation.understanding

bench: .venv/.ready ## Measure speed and memory against the bot that `rasa init` makes
	@$(PYTHON) $(QUIET) -m bench

bench-widget: .venv/.ready ## Measure how long a person waits in a browser, and for what
	@$(PYTHON) $(QUIET) -m bench.widget

lint: style audit ## Check style, imports and known vulnerabilities

style: .venv/.ready ## Check style and which package may import which
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@.venv/bin/lint-imports --no-cache

audit: .venv/.ready ## Look up known vulnerabilities of every locked dependency
	@$(PYTHON) -m commands.audit

types: .venv/.ready ## Check types, strictly in the library
	@$(PYTHON) -m mypy

lint-corpus: .venv/.ready ## Say what falls short in the articles, with file and line
	@$(PYTHON) $(QUIET) -m commands.lint_corpus

corpus-report: .venv/.ready ## Write what the articles cover and lack as a page in results/
	@$(PYTHON) $(QUIET) -m commands.corpus_report --questions "$${QUESTIONS:-}"

gaps: .venv/.ready ## Write what people asked that the articles do not answer as a page in results/
	@$(PYTHON) $(QUIET) -m commands.gaps

clean: ## Remove all that was built, installed or recorded
	rm -rf .venv .tools .cache models state results widget/node_modules widget/dist .mypy_cache .ruff_cache .pytest_cache

.venv/.ready: pyproject.toml uv.lock .python-version
	@python3 -m commands.bootstrap
