# SPDX-License-Identifier: GPL-2.0-only
# Included by the Kbuild of every module: where the headers are, and the common
# objects ($(kmb-y)) that go into each .ko. Written for $(src) of 5.10 to 7.x.
ccflags-y += -I$(src) -I$(src)/../include

# Before 5.18 the kernel was compiled as gnu89.
ifneq ($(filter -std=gnu89 -std=gnu90,$(KBUILD_CFLAGS)),)
ccflags-y += -std=gnu11
endif

kmb-y := kmb_device.o kmb_probe.o kmb_ring.o kmb_run.o
