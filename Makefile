# make demo    the whole loop on reference players: eval, entries, check, site
# make test    the default tests; make test-slow adds the long ones: every page, full disks, and a scripted agent of
#              posttrain for each end that an agent can come to; make test-nightly those that take hours: the other
#              agents, the tables of the integrity checks, the recipe of the shipped models, their baselines, and the
#              largest sizes
# make lint    ruff, pyright strict, inspect-evals-lint, schema and lock checks
# make node    html-validate and Lighthouse from npm, for the slow tests of the pages
# make bench   ratios, side by side on this machine
#
# EXTRAS=native-cpu, with any of them, installs torch as well, for the tests that run a small model.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
EXTRAS ?=
COMMA := ,
SOURCES := tasks solvers scorers leaderboard site
export PYTHONHASHSEED := 0
# Compiled modules are kept whatever the environment says: the tests start many processes.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo test test-slow test-nightly node lint format bench install clean FORCE

demo: install
	$(BIN)/interplay demo --out build/demo

test: install
	$(BIN)/pytest -n 2 --dist worksteal -m "not slow and not nightly" $(PYTEST_ARGS)

test-slow: install
	$(BIN)/pytest -n 2 --dist worksteal -m "slow and not nightly" $(PYTEST_ARGS)

test-nightly: install
	$(BIN)/pytest -n 2 --dist worksteal -m nightly $(PYTEST_ARGS)

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/inspect-evals-lint --all
	$(BIN)/python -m interplay.leaderboard.schema --check
	$(BIN)/python -m interplay.leaderboard.locks --check

# html-validate and Lighthouse, for the slow tests of the pages; without them these tests are left out.
node:
	cd tests/browser && npm install --no-package-lock --ignore-scripts --no-audit --no-fund --silent

format: install
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: install
	$(BIN)/python benchmarks/run.py

install: $(VENV)/.installed

# The editable install is strict: it links file by file, so a new file needs a new install.
$(VENV)/.installed: pyproject.toml constraints.txt $(VENV)/.tree
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt \
		--config-settings editable_mode=strict --editable '.[site,dev,native$(addprefix $(COMMA),$(EXTRAS))]'
	rm -rf interplay.egg-info
	touch $@

$(VENV)/.tree: FORCE
	@mkdir -p $(VENV)
	@{ echo "extras $(EXTRAS)"; find $(SOURCES) -type f ! -path '*/__pycache__/*' | LC_ALL=C sort; } > $@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@

clean:
	rm -rf $(VENV) build dist *.egg-info
