# One command per purpose; "make" alone lists them.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python -m
BUILD := $(VENV)/bin/python tools/build.py --out "$$OUT" $${LANGUAGES:+--languages "$$LANGUAGES"}
PYBABEL := cd tools/handbook/sphinxext && ../../../$(VENV)/bin/pybabel --quiet
OUT := build

# Values from users are data: make expands no "$" in them, and recipes read them from the environment, where the shell
# only ever sees a quoted variable.
override OUT := $(value OUT)
override URL := $(value URL)
override FILE := $(value FILE)
override ARGS := $(value ARGS)
override KIND := $(value KIND)
override LANGUAGES := $(value LANGUAGES)
export OUT URL FILE ARGS KIND LANGUAGES

.DEFAULT_GOAL := help
.PHONY: help html serve pdf epub check lint tidy words translations waiting hooks new-milestone new-source new-record links update bench test lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

html: $(VENV)/ready ## build the handbook into build/html, English alone with LANGUAGES=en; a warning fails the build
	@$(BUILD) html
	@echo "The handbook is in $$OUT/html/index.html"

serve: $(VENV)/ready ## show the handbook in a browser; a page is updated when its file is saved
	@$(VENV)/bin/python tools/serve.py --out "$$OUT"

pdf: $(VENV)/ready ## build the PDF and its Chinese edition into build/pdf, English alone with LANGUAGES=en
	@$(BUILD) pdf
	@echo "The PDF is $$OUT/pdf/sustainable-city-standards-handbook.pdf; the Chinese one and the pages for contributors are beside it"

epub: $(VENV)/ready ## build the EPUB and its Chinese edition into build/epub, English alone with LANGUAGES=en
	@$(BUILD) epub

check: $(VENV)/ready ## check facts, dates and sources, and after "make html" the links between pages; no network
	@$(VENV)/bin/python tools/check_dates.py
	@[ ! -e "$$OUT/html/index.html" ] || set -- --html "$$OUT/html"; $(VENV)/bin/python tools/check_links.py --offline "$$@"

lint: $(VENV)/ready ## check the form of all files: Markdown, spelling, Chinese, bibliography, Python and its types, workflows
	@$(RUN) pre_commit run --all-files --color never

hooks: $(VENV)/ready ## run these checks on the files of each commit
	@$(RUN) pre_commit install

tidy: $(VENV)/ready ## put the bibliography into its common form
	@$(VENV)/bin/python tools/tidy_sources.py || [ $$? = 1 ]

words: $(VENV)/ready ## collect the words to translate that the site prints, and compile their translations
	@$(PYBABEL) extract --keyword=_ --add-location=file --omit-header --sort-output --width=120 -o locale/handbook.pot . ../pdf ../outputs
	@$(PYBABEL) update -D handbook -i locale/handbook.pot -d locale --no-fuzzy-matching --ignore-obsolete --omit-header --width=120
	@$(PYBABEL) compile -D handbook -d locale --use-fuzzy

translations: $(VENV)/ready ## bring the catalogues of translated strings in docs/locales up to date with the pages
	@$(VENV)/bin/python tools/update_translations.py

waiting: $(VENV)/ready ## list what waits for translators, page by page
	@$(VENV)/bin/python tools/update_translations.py --waiting

new-milestone: $(VENV)/ready ## add a milestone: asks, checks, writes it into its page
	@$(VENV)/bin/python tools/new_entry.py milestone --words="$$ARGS"

new-source: $(VENV)/ready ## add a source: make new-source URL='https://...' (which is not fetched)
	@$(VENV)/bin/python tools/new_entry.py source $${URL:+--url="$$URL"} --words="$$ARGS"

new-record: $(VENV)/ready ## add a record: make new-record KIND=adoption, place, office or meeting
	@$(VENV)/bin/python tools/new_entry.py "$${KIND:?write KIND=adoption, place, office or meeting}" --words="$$ARGS"

links: $(VENV)/ready ## ask every web address whether it still answers, after "make html" also those that only built pages have (uses the network)
	@[ ! -e "$$OUT/html/index.html" ] || set -- --html "$$OUT/html"; $(VENV)/bin/python tools/check_links.py --archives "$$@"

update: $(VENV)/ready ## bring ISO's catalogue up to date and report what changed (uses the network)
	@$(VENV)/bin/python tools/update_catalogue.py $${FILE:+-- "$$FILE"}

bench: $(VENV)/ready ## measure builds and preview against plain Sphinx, into build/speed.json (takes an hour)
	@$(VENV)/bin/python tests/benchmarks/bench_speed.py --json "$$OUT/speed.json" $$ARGS

test: $(VENV)/ready ## run the tests
	@$(RUN) pytest -n auto --dist worksteal

lock: ## lock the newest compatible versions of all packages in requirements.txt
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
