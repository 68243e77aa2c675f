# stackplan: make, make demo, make check, make install. See README.md.
# make alone builds and installs nothing; `make quick` is for every save, `make check` for every commit.
# Packagers: CC, CFLAGS, CPPFLAGS, LDFLAGS, PREFIX, DESTDIR, BINDIR, MANDIR, PLUGINDIR ... are respected and come last.

VERSION  = 0.1.0
PREFIX  ?= /usr/local
BINDIR  ?= $(PREFIX)/bin
MANDIR  ?= $(PREFIX)/share/man
DATADIR ?= $(PREFIX)/share/stackplan
DOCDIR  ?= $(PREFIX)/share/doc/stackplan
BASHDIR ?= $(PREFIX)/share/bash-completion/completions
ZSHDIR  ?= $(PREFIX)/share/zsh/site-functions
FISHDIR ?= $(PREFIX)/share/fish/vendor_completions.d
# where docker looks for plugins, for the prefixes /usr and /usr/local; PLUGINDIR= installs none
PLUGINDIR ?= $(PREFIX)/libexec/docker/cli-plugins

CC      ?= cc
AR      ?= ar
PKGS     = yaml-0.1 libbsd libmd jansson
B       ?= build
# V=1 shows the whole commands
Q        = $(if $(V),,@)
# The rooms that make libstackplan.a, from left to right: a room includes only what lies to its left.
ROOMS   ?= base data spec plan act

WARN = -Wall -Wextra -Wpedantic -Wshadow -Wvla -Wformat=2 -Wundef -Wpointer-arith -Wcast-qual \
	-Wwrite-strings -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition -Wswitch-enum \
	-Wimplicit-fallthrough -Wnull-dereference -Wconversion -Wno-sign-conversion
ifdef CI
WARN += -Werror
endif
HARDEN ?= -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection -fcf-protection -fPIE
HARDEN_LD ?= -pie -Wl,-z,relro,-z,now,-z,noexecstack
CFLAGS  ?= -O3 -g

ALL_CPPFLAGS = -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -DSTACKPLAN_VERSION='"$(VERSION)"' -Iinclude -I$(B) \
	$(shell pkg-config --cflags $(PKGS)) $(CPPFLAGS)
ALL_CFLAGS = -std=c17 $(WARN) $(HARDEN) $(CFLAGS)
LIBS = $(shell pkg-config --libs $(PKGS))

LIB_SRC = $(foreach r,$(ROOMS),$(sort $(wildcard src/$(r)/*.c)))
CLI_SRC = $(sort $(wildcard src/cli/*.c))
TPL_SRC = $(sort $(wildcard templates/*.mustache))
LIB_OBJ = $(LIB_SRC:src/%.c=$(B)/obj/%.o) $(if $(filter act,$(ROOMS)),$(B)/obj/embedded.o)
CLI_OBJ = $(CLI_SRC:src/%.c=$(B)/obj/%.o)
UNITS   = $(patsubst tests/unit/%.c,$(B)/unit/%,$(sort $(wildcard tests/unit/test_*.c)))

.PHONY: all
all: $(B)/stackplan

$(B)/stackplan: $(CLI_OBJ) $(B)/libstackplan.a
	@echo "  LD $@"
	$(Q)$(CC) $(ALL_CFLAGS) $(HARDEN_LD) $(LDFLAGS) -o $@ $^ $(LIBS)

$(B)/libstackplan.a: $(LIB_OBJ)
	@rm -f $@
	$(Q)$(AR) rcs $@ $^

$(B)/obj/%.o: src/%.c
	@mkdir -p $(@D)
	@echo "  CC $<"
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(B)/embedded.c: templates/embed.awk $(TPL_SRC)
	@mkdir -p $(@D)
	$(Q)awk -f templates/embed.awk $(TPL_SRC) > $@

$(B)/obj/embedded.o: $(B)/embedded.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -Wno-overlength-strings -c -o $@ $<

$(B)/unit/%: tests/unit/%.c $(B)/libstackplan.a
	@mkdir -p $(@D)
	@echo "  CC $<"
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -Wno-null-dereference -Wno-maybe-uninitialized -Itests/unit -MMD -MP $(HARDEN_LD) $(LDFLAGS) -o $@ $< $(B)/libstackplan.a $(LIBS) $(shell pkg-config --libs cmocka)

-include $(LIB_OBJ:.o=.d) $(CLI_OBJ:.o=.d) $(UNITS:=.d)

# ---- generated files that are committed, and the man page ----

COMPLETIONS = completions/stackplan.bash completions/_stackplan completions/stackplan.fish

.PHONY: completions docs
completions: $(B)/stackplan
	$(B)/stackplan __generate completion.bash > completions/stackplan.bash
	$(B)/stackplan __generate completion.zsh > completions/_stackplan
	$(B)/stackplan __generate completion.fish > completions/stackplan.fish

docs: $(B)/stackplan.1 $(B)/keys.md

$(B)/stackplan.1: $(B)/stackplan
	$(B)/stackplan __generate man.1 > $@.new && mv $@.new $@

$(B)/keys.md: $(B)/stackplan
	$(B)/stackplan __generate keys.md > $@.new && mv $@.new $@

# ---- tests ----

SAN = -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
SUB = $(MAKE) --no-print-directory

# tests run one after another, for some of them time things; what they are made of need not be made so
JOBS = -j$(shell nproc 2>/dev/null || echo 1)

.PHONY: deps quick check compiled units cases golden fake fake-runs faults faults-all corpus same-spec beside quoting screens completion-test generated live kill changes equiv install-test lint clang san \
	fuzz bench demo format
deps:
	@sh tests/deps.sh check

compiled: all $(UNITS)

units: $(UNITS)
	@for t in $(UNITS); do $$t >$(B)/unit.log 2>&1 || { cat $(B)/unit.log; echo "failed: $$t"; exit 1; }; done
	@echo "units: $(words $(UNITS)) passed, 0 failed"

cases: golden
	@STACKPLAN=$(B)/stackplan sh tests/scripts.sh
	@STACKPLAN=$(B)/stackplan sh tests/reads.sh
	@STACKPLAN=$(B)/stackplan sh tests/readme.sh

# what the program itself makes of words and files
golden: $(B)/stackplan
	@STACKPLAN=$(B)/stackplan sh tests/cases/run.sh
	@STACKPLAN=$(B)/stackplan sh tests/bad-input.sh
	@STACKPLAN=$(B)/stackplan sh tests/cli.sh

fake: fake-runs
	@sh tests/fake/streams.sh $(B)/stackplan
	@sh tests/fake/cut.sh $(B)/stackplan
	@sh tests/fake/lock.sh $(B)/stackplan

# those of them that neither flood nor wait
fake-runs: $(B)/stackplan
	@sh tests/fake/run.sh $(B)/stackplan
	@sh tests/fake/rollback.sh $(B)/stackplan
	@sh tests/fake/converged.sh $(B)/stackplan
	@sh tests/fake/verbs.sh $(B)/stackplan
	@sh tests/fake/plugin.sh $(B)/stackplan

# commands of making, replacing and removing a stack go wrong, in seven ways; signals at random moments. All of them: minutes
faults: $(B)/stackplan
	@NTH_STEP=$${NTH_STEP:-4} CANCEL_TRIALS=$${CANCEL_TRIALS:-60} sh tests/fake/faults.sh $(B)/stackplan

faults-all: $(B)/stackplan
	@NTH_STEP=1 CANCEL_TRIALS=300 sh tests/fake/faults.sh $(B)/stackplan

# what is read, printed and run of each stack of the corpus
corpus: $(B)/stackplan
	@sh tests/fake/corpus.sh $(B)/stackplan

# 100,000 random values, and hostile names, by each way
quoting: $(B)/stackplan
	@sh tests/fake/quoting.sh $(B)/stackplan
	@sh tests/fake/names.sh $(B)/stackplan

# what a person sees of a run, in tmux
screens: $(B)/stackplan
	@sh tests/screens/run.sh $(B)/stackplan

completion-test: $(B)/stackplan
	@STACKPLAN=$(B)/stackplan sh tests/completion.sh

generated: $(B)/stackplan
	@for f in bash:stackplan.bash zsh:_stackplan fish:stackplan.fish; do \
		$(B)/stackplan __generate completion.$${f%%:*} | cmp - completions/$${f#*:} || \
		{ echo "run 'make completions' and commit"; exit 1; }; done

live: $(B)/stackplan
	@STACKPLAN=$(abspath $(B)/stackplan) sh tests/live/run.sh

# kill -9 at 200 random moments; minutes
kill: $(B)/stackplan
	@KILL_TRIALS=$${KILL_TRIALS:-200} SIGNAL_TRIALS=$${SIGNAL_TRIALS:-60} STACKPLAN=$(abspath $(B)/stackplan) sh tests/live/run.sh kill

# every change of the tables with containers that run, and beside docker compose; minutes
changes: $(B)/stackplan
	@CHANGES=all STACKPLAN=$(abspath $(B)/stackplan) sh tests/live/run.sh changes

# every stack of the corpus, three ways; minutes. What is not the same stands in $(B)/equiv-WAY.out
equiv: $(B)/stackplan
	@WHOLE=$(abspath $(B))/equiv STACKPLAN=$(abspath $(B)/stackplan) nice sh tests/live/corpus.sh

# a spec in other words, and a build of another version: SAME_EVERY=1 for every stack
same-spec: $(B)/other/stackplan
	@if command -v python3 >/dev/null; then python3 tests/same_spec.py $(B)/stackplan $(B)/other/stackplan; \
	else echo "same-spec: skipped, it takes python3"; fi

# every key in many spellings, beside docker compose: BESIDE_EVERY=1 for all of them, minutes
beside: $(B)/stackplan
	@if command -v python3 >/dev/null; then python3 tests/beside/beside.py $(B)/stackplan $${BESIDE_EVERY:-1}; \
	else echo "beside: skipped, it takes python3"; fi

# only what holds the version is compiled again
$(B)/other/stackplan: $(B)/stackplan
	@rm -rf $(B)/other && mkdir -p $(B)/other && cp -Rp $(B)/obj $(B)/embedded.c $(B)/other/
	@for f in $$(grep -rl STACKPLAN_VERSION src); do o=$${f#src/}; rm -f $(B)/other/obj/$${o%.c}.o; done
	@$(SUB) B=$(B)/other VERSION=9.9.9 $(B)/other/stackplan

install-test: $(B)/stackplan docs
	@MAKE="$(MAKE)" B=$(B) sh tests/install.sh

# every save: no engine, no network
quick: units cases fake
	@QUOTING_STACKS=1 sh tests/fake/quoting.sh $(B)/stackplan
	@sh tests/layers.sh
	@sh tests/codes.sh

lint: $(B)/stackplan.1
	@sh tests/layers.sh
	@sh tests/codes.sh
	@sh tests/lint.sh $(B)

# the other compiler, warnings are errors
clang:
	@$(SUB) $(JOBS) CC=clang B=$(B)/clang CI=1 all

# what runs the program itself, with the address and undefined-behaviour sanitizers, whose own needs in time and memory are no
# finding
san:
	@$(SUB) $(JOBS) B=$(B)/san HARDEN= HARDEN_LD= CFLAGS="$(SAN)" compiled
	@LIMIT_MIB=1024 LIMIT_MS=10000 $(SUB) B=$(B)/san HARDEN= HARDEN_LD= CFLAGS="$(SAN)" units golden fake-runs

# FUZZ_S seconds of every fuzzer (libFuzzer of clang); CI=1: warnings of clang are errors
FUZZ_S ?= 60
fuzz:
	@$(SUB) $(JOBS) CC=clang B=$(B)/fuzz HARDEN= HARDEN_LD= CFLAGS="$(SAN) -fsanitize=fuzzer-no-link" all
	@CC=clang B=$(B)/fuzz FUZZ_S=$(FUZZ_S) sh tests/fuzz/run.sh

bench: $(B)/stackplan
	@STACKPLAN=$(B)/stackplan sh tests/bench/run.sh
	@STACKPLAN=$(B)/stackplan python3 tests/bench/engine.py

# what CI runs, in less than 20 minutes: installs what is missing, then all tests; of those that try something many times, fewer tries,
# and clang's analyzer goes less far than in `make lint`, which takes minutes
check: export LINT_NODES = 20000
check: export NTH_STEP = 8
check: export CANCEL_TRIALS = 50
check: export BESIDE_EVERY = 40
check: export QUOTING_STACKS = 2
check: export CORPUS_STEP = 8
check: export KILL_TRIALS = 3
check: export SIGNAL_TRIALS = 3
check: deps
	@$(SUB) $(JOBS) CI=1 compiled
	@$(SUB) CI=1 units
	@$(SUB) CI=1 lint
	@$(SUB) CI=1 cases fake faults corpus same-spec beside screens quoting completion-test generated install-test
	@$(SUB) san
	@$(SUB) CI=1 fuzz FUZZ_S=3
	@$(SUB) CI=1 live
	@echo "check: all passed"

# the tutorial's stack on a real engine, shown and removed again
demo:
	@sh tests/deps.sh demo
	@$(SUB) all
	@STACKPLAN=$(abspath $(B)/stackplan) sh tests/demo.sh

format:
	clang-format -i include/stackplan/*.h src/*/*.[ch] tests/unit/*.[ch] tests/fuzz/*.c tests/*.c

# ---- install ----

STACKS = $(sort $(dir $(wildcard templates/stacks/*/compose.yaml)))

.PHONY: install uninstall dist clean
install: all docs
	install -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(MANDIR)/man1 $(DESTDIR)$(DATADIR)/templates \
		$(DESTDIR)$(DOCDIR) $(DESTDIR)$(BASHDIR) $(DESTDIR)$(ZSHDIR) $(DESTDIR)$(FISHDIR)
	install -m 755 $(B)/stackplan $(DESTDIR)$(BINDIR)/stackplan
	$(if $(PLUGINDIR),install -d $(DESTDIR)$(PLUGINDIR))
	$(if $(PLUGINDIR),ln -sf $(BINDIR)/stackplan $(DESTDIR)$(PLUGINDIR)/docker-stackplan)
	install -m 644 $(B)/stackplan.1 $(DESTDIR)$(MANDIR)/man1/stackplan.1
	install -m 644 completions/stackplan.bash $(DESTDIR)$(BASHDIR)/stackplan
	install -m 644 completions/_stackplan $(DESTDIR)$(ZSHDIR)/_stackplan
	install -m 644 completions/stackplan.fish $(DESTDIR)$(FISHDIR)/stackplan.fish
	install -m 644 README.md LICENSE $(B)/keys.md $(DESTDIR)$(DOCDIR)
	install -m 644 $(TPL_SRC) $(DESTDIR)$(DATADIR)/templates
	for d in $(STACKS); do (cd $$d && find . -name node_modules -prune -o -type f -print) | while read -r f; do \
		install -D -m 644 "$$d/$$f" "$(DESTDIR)$(DATADIR)/stacks/$$(basename $$d)/$$f" || exit 1; done; done

uninstall:
	rm -f $(DESTDIR)$(BINDIR)/stackplan $(DESTDIR)$(MANDIR)/man1/stackplan.1 $(DESTDIR)$(BASHDIR)/stackplan \
		$(DESTDIR)$(ZSHDIR)/_stackplan $(DESTDIR)$(FISHDIR)/stackplan.fish \
		$(if $(PLUGINDIR),$(DESTDIR)$(PLUGINDIR)/docker-stackplan)
	rm -rf $(DESTDIR)$(DATADIR) $(DESTDIR)$(DOCDIR)

dist:
	git archive --format=tar.gz --prefix=stackplan-$(VERSION)/ -o stackplan-$(VERSION).tar.gz HEAD

clean:
	rm -rf $(B)
