# The two commands: `make demo` and `make test`. `make help` lists the others.

VERSION := $(shell sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' Cargo.toml)
ABI     := 0
PROFILE ?= release
PREFIX  ?= /usr/local
LIBDIR  ?= $(PREFIX)/lib
DESTDIR ?=
CARGO   ?= cargo
CC      ?= cc
CXX     ?= c++
JOBS    ?= 2

TARGET  := target/$(PROFILE)
BUILD   := build
LIBRARY := $(BUILD)/lib/librunloop.so.$(ABI)
EMULATOR := target/quick/runloop-emulator
WARNINGS := -Wall -Wextra -Wpedantic -Werror

export CARGO CC CXX JOBS PROFILE
export RUNLOOP_LIB_DIR := $(CURDIR)/$(BUILD)/lib
export RUNLOOP_EMULATOR := $(CURDIR)/$(EMULATOR)

.PHONY: all help needs library emulator lib examples demo test check lint unit header header-check generate generate-check symbols install place pkgconfig reference dist release clean bench test-large test-official test-fuzz fuzz sanitize matrix refusals secrets soak abi abi-old abi-accept parity

all: lib emulator examples

help:
	@echo "make demo                    build everything, start the emulator, run a C program against it"
	@echo "make test                    every test there is; installs by apt-get what it lacks, if it may (TEST_INSTALL=no: never)"
	@echo "                             runs two steps at a time (STEPS_AT_A_TIME=1: one after the other)"
	@echo "make check                   format, lints, unit tests, generated files: what to run before every commit"
	@echo "make test-large              transfers of 5 GB, and a tree of 50,000 files; takes a while, and 20 GB of /tmp"
	@echo "make test-official           the official Python SDK's own end-to-end tests against the emulator"
	@echo "make test-fuzz               requests made up from spec/openapi.json against the emulator"
	@echo "make fuzz                    random calls and inputs for long, those of libFuzzer and Go too (FUZZ_CALLS=…, FUZZ_INPUTS=…, FUZZ_SECONDS=…); takes 40 minutes"
	@echo "make sanitize                C and C++ test programs under AddressSanitizer and UndefinedBehaviorSanitizer"
	@echo "make matrix                  every operation against every fault, over HTTP/1.1 and HTTP/2; takes ten minutes"
	@echo "make secrets                 every operation against servers that repeat secrets, and a search of all that is said"
	@echo "make soak                    20 minutes of mixed load with faults and restarts of the emulator (MINUTES=…, SEED=…)"
	@echo "make refusals                every call of the system that the library makes fails once, and from then on; takes ten minutes"
	@echo "make parity                  write the emulator's parity table anew from what the tests saw"
	@echo "make all                     the library, the emulator, the examples"
	@echo "make header                  write include/runloop.h anew from src/ffi"
	@echo "make abi                     what has changed in the binary interface since the baseline (OLD_LIB_DIR=… for an earlier library)"
	@echo "make abi-old                 builds an earlier library (OLD=…, a commit or a tag), and runs a program with it that is compiled now"
	@echo "make abi-accept              makes the binary interface as it is the baseline"
	@echo "make generate                write the bindings' typed structs anew from spec/openapi.json"
	@echo "make install PREFIX=… DESTDIR=…  library, headers, files for pkg-config and CMake, emulator"
	@echo "make place PREFIX=… DESTDIR=…    the same of what is built, building nothing: for sudo"
	@echo "make reference               the references of the C header and of C++, in build/reference (needs doxygen)"
	@echo "make dist                    a release in build/dist: tarball, Debian packages, checksums, bills of materials"
	@echo "make release                 what has to hold before a release: clean tree, one version, check, abi, dist"
	@echo "make bench                   the figures, beside libcurl on the same work"
	@echo "make compare                 the same faults against the official Python SDK and this library, side by side"
	@echo "make clean                   remove what was built"

needs:
	@tools/needs.sh build

library: needs
	$(CARGO) build --profile $(PROFILE) --lib

emulator: needs
	$(CARGO) build --profile quick -p runloop-emulator

# The library under the names that programs look for. What is right stays, since others may be about to open it.
lib: library
	@mkdir -p $(BUILD)/lib
	@archive=$(CURDIR)/$(TARGET)/librunloop.a; if [ "$$(readlink $(BUILD)/lib/librunloop.a)" != "$$archive" ] || \
			[ -L $(LIBRARY) ] || [ ! $(LIBRARY) -nt "$$archive" ] || [ ! $(LIBRARY) -nt spec/functions.txt ]; then \
		tools/link.sh "$$archive" $(LIBRARY) $(ABI) && ln -sf "$$archive" $(BUILD)/lib/librunloop.a; \
	fi
	@[ "$$(readlink $(BUILD)/lib/librunloop.so)" = $(notdir $(LIBRARY)) ] || ln -sf $(notdir $(LIBRARY)) $(BUILD)/lib/librunloop.so
	@$(MAKE) -s pkgconfig PREFIX=$(CURDIR) LIBDIR=$(CURDIR)/$(BUILD)/lib DESTDIR=

EXAMPLES := $(patsubst examples/c/%.c,$(BUILD)/examples/%,$(wildcard examples/c/*.c))

examples: $(EXAMPLES)

$(BUILD)/examples/%: examples/c/%.c examples/c/check.h $(wildcard include/*.h) | lib
	@mkdir -p $(@D)
	$(CC) -std=c11 -D_XOPEN_SOURCE=700 -O2 -g $(WARNINGS) -Iinclude $< -o $@ -L$(BUILD)/lib -lrunloop -Wl,-rpath,$(CURDIR)/$(BUILD)/lib

demo: all
	@tools/demo.sh $(BUILD)/examples/quickstart

header:
	$(CARGO) run -q -p surface -- header

header-check:
	$(CARGO) run -q -p surface -- header --check

generate:
	$(CARGO) run -q -p surface -- bindings

generate-check:
	$(CARGO) run -q -p surface -- bindings --check

symbols: lib
	@tools/symbols.sh $(LIBRARY) spec/functions.txt

abi: lib emulator
	@tests/abi/run.sh

abi-old: lib emulator
	@tests/abi/old.sh

abi-accept:
	@tests/abi/run.sh accept

lint:
	$(CARGO) fmt --all --check
	$(CARGO) clippy -q --workspace --all-targets -- -D warnings
	@tools/lint.sh

unit:
	$(CARGO) test -q --workspace

check: lint header-check generate-check unit

test:
	@tests/run.sh

matrix: all
	@tests/matrix/run.sh --table build/matrix.md
	@cat build/matrix.md

secrets: all
	@tests/secrets/run.sh

soak: all
	@tests/soak/run.sh

refusals: all
	@tests/refusals/run.sh --samples 400

test-official: emulator
	@tests/official/run.sh

test-fuzz: emulator
	@tests/fuzz/run.sh

fuzz: all
	@tests/fuzz/long.sh

sanitize: all
	@tests/sanitize/run.sh

parity:
	@tools/parity.py

test-large: all
	@TEST_WATCHDOG_SECONDS=7200 RUNLOOP_TEST_LARGE=1 JOBS=1 tests/c/run.sh test_transfers test_directories

bench: all
	@benches/run.sh

.PHONY: compare
compare: lib
	@tests/compare/run.sh --table build/compare.md

install: lib emulator
	@$(MAKE) -s place

# Installs what is built. The dynamic library is stripped; the .a keeps what a linker needs.
place:
	install -d $(DESTDIR)$(LIBDIR)/pkgconfig $(DESTDIR)$(PREFIX)/include $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 755 $(LIBRARY) $(DESTDIR)$(LIBDIR)/librunloop.so.$(VERSION)
	strip --strip-unneeded $(DESTDIR)$(LIBDIR)/librunloop.so.$(VERSION)
	ln -sf librunloop.so.$(VERSION) $(DESTDIR)$(LIBDIR)/librunloop.so.$(ABI)
	ln -sf librunloop.so.$(ABI) $(DESTDIR)$(LIBDIR)/librunloop.so
	install -m 644 $(TARGET)/librunloop.a $(DESTDIR)$(LIBDIR)/librunloop.a
	strip --strip-debug $(DESTDIR)$(LIBDIR)/librunloop.a
	install -m 644 include/*.h $(DESTDIR)$(PREFIX)/include/
	install -d $(DESTDIR)$(PREFIX)/include/runloop $(DESTDIR)$(LIBDIR)/cmake/Runloop
	install -m 644 bindings/cpp/include/runloop.hpp $(DESTDIR)$(PREFIX)/include/
	install -m 644 bindings/cpp/include/runloop/*.hpp $(DESTDIR)$(PREFIX)/include/runloop/
	@for name in RunloopConfig RunloopConfigVersion; do \
		sed -e 's|@VERSION@|$(VERSION)|' -e 's|@ABI@|$(ABI)|' -e "s|@POINTER_SIZE@|$$(($$(getconf LONG_BIT) / 8))|" \
			-e "s|@INCLUDE_FROM_LIBDIR@|$$(realpath -m --relative-to=$(LIBDIR) $(PREFIX)/include)|" \
			packaging/cmake/$$name.cmake.in > $(DESTDIR)$(LIBDIR)/cmake/Runloop/$$name.cmake || exit 1; \
	done
	@$(MAKE) -s pkgconfig
	install -m 755 $(EMULATOR) $(DESTDIR)$(PREFIX)/bin/runloop-emulator
	strip $(DESTDIR)$(PREFIX)/bin/runloop-emulator
	tools/manual.sh $(EMULATOR) > $(DESTDIR)$(PREFIX)/share/man/man1/runloop-emulator.1

# What pkg-config reads, in the place that PKGCONFIGDIR names. Others may read it meanwhile: it is written beside, then moved.
# In the source tree the headers for C++ have a folder of their own.
PKGCONFIGDIR ?= $(LIBDIR)/pkgconfig
CPP_CFLAGS := $(if $(filter $(CURDIR),$(abspath $(PREFIX))), -I$${prefix}/bindings/cpp/include)
pkgconfig:
	@mkdir -p $(DESTDIR)$(PKGCONFIGDIR)
	@for name in runloop runloop-static; do \
		sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@LIBDIR@|$(LIBDIR)|' -e 's|@VERSION@|$(VERSION)|' -e 's|@CPP_CFLAGS@|$(CPP_CFLAGS)|' packaging/$$name.pc.in \
			> $(DESTDIR)$(PKGCONFIGDIR)/$$name.pc.$$$$ && mv -f $(DESTDIR)$(PKGCONFIGDIR)/$$name.pc.$$$$ $(DESTDIR)$(PKGCONFIGDIR)/$$name.pc || exit 1; \
	done

# The references of the C header, in build/reference/html, and of the C++ binding, in build/reference/cpp.
# What is not documented is an error.
reference:
	@command -v doxygen >/dev/null || { echo "doxygen is missing. On Debian and its like: sudo apt-get install doxygen" >&2; exit 1; }
	@rm -rf $(BUILD)/reference && mkdir -p $(BUILD)/reference
	@{ cat tools/reference/Doxyfile; echo "PROJECT_NUMBER = $(VERSION)"; echo "OUTPUT_DIRECTORY = $(BUILD)/reference"; } | doxygen -
	@{ cat tools/reference/cpp.doxyfile; echo "PROJECT_NUMBER = $(VERSION)"; echo "OUTPUT_DIRECTORY = $(BUILD)/reference"; \
		echo "HTML_OUTPUT = cpp"; } | doxygen -

dist: lib emulator reference
	@VERSION=$(VERSION) ABI=$(ABI) TARGET=$(TARGET) EMULATOR=$(EMULATOR) tools/dist/run.sh

# What has to hold before a release is tagged; CONTRIBUTING.md has the list.
release:
	@tools/release.sh

clean:
	$(CARGO) clean
	rm -rf $(BUILD)
