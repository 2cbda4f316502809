# `make run` and `make test` need nothing before them. The scripts behind them are in .ci/.
# Variables given to make reach every script: make run PORT=8001 HOST=0.0.0.0 DATABASE_URL=… SEEDS=folder
SHELL := bash
python := .venv/bin/python
export IBID_VAR ?= $(CURDIR)/var
lock := .venv/bin/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	--custom-compile-command "make lock" $(if $(UPGRADE),--upgrade)

.DEFAULT_GOAL := help
.PHONY: help run logins reset test lint format lock messages messages-check tables bench bench-pages bench-writing \
	bench-anchoring bench-verify bench-archives bench-search \
	bench-tables crawl lighthouse screenshots

help: ## What make can do here
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 14

run: ## Load the demo newsroom and serve it (PORT=, HOST=, DATABASE_URL=, SEEDS=folder)
	@.ci/venv
	@exec .ci/serve

logins: ## Show the demo logins once more
	@.ci/venv
	@$(python) manage.py logins

reset: ## Throw the demo newsroom away; the next `make run` starts over
	@.ci/venv
	@$(python) manage.py reset_demo

test: ## Install what the tests need and run them all (ARGS= goes to pytest)
	@.ci/venv dev
	@.ci/system
	@.ci/test

lint: ## Check style, types, migrations and production settings
	@.ci/venv dev
	@.ci/lint

format: ## Format Python and templates
	@.ci/venv dev
	@.venv/bin/ruff format
	@.venv/bin/ruff check --fix
	@.ci/templates | xargs .venv/bin/djade --target-version 5.2 || true

lock: ## Pin the requirements with hashes (UPGRADE=1 takes newer ones)
	@.ci/venv dev
	@$(lock) requirements.in --output-file requirements.txt
	@$(lock) requirements-dev.in --output-file requirements-dev.txt

messages: ## Collect the texts for the translators and compile what they wrote
	@.ci/venv dev
	@.ci/messages

messages-check: ## Fail when a text is missing in a language
	@.ci/venv dev
	@.ci/messages --check

tables: ## Write docs/tables.md anew, from the tables themselves
	@.ci/venv
	@$(python) manage.py describe_tables docs/tables.md

bench: bench-pages bench-writing bench-anchoring bench-verify bench-archives bench-search bench-tables ## Every benchmark: ratios, not seconds

bench-pages: ## The article page against a constant response of the same bytes
	@.ci/venv
	@$(python) -m tests.scale.bench_pages

bench-writing: ## Saving a long article and judging it, against one of one sentence
	@.ci/venv
	@$(python) -m tests.scale.bench_writing

bench-anchoring: ## How often passages are found again after edits, and what that costs
	@.ci/venv
	@$(python) -m tests.scale.bench_anchoring

bench-verify: ## Time and memory of verify_citations over 100,000 passages
	@.ci/venv
	@$(python) -m tests.scale.bench_verify

bench-search: ## Searches among 20,000 articles against a plain lookup, on both databases
	@.ci/venv
	@$(python) -m tests.scale.bench_search

bench-archives: ## Lists and their last pages with 100,000 articles, against 1,000 (ROWS=)
	@.ci/venv
	@$(python) -m tests.scale.bench_archives $(ROWS)

bench-tables: ## Tables in and out beside a stock resource and beside no checks (ROWS=, LARGE=, STOCK=)
	@.ci/venv
	@$(python) -m tests.scale.bench_tables $(or $(ROWS),100000) $(or $(LARGE),1000000) $(or $(STOCK),4000)

crawl: ## Walk every link of the demo newsroom and of a generated one of 2,000 articles (ROWS=)
	@.ci/venv dev
	@$(python) -m tests.scale.crawl $(ROWS)

lighthouse: ## What Lighthouse says of each type of page on a phone (PAGES="home recap")
	@.ci/venv dev
	@cmp -s tests/lighthouse/package-lock.json tests/lighthouse/node_modules/installed-package-lock.json || { \
		npm ci --prefix tests/lighthouse --ignore-scripts --no-audit --no-fund --loglevel=error && \
		cp tests/lighthouse/package-lock.json tests/lighthouse/node_modules/installed-package-lock.json; }
	@$(python) -m tests.looks.lighthouse $(PAGES)

screenshots: ## Photograph every type of page into docs/screenshots/
	@.ci/venv dev
	@$(python) -m tests.looks.screenshots
