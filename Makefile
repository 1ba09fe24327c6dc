# Two commands matter: `make run` and `make test`. Each sets everything up by itself; only Python 3.11 and make must be there.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
PY := .venv/bin/python
STAMP := .venv/.complete

.PHONY: help run demo test check coverage bench evaluate breaks crash test-dynamodb package verify-certificate clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 28

$(STAMP): requirements.txt requirements-dev.txt tests/emulators/package-lock.json
	@bash infra/local/setup.sh

run: $(STAMP) ## the whole backend on this machine, until Ctrl-C (PORT=8000, SEED=0 for no demo data)
	@exec $(PY) -m infra.local

demo: $(STAMP) ## each right of a person, by letters in five languages: what happens, step by step (uses `make run` where it is up)
	@exec $(PY) -m infra.local.demo

test: $(STAMP) ## all tests, on the simulated cloud
	@exec $(PY) -m tests

check: $(STAMP) ## style, types, sizes, and the contracts of the architecture
	@echo "ruff" && $(PY) -m ruff check .
	@echo "ruff format" && $(PY) -m ruff format --check .
	@echo "mypy" && $(PY) -m mypy
	@echo "import contracts" && .venv/bin/lint-imports
	@echo "sizes and equal lines" && $(PY) -m tests.shape

coverage: $(STAMP) ## which lines the tests run: a table, and pages in build/coverage (TESTS= for some tests)
	@rm -rf build/coverage && mkdir -p build/coverage
	@passed=0; $(PY) -m coverage run -m $${TESTS:+pytest -n 3} $${TESTS:-tests} || passed=$$?; \
	$(PY) -m coverage combine --quiet && $(PY) -m coverage report && $(PY) -m coverage html --quiet && exit $$passed

bench: $(STAMP) ## the figures of the design, as a table and in .local/bench.json (BEFORE= an older such file, to compare)
	@exec $(PY) -m tests.bench $${BEFORE:-}

evaluate: $(STAMP) ## how much of labelled sets is read right, as a table and in .local/evaluate.json (DATA=folder)
	@exec $(PY) -m tests.evaluate "$${DATA:-}"

breaks: $(STAMP) ## break each promise in a copy of the tree; its test must fail
	@exec $(PY) -m tests.breaks

crash: $(STAMP) ## kill each job before and after each of its calls (an hour; TESTS= for some)
	@exec $(PY) -m tests.crash $${TESTS:-}

test-dynamodb: $(STAMP) ## the tests of store, domain, flows and crashes on AWS's DynamoDB Local (Java 17 and Maven; TESTS= for some)
	@exec $(PY) -m infra.dynamodb_local $${TESTS:-}

package: $(STAMP) ## the deployment package and its template, in build/
	@exec $(PY) -m infra.package

verify-certificate: $(STAMP) ## check a certificate offline: FILE=cert.jws (KEYS=jwks.json, ADDRESS= and SALT= of the mail)
	@exec $(PY) -m infra.verify_certificate "$${FILE:-}" $${KEYS:+--keys "$$KEYS"} $${ADDRESS:+--address "$$ADDRESS"} $${SALT:+--salt "$$SALT"}

clean: ## remove what was installed and made here
	rm -rf .venv .local build tests/emulators/node_modules
