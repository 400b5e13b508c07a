#!/usr/bin/env python3
"""Writes a run with planted laws, in the format of docs/format-ksamp.md.

usage:   make_run.py OUT [--unit ns|instructions] [--points FILE] [--samples N]
example: make_run.py tests/data/run-small
         kmodbench list > points; make_run.py /tmp/run --points points --samples 30
The numbers are invented: they test analysis and figures, and measure nothing.
Planted: copies cost a + b x bytes; fast doubling grows as n^1.6, addition as n^2;
heap sort as n ln n; a copy costs more beyond 1 MiB. `ns` has skewed noise and 2 % of interrupted samples;
`instructions` is constant but for a timer tick in one sample of forty.
"""

import argparse
import math
import pathlib
import random

COLUMNS = ("rep start total user copy_in work copy_out cpu cpu_end irqs softirqs "
           "nvcsw nivcsw faults user_start")


def fnv1a(text):
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return value


class Run:
    def __init__(self, out, unit):
        self.out = pathlib.Path(out)
        self.out.mkdir(parents=True, exist_ok=True)
        self.unit = unit
        self.random = random.Random(20260101)
        self.clock = 10**12
        self.blocks = {}

    def noisy(self, value):
        if self.unit == "instructions" or value == 0:
            return max(0, round(value))
        return max(1, round(value * self.random.lognormvariate(0, 0.03) + self.random.expovariate(0.2)))

    def sample(self, rep, phases, way, kernel):
        irq = self.random.random() < (0.025 if self.unit == "instructions" else 0.02)
        extra = 0
        if irq:
            extra = 3412 if self.unit == "instructions" else round(self.random.lognormvariate(8.3, 0.5))
        copy_in, work, copy_out = (self.noisy(x) for x in phases)
        work += extra
        total = copy_in + work + copy_out + self.noisy(38)
        entry, leave = self.noisy(way * 0.55), self.noisy(way * 0.45)
        self.clock += self.noisy(5000)
        start = self.clock + entry
        user = entry + total + leave
        self.clock += user
        if not kernel:
            return f"{rep} {self.clock} {work} {work} - {work} - 1 1 - - - - - -"
        return (f"{rep} {start} {total} {user} {copy_in} {work} {copy_out} 1 1 {int(irq)} 0 0 0 0 "
                f"{start - entry}")

    def point(self, point, samples, rounds=2):
        case, phases, way, kernel = law(point)
        for r in range(rounds):
            rows = "".join(self.sample(r * samples + i, phases, way, kernel) + "\n"
                           for i in range(samples))
            target = "sim" if self.unit == "instructions" else "host"
            step = 1 if self.unit == "instructions" else 2
            text = (f"kmodbench-samples: 1\ncase: {case}\npoint: {point}\ntarget: {target}\n"
                    f"time-unit: {self.unit}\nclock-step: {step}\nround: {r}\nrounds: {rounds}\n"
                    f"seed: 1\nbatch: 1\ncolumns: {COLUMNS}\n{rows}"
                    f"end: {samples} {fnv1a(rows):016x}\n")
            self.blocks.setdefault(case, {}).setdefault(r, []).append(text)

    def close(self):
        for case, rounds in self.blocks.items():
            text = ""
            for r in sorted(rounds):
                self.random.shuffle(rounds[r])
                text += "".join(rounds[r])
            (self.out / f"{case}.ksamp").write_text(text)


def copy_cost(size):
    near = min(size, 2**20) * 0.031
    return 21 + near + max(0, size - 2**20) * 0.11


FIBONACCI = {
    "bignum_add": lambda n: 20 + 3 * n + 0.004 * n * n,
    "fast_doubling": lambda n: 55 + 12 * math.log2(n + 1) + 0.006 * n**1.6,
    "iterate64": lambda n: 2 + 0.35 * n,
}
SORTS = {"bentley_mcilroy": 1.4, "intro": 1.45, "kernel_list_sort": 2.4, "lsd_radix": 0.6, "msd_radix": 0.7, "pdq": 1.25, "powersort": 1.55, "tim": 1.6, "auto": 1.2, "heap": 2.2, "kernel_sort": 2.9, "quick": 1.5, "shell": 1.9}
PATTERNS = {"few_unique": 0.7, "log_keys": 0.9, "organ_pipe": 0.8, "random": 1, "reversed": 0.6,
            "runs8": 0.75, "sorted": 0.55, "swaps": 0.65, "zipf": 0.85}


def sort_cost(n, algo, pattern):
    ease = PATTERNS[pattern]
    if algo == "insertion":
        return 20 + 1.1 * n + 0.3 * n * n * (ease - 0.55)
    return 25 + SORTS[algo] * (ease**3 if algo == "auto" else ease) * n * math.log(n + 1)


def law(point):
    """case, (copy in, work, copy out), way in and out, whether in the kernel"""
    head, *rest = point.split("/")
    keys = dict(part.split("=") for part in rest[1:])
    kernel = keys.get("where", "kernel") == "kernel"
    faster = 1 if kernel else 0.94
    if head == "hello":
        cost = copy_cost(int(keys["bytes"]))
        return "copy", (cost, 9, 0) if rest[0] == "write" else (0, 9, 0.9 * cost), 208, kernel
    n = int(keys["n"])
    if keys["algo"] == "nop":
        return {"fibdrv": "fib", "ksort": "sort"}[head], (0, 0, 0), 208, kernel
    if head == "fibdrv":
        return "fib", (0, FIBONACCI[keys["algo"]](n) * faster, 0), 208, kernel
    width = 2 if keys["type"] == "u64" else 1
    work = sort_cost(n, keys["algo"], keys["pattern"]) * faster * (1 + 0.3 * (width - 1))
    return "sort", (copy_cost(4 * width * n), work, copy_cost(4 * width * n)), 208, kernel


def small_points():
    for size in (1, 16, 256, 4096, 65536):
        yield f"hello/write/bytes={size}"
        yield f"hello/read/bytes={size}"
    for where in ("kernel", "user"):
        for n in (10, 93, 1000, 4000, 10000):
            for algo in ("bignum_add", "fast_doubling"):
                yield f"fibdrv/fib/where={where}/algo={algo}/n={n}"
        for n in (16, 256, 4000):
            for algo in ("heap", "quick"):
                for pattern in ("random", "sorted"):
                    yield f"ksort/sort/where={where}/algo={algo}/type=i32/pattern={pattern}/n={n}"
    yield "fibdrv/fib/where=kernel/algo=nop/n=1"


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    parser.add_argument("--unit", default="ns", choices=["ns", "instructions"])
    parser.add_argument("--points", help="file with a point a line (default: a small run)")
    parser.add_argument("--samples", type=int, default=6, help="a point and round")
    options = parser.parse_args()
    points = list(small_points())
    if options.points:
        text = pathlib.Path(options.points).read_text()
        points = [line.strip() for line in text.splitlines() if "=" in line]
    run = Run(options.out, options.unit)
    for point in points:
        run.point(point, options.samples)
    run.close()


if __name__ == "__main__":
    main()
