# Two commands: `make run` and `make test`. The rest is for those who work on the code.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
PYTHON_VERSION ?= $(shell $(PYTHON) -c 'import sys; v = sys.version_info; print("%d.%d" % max(v[:2], (3, 11)))' 2>/dev/null || echo 3.11)
BIN := .venv/bin
UV ?= $(shell command -v uv || echo .venv-tools/bin/uv)

export RASA_TELEMETRY_ENABLED := false
export SQLALCHEMY_SILENCE_UBER_WARNING := 1
export TF_CPP_MIN_LOG_LEVEL := 3
export CUDA_VISIBLE_DEVICES := -1
# Images of Python often set it, and then each process compiles everything again for two seconds.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' Makefile | awk -F ':.*## ' '{printf "make %-12s %s\n", $$1, $$2}'

.PHONY: run
run: environment bot ## Start everything; Ctrl-C stops it
	@$(BIN)/laocai run

# One more than there are processors: many tests wait, for a disk or a process that they started.
TEST_PROCESSES ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
# In memory where 2 GB of it are free: thousands of small stores would else wait for the disk. Each goes with its test.
TEST_FOLDER ?= $(shell df -k --output=avail /dev/shm 2>/dev/null | awk 'NR == 2 && $$1 > 2000000 { print "/dev/shm" }')

.PHONY: test
test: environment bot peer ## Run every test
	@PYTEST_DEBUG_TEMPROOT=$(TEST_FOLDER) $(BIN)/python -m pytest --numprocesses $(TEST_PROCESSES) --dist loadgroup --no-loadscope-reorder \
		--durations 30 --durations-min 5 \
		$(if $(TEST_FOLDER),--override-ini tmp_path_retention_policy=failed)

.PHONY: check
check: lint mypy pyright contract ## Lint, types, layers, contract, catalogs

.PHONY: lint
lint: environment
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports

.PHONY: mypy pyright
mypy pyright: environment
	@$(BIN)/$@

.PHONY: contract
contract: environment
	@$(BIN)/python -m pytest -q tests/contract tests/i18n --ignore tests/contract/test_authorization_matrix.py

.PHONY: demo
demo: environment ## Act as two phones against the running product
	@$(BIN)/python -m demo

.PHONY: schema
schema: environment ## Print the contract from the code
	@$(BIN)/python -m api.schema > graphql/schema.graphql.new && mv graphql/schema.graphql.new graphql/schema.graphql

.PHONY: schema-check schema-log
schema-check: environment ## Say what of the contract changed since the release, and whether apps break
	@$(BIN)/python -m api.contract check

schema-log: environment ## Name every change of the contract in graphql/CHANGELOG.md
	@$(BIN)/python -m api.contract log

# Typed clients of the contract, in a folder that git ignores: made, type-checked, and tried on the API at LAOCAI_PUBLIC_URL.
CLIENTS := .clients

.PHONY: client-python
client-python: environment ## Make the typed Python client, and try it on a running API
	@PYTHON=$(PYTHON) ./environment.sh 3.11 .venv-clients graphql/clients/python/requirements.lock
	@sh graphql/clients/python/make.sh $(CLIENTS)/python
	@cd $(CLIENTS)/python && ../../.venv-clients/bin/python example.py

.PHONY: client-typescript
client-typescript: environment ## Make the typed TypeScript client (Node.js 20), and try it on a running API
	@sh graphql/clients/typescript/make.sh $(CLIENTS)/typescript
	@cd $(CLIENTS)/typescript && node built/example.js

.PHONY: messages
messages: environment ## Collect marked texts and merge them into every catalog
	@$(BIN)/pybabel -q extract -F locales/babel.cfg -k N_ --no-location --sort-output --omit-header -o locales/messages.pot .
	@$(BIN)/pybabel -q update --no-fuzzy-matching --omit-header -N -w 1000 -i locales/messages.pot -d locales
	@rm locales/messages.pot

.PHONY: bench
bench: environment ## Measure: store, GraphQL and races, each beside a floor, a peer or a control
	@$(BIN)/python bench/store.py
	@$(BIN)/python bench/graphql.py
	@$(BIN)/python -m bench.otp_race
	@$(BIN)/python -m bench.refresh_race
	@$(BIN)/python -m bench.booking_race
	@$(BIN)/python -m bench.search
	@$(BIN)/python -m bench.planner
	@$(BIN)/python -m bench.scan
	@$(BIN)/python -m bench.wallet
	@$(BIN)/python -m bench.feedback
	@$(BIN)/python -m bench.audience
	@$(BIN)/python -m bench.seeing

.PHONY: lock
lock: environment ## Pin what pyproject.toml asks for
	@$(UV) pip compile --quiet --universal --generate-hashes --no-annotate --no-header --python-version 3.11 \
		pyproject.toml --group dev --output-file requirements.lock
	@$(UV) pip compile --quiet --universal --generate-hashes --no-annotate --no-header --python-version 3.11 \
		pyproject.toml --constraint requirements.lock --output-file docker/requirements.lock
	@$(UV) pip compile --quiet --universal --generate-hashes --no-annotate --no-header --python-version 3.11 \
		docs/requirements.in --output-file docs/requirements.lock

# The site stands in an environment of its own: nothing of it is needed to run or test the product.
.PHONY: docs
docs: environment ## Build the guides as a site, var/site/index.html
	@PYTHON=$(PYTHON) ./environment.sh 3.11 .venv-docs docs/requirements.lock
	@NO_MKDOCS_2_WARNING=1 .venv-docs/bin/mkdocs build --strict --quiet

.PHONY: diagram
diagram: environment ## Draw who imports whom into docs/architecture.md
	@$(BIN)/python -m docs.site.diagram

.PHONY: environment
environment:
	@PYTHON=$(PYTHON) ./environment.sh $(PYTHON_VERSION) .venv requirements.lock

# The bot stands in its own environment (Rasa needs Python 3.10). Without it the rest still runs.
.PHONY: bot
bot: environment
	@PYTHON=$(PYTHON) ./environment.sh 3.10 chatbot/.venv chatbot/requirements.lock \
		&& chatbot/.venv/bin/python chatbot/train.py \
		|| echo "The bot is left out: chat answers with the emergency numbers and links only."

.PHONY: bot-eval
bot-eval: bot ## Measure what the bot understands of messages it has not seen
	@chatbot/.venv/bin/python chatbot/evaluate.py

.PHONY: bot-renew
bot-renew: environment ## Train the bot, test it, and let the bot that runs answer with it
	@PYTHON=$(PYTHON) ./environment.sh 3.10 chatbot/.venv chatbot/requirements.lock
	@chatbot/.venv/bin/python chatbot/renew.py

# The MongoDB peer of the store suite (Python 3.13, tests only).
.PHONY: peer
peer: environment
	@PYTHON=$(PYTHON) ./environment.sh 3.13 .venv-mongo tests/store/peer/requirements.lock \
		|| echo "The MongoDB peer is left out: its tests will say that they were skipped."
