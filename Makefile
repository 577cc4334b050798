# One command a purpose; "make" alone lists them.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python -m
BUILD := $(VENV)/bin/python tools/build.py --out "$$OUT"
export OUT := build

.DEFAULT_GOAL := help
.PHONY: help html serve pdf epub check lint tidy hooks new-milestone new-source links update test lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

html: $(VENV)/ready ## build the handbook into build/html; a warning stops it
	@$(BUILD) html
	@echo "The handbook is in $$OUT/html/index.html"

serve: $(VENV)/ready ## show the handbook in a browser and rebuild it at each change
	@LC_ALL=C.UTF-8 $(RUN) sphinx_autobuild -d "$$OUT/doctrees" --watch references --watch tools --open-browser docs "$$OUT/html"

pdf: $(VENV)/ready ## build the PDF into build/pdf: tagged, with Chinese
	@$(BUILD) pdf
	@echo "The PDF is in $$OUT/pdf/sustainable-city-standards-handbook.pdf"

epub: $(VENV)/ready ## build the EPUB into build/epub
	@$(BUILD) epub

check: $(VENV)/ready ## check facts, dates, sources and (after "make html") the links between pages, without network
	@$(VENV)/bin/python tools/check_dates.py
	@[ ! -e "$$OUT/html/index.html" ] || set -- --html "$$OUT/html"; $(VENV)/bin/python tools/check_links.py --offline "$$@"

lint: $(VENV)/ready ## look at the form of all files: Markdown, spelling, Chinese, bibliography, Python, workflows
	@$(RUN) pre_commit run --all-files --color never

hooks: $(VENV)/ready ## have git do so with the files of each commit
	@$(RUN) pre_commit install

tidy: $(VENV)/ready ## write the bibliography in its common form
	@$(VENV)/bin/python tools/tidy_sources.py || [ $$? = 1 ]

new-milestone: $(VENV)/ready ## add a milestone: asks, checks, writes it into its page
	@$(VENV)/bin/python tools/new_entry.py milestone $(ARGS)

new-source: $(VENV)/ready ## add a source: make new-source URL=https://... (does not go online)
	@$(VENV)/bin/python tools/new_entry.py source $(if $(URL),'$(URL)') $(ARGS)

links: $(VENV)/ready ## ask every web address whether it still answers (goes online)
	@$(VENV)/bin/python tools/check_links.py --archives

update: $(VENV)/ready ## bring ISO's catalogue up to date and tell what changed (goes online)
	@$(VENV)/bin/python tools/update_catalogue.py $(FILE)

test: $(VENV)/ready ## run the tests
	@$(RUN) pytest -n auto --dist worksteal

lock: ## take the newest fitting versions of all packages into requirements.txt
	@$(PYTHON) -m venv "$$OUT/lock"
	@"$$OUT"/lock/bin/python -m pip install --quiet uv
	@"$$OUT"/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
		--no-annotate --custom-compile-command "make lock" --group dev pyproject.toml -o requirements.txt

clean: ## remove what was built, and the environment
	rm -rf "$$OUT" $(VENV)

$(VENV)/ready: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "The handbook needs Python 3.11 or newer; name one: make PYTHON=python3.12 html")'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python has no venv here; on Debian: apt install python3-venv" >&2; exit 2; }
	@echo "Making the environment in $(VENV) ..."
	@rm -rf $(VENV) && $(PYTHON) -m venv $(VENV)
	@$(RUN) pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.txt
	@touch $@
