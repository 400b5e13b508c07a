# kmodbench: the front door. `make help` lists what it does.
#
# Options, on the command line:
#   TARGET=auto|host|vm|sim  where to measure        CASES="ksort copy"  only these points, modules or cases
#   QUICK=1  fewer points and samples                CPU=3  pin to this CPU
#   RUN_FLAGS="..."  more flags for `kmodbench run`  REPORT_LANG=en|zh-TW  language of the report
#   DIR=results/latest  the run that `make report` writes up
#   KDIR=/path  headers to build modules for         KERNEL=6.1  the guest's kernel, see scripts/kernel.sh
#   MODE=0666  mode of the devices that `make load` makes; default 0600
#   BUILD=build  where to build                      WERROR=1  warnings are errors
#   V=1  show each step of the build of the modules

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := all
MAKEFLAGS += --no-print-directory

BUILD ?= build
TARGET ?= auto
DIR ?= results/latest
REPORT_LANG ?= en

KMODBENCH := $(BUILD)/kmodbench
MODULES_DIR := $(abspath $(BUILD))/modules
RELEASE := $(shell uname -r)
RUNNING_KDIR := /lib/modules/$(RELEASE)/build
SUDO := $(if $(filter 0,$(shell id -u)),,sudo)
empty :=
PATTERN := $(subst $(empty) $(empty),|,$(strip $(CASES)))

# Which kernels a run may need modules for: the running one, where we may load some; the guest's.
LOADS_HERE := $(shell [ -e /proc/modules ] && [ "$$(id -u)" = 0 ] && echo host)
KERNELS_host := host
KERNELS_vm := guest
KERNELS_sim := guest
KERNELS_auto := $(LOADS_HERE) guest
RUN_KERNELS := $(KERNELS_$(TARGET))
ifeq ($(RUN_KERNELS),)
$(error TARGET=$(TARGET): no such target; auto, host, vm or sim)
endif

.PHONY: all
all: ## build the program, build/kmodbench, and the tests
	@scripts/setup.sh build
	@cmake -S . -B $(BUILD) -G Ninja --log-level=WARNING -DKMB_WERROR=$(if $(WERROR),ON,OFF) >/dev/null
	@cmake --build $(BUILD)

.PHONY: bench
bench: all ## measure, analyse, draw and write up: results/latest/report.md and .html
	@scripts/setup.sh plots modules $(RUN_KERNELS)
	@$(MAKE) $(addprefix modules-,$(RUN_KERNELS))
	@code=0; dir=$$($(KMODBENCH) run --target $(TARGET) $(if $(QUICK),--quick) \
		$(if $(CPU),--cpu $(CPU)) $(RUN_FLAGS) $(if $(PATTERN),'$(PATTERN)')) || code=$$?; \
	[[ -n $$dir && $$code -le 1 ]] || exit $$code; \
	$(MAKE) report DIR=$$dir; \
	exit $$code

.PHONY: report
report: all ## analyse, draw and write up a run again (DIR=)
	@scripts/setup.sh plots
	@$(KMODBENCH) analyze $(DIR)
	@$(KMODBENCH) plot $(DIR)
	@$(KMODBENCH) report $(DIR) --lang $(REPORT_LANG)

.PHONY: test
test: all ## all tests that can run on this machine, those in the simulated kernel included
	@scripts/setup.sh plots modules guest
	@tests/run.sh $(BUILD)

.PHONY: test-debug
test-debug: all ## the tests of the modules on a kernel that watches them; builds it once (SHORT=1)
	@scripts/setup.sh modules guest debug
	@scripts/debug-kernel.sh
	@tests/run.sh $(BUILD) -C debug -L debug $(if $(SHORT),-R '[.](contract|sees)$$')

.PHONY: test-slow
test-slow: all ## the tests that take most of an hour, none of which needs a kernel
	@tests/run.sh $(BUILD) -C slow -L slow

.PHONY: fuzz
fuzz: all ## fuzz the devices on that kernel (CALLS=10000000 SEED=1), and what share was reached
	@scripts/setup.sh modules guest debug
	@scripts/debug-kernel.sh
	@CALLS="$(or $(CALLS),10000000)" SEED="$(or $(SEED),1)" tests/fuzz/fuzz.sh $(BUILD)

.PHONY: fuzz-parsers
fuzz-parsers: all ## fuzz the parsers of result files and lists (SECONDS=60)
	@tests/parsers/fuzz.sh $(BUILD) $(or $(SECONDS),60)

.PHONY: matrix
matrix: all ## build and test the modules on kernels of other releases (KERNELS="5.10 6.1 6.12 newest")
	@scripts/setup.sh guest matrix
	@scripts/matrix.sh $(BUILD) $(or $(KERNELS),5.10 6.1 6.12 newest)

.PHONY: kernels-cost
kernels-cost: all ## what a newer kernel costs, in instructions, on those that `make matrix` built for
	@scripts/setup.sh guest
	@scripts/kernels-cost.sh $(BUILD) $(KERNELS)

.PHONY: static
static: all ## look at the code without running it (CHECKS="checkpatch sparse", FILES= for tidy)
	@scripts/setup.sh modules guest static
	@scripts/static.sh $(BUILD) $(CHECKS)

.PHONY: test-sanitizers
test-sanitizers: ## the tests of the program under ASan and UBSan, and under TSan
	@scripts/setup.sh build plots
	@for kind in address,undefined thread; do \
		dir=$(BUILD)/sanitize-$${kind%,*}; \
		cmake -S . -B $$dir -G Ninja --log-level=WARNING -DKMB_SANITIZE=$$kind -DCMAKE_BUILD_TYPE=None >/dev/null; \
		cmake --build $$dir; \
		tests/run.sh $$dir -LE 'guest|debug|slow'; \
	done

.PHONY: calib
calib: all ## planted truth: does the measuring see it? TARGET=sim, or vm (two CPUs, plain TCG)
	@scripts/setup.sh modules guest
	@$(MAKE) modules-guest
	@dir=$$($(KMODBENCH) run --target $(CALIB_TARGET) $(CALIB_FLAGS) --min-samples 3000 \
		--max-samples 3000 $(RUN_FLAGS) '^calib/'); \
	$(KMODBENCH) analyze $$dir; $(KMODBENCH) truth $$dir
CALIB_TARGET := $(if $(filter auto,$(TARGET)),sim,$(TARGET))
# Instructions are the same in every round; elsewhere rounds tell what else the machine does.
CALIB_FLAGS := $(if $(filter vm,$(TARGET)),--accel tcg --guest-cpus 2) \
	--rounds $(if $(filter sim,$(CALIB_TARGET)),1,10)

.PHONY: bench-cores
bench-cores: all ## native benchmark of algorithm cores beside their peers (CORE=sort)
	@[[ -n "$(CORE)" ]] || { echo "bench-cores: say CORE=; one of $(CORES)" >&2; exit 2; }
	@[[ " $(CORES) " == *" $(CORE) "* ]] || { echo "CORE=$(CORE): no such core; one of $(CORES)" >&2; exit 2; }
	@cmake --build $(BUILD) --target bench_cores_$(CORE)
	@$(BUILD)/bench_cores_$(CORE) --out=$(BUILD)/cores-$(CORE).json
CORES := $(sort $(patsubst bench/cores/%_cores.cpp,%,$(wildcard bench/cores/*_cores.cpp)))

.PHONY: modules modules-host modules-guest
modules: ## build the modules for the running kernel, else for the guest's (KDIR= for another)
	@scripts/setup.sh modules $(if $(KDIR),,$(if $(wildcard /proc/modules),host))
	@$(MAKE) $(if $(V),,-s) -C modules OUT=$(MODULES_DIR) KDIR="$(or $(KDIR),$(if $(wildcard \
		$(RUNNING_KDIR)/Makefile),$(RUNNING_KDIR),$$(scripts/kernel.sh kdir)))" \
		2> >(sed '/^Skipping BTF generation/d' >&2)
modules-host:
	@$(MAKE) modules KDIR="$(or $(KDIR),$(RUNNING_KDIR))"
modules-guest:
	@kdir=$$(scripts/kernel.sh kdir); $(MAKE) modules KDIR="$$kdir"

# The modules in the order of loading; nothing depends on another.
NAMES = $(patsubst %/,%,$(shell sed -n 's/^obj-m += //p' modules/Kbuild))

.PHONY: load
load: modules-host ## load the modules into the running kernel (MODE=0666 for everyone)
	@for name in $(NAMES); do \
		[[ -e /sys/module/$$name ]] || $(SUDO) insmod $(MODULES_DIR)/$(RELEASE)/$$name.ko $(if $(MODE),mode=$(MODE)); \
	done

.PHONY: unload
unload: ## unload them
	@for name in $(NAMES); do \
		[[ ! -e /sys/module/$$name ]] || $(SUDO) rmmod $$name; \
	done

.PHONY: clean
clean: ## remove what was built; results stay
	@rm -rf $(BUILD)

.PHONY: help
help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | sort | expand -t 18
	@sed -n '/^# Options/,/^$$/s/^# \{0,1\}//p' $(MAKEFILE_LIST)
