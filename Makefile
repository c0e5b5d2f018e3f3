# Everything a person or a machine does with this repository. `make` alone lists the targets.

VENV ?= .venv
PYTHONS := 3.11 3.12 3.13

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

# pyenv's `python3.12` runs only when a version is selected; selecting all of them makes each run under its own name.
ifeq ($(origin PYENV_VERSION),undefined)
pyenv_versions := $(shell command -v pyenv >/dev/null 2>&1 && pyenv versions --bare | grep -E '^3\.1[1-9]\.[0-9]+$$' | paste -sd: -)
ifneq ($(pyenv_versions),)
export PYENV_VERSION := $(pyenv_versions)
endif
endif

# The first Python that is new enough and can make an environment; some systems split `ensurepip` off.
suitable = import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11 python; do \
	$$python -c '$(suitable)' >/dev/null 2>&1 && echo $$python && break; done)

python = $(VENV)/bin/python
# uv installs faster than pip, but does not read pip's settings.
uv = .venv/bin/uv
uv_venv = $(uv) venv --quiet --clear --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')"
uv_install = $(uv) pip install --quiet --no-deps
installed = $(VENV)/.installed
# Twice quiet: errors only. Every file that is installed is checked against the hash in the lock.
pip_install = -m pip --quiet --quiet --disable-pip-version-check --no-input install --no-compile
check_python = if ! $(PYTHON) -c '$(suitable)' >/dev/null 2>&1; then \
	echo "This needs Python 3.11 or later with its venv module: install it, or name one: make PYTHON=python3.12" >&2; \
	exit 1; fi
# Install the packages of a lock into an environment. A terminal shows the progress; a failure, the output of pip.
install_lock = { $(1)/bin/python -m pip --disable-pip-version-check --no-input install --progress-bar off --no-compile \
	--no-deps --require-hashes --only-binary :all: -r $(2) 2>&1; echo "status $$?"; } | \
	awk -v total="$$(grep -c '^[a-z]' $(2))" -v terminal="$$(test ! -t 2 || echo yes)" \
	'function show(text) { if (terminal) printf "\r%-30s%s", text, ending > "/dev/stderr" } \
	!/^status / { lines = lines $$0 "\n" } \
	/^(Collecting|Processing) / { show("  " ++count " of " total " packages") } \
	/^Installing / { show("  unpacking") } \
	/^status / { ending = "\r"; show(""); if ($$2) { printf "%s", lines > "/dev/stderr"; exit 1 } }'
pyright = node_modules/.bin/pyright
npm_installed = node_modules/.installed
# The tests that can differ between Pythons and between versions of dependencies.
across_versions = --hypothesis-profile=few $(addprefix --ignore=tests/,bump contract published soak tools fields/test_data_frames.py)
# Tests start many processes, so Python keeps what it compiles, whatever the caller's settings, away from the sources.
tests = test test-wheel docs soak contract test-bump test-two-bumps
$(tests): export PYTHONDONTWRITEBYTECODE :=
$(tests): export PYTHONPYCACHEPREFIX := $(CURDIR)/build/bytecode
large = babel|check-wheel-contents|furo|jsonschema-rs|mypy|myst-parser|numpy|pandas|polars|polars-runtime-32|pyarrow|schemathesis|sphinx[a-z-]*|twine|ty|zizmor
uses_httpx = --hypothesis-profile=few $(addprefix tests/,client http listing testing) \
	$(addprefix --ignore=tests/http/,test_httpx2.py test_other_libraries.py)

##@ Use
.PHONY: help
help: ## List the targets
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@ / { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z0-9-]+:.*## / { printf "  %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: $(VENV)/.runnable ## List callable models: from the real gateway with FIREWORKS_API_KEY, else from a local one
	@$(python) examples/list_models.py

.PHONY: bench
bench: $(installed) ## Measure listing against httpx, the official SDK and others (ARGS=--quick), filters, catalogues, the kit
	@$(python) -m benchmarks.measure $(ARGS)
	@$(python) -m benchmarks.in_process

.PHONY: docs
docs: $(installed) ## Build the documentation into build/docs, check its links, and run its programs
	@$(python) -m sphinx -q -W --keep-going -c docs -d build/doctrees . build/docs
	@echo build/docs/index.html
	@$(python) -m pytest -m "" tests/tools/test_documentation.py $(ARGS)

##@ Check
.PHONY: test
test: $(installed) ## Run the tests (ARGS="-k name" goes to pytest)
	@echo "Testing with $$($(python) --version)"
	@$(python) -m pytest --numprocesses auto --dist worksteal $(ARGS)

.PHONY: test-all
test-all: test test-others ## Run the tests on one Python, and those that can differ on each other one that is present

.PHONY: test-others
test-others: $(installed) ## Run the tests that can differ on each of Python 3.11 to 3.13 that `make test` does not use
	@main=$$($(python) -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
	for version in $(PYTHONS); do \
		if [ $$version = $$main ]; then continue; fi; \
		if python$$version -c '$(suitable)' >/dev/null 2>&1; then \
			$(MAKE) test VENV=build/venv-$$version PYTHON=python$$version ARGS="$(across_versions) $(ARGS)" || exit 1; \
			tested="$$tested $$version"; \
		else \
			absent="$$absent $$version"; \
		fi; \
	done; \
	echo "Other Pythons tested:$${tested:- none}; not on this machine:$${absent:- none}"

.PHONY: test-lowest
test-lowest: build/venv-lowest/.dependencies ## Run the tests that can differ with the lowest versions of the dependencies
	@$(MAKE) test VENV=build/venv-lowest ARGS="$(across_versions) $(ARGS)"

.PHONY: test-newest
test-newest: build/venv-newest/.dependencies ## Run the tests that can differ with the newest versions, which the lock may exclude
	@$(MAKE) test VENV=build/venv-newest ARGS="$(across_versions) $(ARGS)"

.PHONY: test-httpx2
test-httpx2: build/venv-newest/.dependencies ## Run the tests of everything that uses httpx with httpx2 in its place
	@$(MAKE) test VENV=build/venv-newest ARGS="-p tests.shared.httpx2_alias $(uses_httpx) $(ARGS)"

# The environments of `make test-others`, `test-lowest` and `test-newest`; .ci/run installs them beside other checks.
.PHONY: environments
environments: build/venv-lowest/.dependencies build/venv-newest/.dependencies
	@$(MAKE) test-others ARGS=--version >/dev/null

.PHONY: test-wheel
test-wheel: dist $(uv) ## Run the tests with the wheel, where there are no sources
	@echo "Testing the wheel away from the sources"
	@rm -rf build/test-wheel && mkdir -p build/test-wheel
	@git ls-files -z | grep -zvE '^(wrapper|generated)/' | xargs -0 cp --parents -t build/test-wheel
	@$(uv_venv) build/test-wheel/.venv
	@$(uv_install) --python build/test-wheel/.venv --require-hashes --only-binary :all: -r requirements/dev.txt
	@$(uv_install) --python build/test-wheel/.venv dist/*.whl
	@cd build/test-wheel && .venv/bin/python -m pytest --numprocesses auto --dist worksteal \
		--ignore tests/tools/test_generation.py $(ARGS)

.PHONY: lint
lint: $(installed) ## Check style, layout, workflows and the worst patterns of prose in everything written by hand
	@echo "Checking style"
	@$(python) -m ruff check .
	@$(python) -m ruff format --check .
	@$(VENV)/bin/zizmor --quiet --offline --persona=pedantic .github
	@$(python) -m tools.prose

.PHONY: prose
prose: $(installed) ## Find the worst patterns of prose in code and documents
	@$(python) -m tools.prose

.PHONY: format
format: $(installed) ## Format everything written by hand
	@$(python) -m ruff check --fix-only .
	@$(python) -m ruff format .

.PHONY: types
types: $(installed) $(npm_installed) ## Check types with mypy --strict, pyright and ty, and that all are annotated (needs Node.js)
	@echo "Checking types with mypy"
	@$(python) -m mypy
	@echo "Checking types with pyright"
	@$(pyright) --pythonpath $(python)
	@echo "Checking types with ty"
	@$(python) -m ty check --quiet --python $(VENV)
	@echo "Checking that every public type is annotated"
	@# pyright looks for the package in the environment of the first Python that it finds.
	@output=$$(PATH="$(abspath $(VENV))/bin:$$PATH" $(pyright) --verifytypes fireworks_gateway --ignoreexternal) \
		|| { echo "$$output"; exit 1; }

.PHONY: check-bench
check-bench: $(installed) ## Run every client of the benchmarks once, and compare the models that they list
	@echo "Listing with every client"
	@$(python) -m benchmarks.measure --rounds 1 --models 1000 --only listing

.PHONY: soak
soak: $(installed) ## Walk thousands of pages at once while every tenth response is faulty
	@echo "Soaking"
	@$(python) -m pytest -m soak tests/soak tests/http $(ARGS)

.PHONY: fuzz
fuzz: $(installed) ## Send random responses to the client, and check its laws (ARGS="--count 20000 --seed 1")
	@$(python) -m tools.fuzz $(ARGS)

.PHONY: contract
contract: $(installed) $(npm_installed) ## Check the client and the fake gateway against the specification with other tools (needs Node.js)
	@echo "Testing with Prism, schemathesis and jsonschema-rs"
	@$(python) -m pytest -m contract tests/contract $(ARGS)

.PHONY: test-bump
test-bump: $(installed) ## Bump to five documents, run the wrapper's tests in each result, and simulate other bumps
	@$(python) -m pytest -m bump --numprocesses auto --dist worksteal tests/bump tests/specification $(ARGS)

.PHONY: test-two-bumps
test-two-bumps: $(installed) ## Bump to two of these documents; each bump runs the fast tests of the wrapper
	@$(python) -m pytest -m bump --numprocesses 2 --dist load tests/bump/test_bumped_trees.py \
		-k test_a_bump_ends_with_the_fast_tests $(ARGS)

.PHONY: mutants
mutants: $(installed) ## Report changes of the pure modules that no test notices (ARGS="--minutes 10 --seed 1")
	@$(python) -m tools.mutants $(ARGS)

.PHONY: check-version
check-version: $(installed) ## Fail if the version is too low for the changes since the last release
	@$(python) -m tools.versions

.PHONY: ci
ci: ## Run every check, as continuous integration does
	@.ci/run

##@ Generate
.PHONY: generate
generate: $(installed) ## Generate everything that openapi/gateway.yaml determines: the client, and two modules of the wrapper
	@$(python) -m tools.generate

.PHONY: check-generated
check-generated: $(installed) ## Fail if a generated file is not the result of `make generate`
	@$(python) -m tools.generate --check

.PHONY: bump
bump: $(installed) ## Move to another specification: make bump SPEC=page.md (ARGS: --force, --keep)
	@$(call bumping,)

.PHONY: bump-report
bump-report: $(installed) ## Write build/bump-report.md and change nothing: make bump-report SPEC=page.md
	@$(call bumping,--report)

# oasdiff is optional: without it the report does not compare the documents on the wire.
# Status 3 says that nothing changed, which is no failure of make.
define bumping
	test -n "$(SPEC)" || { echo "refused: name the document: make $@ SPEC=path"; exit 1; }; \
	$(MAKE) $(npm_installed) >&2 || echo "npm did not install oasdiff" >&2; \
	$(python) -m tools.bump $(1) $(ARGS) "$(SPEC)" || test $$? -eq 3
endef

.PHONY: api
api: $(installed) ## Write every promised name of the package into docs/api.txt
	@$(python) -m tools.surfaces

##@ Package
.PHONY: dist
dist: $(installed) ## Build the wheel and the source archive into dist/
	@echo "Building the source archive, and the wheel from it"
	@rm -rf dist
	@$(python) -m build -qq --no-isolation --outdir dist .
	@ls dist

.PHONY: check-dist
check-dist: dist ## Check the wheel and the archive, and run programs with the wheel alone
	@echo "Checking what is published"
	@$(python) -m pytest -m dist tests/published $(ARGS)
	@echo "Installing the wheel away from the sources"
	@rm -rf build/check-dist && mkdir -p build/check-dist
	@# The versions of the lock without its hashes, among which a wheel just built has none.
	@sed -e 's/ *\\$$//' -e '/^ *--hash/d' requirements/dev.txt > build/check-dist/constraints.txt
	@cp tests/published/without_extras.py build/check-dist/
	@$(python) -m venv build/check-dist/venv
	@cd build/check-dist && wheel=$$(echo ../../dist/*.whl) && set -e; \
		venv/bin/python $(pip_install) -c constraints.txt "$$wheel"; \
		venv/bin/python -I -c 'import fireworks_gateway; print("imported without extras:", fireworks_gateway.__version__)'; \
		venv/bin/python $(pip_install) -c constraints.txt pytest; \
		venv/bin/python -m pytest --quiet -c /dev/null --rootdir . without_extras.py; \
		venv/bin/python $(pip_install) -c constraints.txt "$$wheel[cli]"; \
		venv/bin/fireworks-gateway --demo models list --limit 3

##@ Maintain
.PHONY: lock
lock: $(uv) ## Pin the requirements anew (ARGS=--upgrade takes the newest)
	@$(uv) pip compile --quiet --universal --python-version 3.11 --generate-hashes --all-extras \
		--custom-compile-command "make lock" --output-file requirements/dev.txt $(ARGS) \
		pyproject.toml requirements/dev.in
	@# Always from scratch: versions of the old lock would be kept although a bound became lower.
	@$(uv) pip compile --quiet --universal --python-version 3.11 --generate-hashes --all-extras --upgrade \
		--resolution lowest-direct --custom-compile-command "make lock" --output-file requirements/lowest.txt pyproject.toml
	@$(uv) pip compile --quiet --universal --python-version 3.11 --generate-hashes --extra cli \
		--constraints requirements/dev.txt --custom-compile-command "make lock" --output-file requirements/run.txt $(ARGS) \
		pyproject.toml
	@for extra in plain fast; do \
		$(uv) pip compile --quiet --universal --python-version 3.11 --generate-hashes --constraints requirements/dev.txt \
			$$(test $$extra = plain || echo --extra $$extra) --custom-compile-command "make lock" \
			--output-file requirements/bench-$$extra.txt $(ARGS) pyproject.toml || exit 1; \
	done
	@for name in floor official; do \
		$(uv) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
			--custom-compile-command "make lock" --output-file requirements/bench-$$name.txt $(ARGS) \
			requirements/bench-$$name.in || exit 1; \
	done
	@npm install --package-lock-only --silent

.PHONY: structure
structure: $(installed) ## List the parts of the package by layer, with their lines and imports
	@$(python) -m tools.structure

.PHONY: refresh-docs
refresh-docs: $(installed) ## Renew the outputs and pictures in the documentation
	@$(python) -m tools.docs

.PHONY: clean
clean: ## Remove everything that the other targets made, environments included
	@rm -rf .venv build dist node_modules .hypothesis .mypy_cache .pytest_cache .ruff_cache
	@find generated wrapper tools tests examples benchmarks -name __pycache__ -prune -exec rm -rf {} +

# An environment is made anew whenever what it is made from changes, so that nothing stale stays in it.
%/.installed: requirements/dev.txt pyproject.toml
	@$(check_python)
	@echo "Setting up $* with $$($(PYTHON) --version); this takes about half a minute"
	@$(PYTHON) -m venv --clear $*
	@$(call install_lock,$*,requirements/dev.txt)
	@$*/bin/python $(pip_install) --no-deps --no-build-isolation -e .
	@touch $*/.runnable $@

# The environments in build are for tests alone; they do without packages that take long to install.
build/%/.installed: requirements/dev.txt pyproject.toml | $(uv)
	@$(check_python)
	@echo "Setting up build/$* with $$($(PYTHON) --version)"
	@$(uv_venv) build/$*
	@awk '/^[a-z]/ { take = !/^($(large))==/ } take' requirements/dev.txt > build/$*/requirements.txt
	@$(uv_install) --python build/$* --require-hashes --only-binary :all: -r build/$*/requirements.txt
	@$(uv_install) --python build/$* --no-build-isolation -e .
	@touch build/$*/.runnable $@

$(uv):
	@$(MAKE) .venv/.installed

# The packages that the command line needs, and the sources; in an environment that has everything nothing is installed.
%/.runnable: requirements/run.txt
	@$(check_python)
	@if [ -e $*/.installed ]; then $(MAKE) $*/.installed; else \
		echo "Setting up $* with $$($(PYTHON) --version); this takes a few seconds"; \
		$(PYTHON) -m venv --clear $* && $(call install_lock,$*,requirements/run.txt) && \
		printf '%s\n' "$(CURDIR)/generated" "$(CURDIR)/wrapper" \
			> "$$($*/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/sources.pth"; \
	fi
	@touch $@

build/venv-lowest/.dependencies: build/venv-lowest/.installed requirements/lowest.txt
	@$(uv_install) --python build/venv-lowest --require-hashes --only-binary :all: -r requirements/lowest.txt
	@touch $@

build/venv-newest/.dependencies: build/venv-newest/.installed
	@$(uv) pip install --quiet --python build/venv-newest --no-build-isolation --upgrade -e ".[cli,fast]" httpx2
	@touch $@

$(npm_installed): package.json package-lock.json .npmrc
	@echo "Installing pyright, Prism and oasdiff"
	@npm ci --silent || { echo "npm is absent or cannot install: install Node.js, or check the network." \
		"These need it: make types, make contract, the tests of make test-bump with oasdiff" >&2; exit 1; }
	@touch $@
