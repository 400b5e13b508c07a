#!/usr/bin/env python3
"""Writes a run with planted laws, in the format of docs/format-ksamp.md.

usage:   make_run.py OUT [--unit ns|instructions] [--full]
example: make_run.py tests/data/run-small
The numbers are invented: they test analysis and figures, and measure nothing.
Planted: copies cost a + b x bytes; fast doubling grows as n^1.6, addition as n^2;
heap sort as n ln n. `ns` has skewed noise and 2 % of interrupted samples;
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
            return f"{rep} {self.clock} - {work} - {work} - 1 1 - - - - - {self.clock}"
        return (f"{rep} {start} {total} {user} {copy_in} {work} {copy_out} 1 1 {int(irq)} 0 0 0 0 "
                f"{start - entry}")

    def point(self, case, point, phases, way=0, kernel=True, samples=12, rounds=2):
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


def fill(run, full):
    sizes = [4**i for i in range(12)] if full else [4**i for i in range(0, 10, 2)]
    for size in sizes:
        run.point("copy", f"hello/write/bytes={size}", (copy_cost(size), 9, 0), 210,
                  samples=100 if full else 12)
        run.point("copy", f"hello/read/bytes={size}", (0, 9, copy_cost(size) * 0.9), 205,
                  samples=100 if full else 12)
    indices = [1, 3, 10, 30, 92, 300, 1000, 3000, 10000, 30000, 100000] if full else [10, 100, 1000, 10000]
    laws = {"iteration64": lambda n: 2 + 0.35 * n, "addition": lambda n: 20 + 3 * n + 0.004 * n * n,
            "fast_doubling": lambda n: 55 + 12 * math.log2(n + 1) + 0.006 * n**1.6}
    if full:
        laws["fast_doubling_karatsuba"] = lambda n: 90 + 14 * math.log2(n + 1) + 0.012 * n**1.5
    for n in indices:
        for algo, law in laws.items():
            if algo == "iteration64" and n > 93:
                continue
            for where in ("kernel", "user"):
                scale = 1 if where == "kernel" else 0.93
                run.point("fib", f"fibdrv/fib/where={where}/algo={algo}/n={n}",
                          (0, law(n) * scale, 30 + n * 0.02), 200, where == "kernel",
                          samples=30 if full else 6)
    counts = [16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1000000] if full else [16, 256, 4096, 65536]
    shapes = {"random": 1, "sorted": 0.55, "reversed": 0.6, "few": 0.7, "organ": 0.8}
    if not full:
        shapes = {"random": 1, "sorted": 0.55}
    ways = {"kernel": 2.9, "pdq": 1.3, "heap": 2.2, "intro": 1.45} if full else {"kernel": 2.9, "pdq": 1.3}
    for n in counts:
        for algo, factor in ways.items():
            for pattern, ease in shapes.items():
                for where in ("kernel", "user"):
                    if where == "user" and algo == "kernel":
                        continue
                    adapt = ease**3 if algo == "pdq" else ease
                    work = 25 + factor * adapt * n * math.log(n + 1) * (1 if where == "kernel" else 0.95)
                    run.point("sort", f"ksort/sort/where={where}/algo={algo}/pattern={pattern}/n={n}",
                              (copy_cost(4 * n), work, copy_cost(4 * n)), 200, where == "kernel",
                              samples=20 if full else 6)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out")
    parser.add_argument("--unit", default="ns", choices=["ns", "instructions"])
    parser.add_argument("--full", action="store_true")
    options = parser.parse_args()
    run = Run(options.out, options.unit)
    fill(run, options.full)
    run.close()


if __name__ == "__main__":
    main()
