# Two commands matter: `make demo` shows the product, `make test` tests it. Both start from a bare clone.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
MANAGE := $(BIN)/python manage.py
PORT ?= 8000
STAMP := $(VENV)/.installed
PEERS := var/peers/.installed
# Tests run on two processes; browser tests skip with their reason where no Chromium is found.
PYTEST_ARGS ?= -n 2

.PHONY: setup demo demo-data test check bench sh worker messages lock clean

setup: $(STAMP)

$(STAMP): requirements/dev.lock
	@$(PYTHON) -c 'import sys; sys.exit("Expected Python 3.11 or newer, but got " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	@touch $@

messages: setup
	$(MANAGE) compile_texts

demo: demo-data
	$(MANAGE) demo serve --port $(PORT)

demo-data: messages
	$(MANAGE) demo build

test: messages
	$(BIN)/python -m pytest $(PYTEST_ARGS)

check: messages
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet templates portal_customer portal_staff ui
	$(MANAGE) makemigrations --check --dry-run
	$(MANAGE) check --fail-level WARNING

# The engines that ours is measured against live in an environment of their own.
$(PEERS): requirements/bench.lock
	@test -x var/peers/bin/python || $(PYTHON) -m venv var/peers
	var/peers/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.lock
	@touch $@

bench: setup $(PEERS)
	$(MANAGE) bench all

worker: setup
	$(MANAGE) worker

sh: setup
	$(MANAGE) shell

lock: setup
	$(BIN)/python -m pip install --quiet uv
	for name in base dev bench; do $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet requirements/$$name.in -o requirements/$$name.lock; done

clean:
	rm -rf $(VENV) var staticfiles
