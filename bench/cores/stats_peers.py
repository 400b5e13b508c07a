# One task of bench_cores_stats with numpy and SciPy: stats_peers.py TASK FOLDER
# Prints the seconds it took, without start-up and reading, and what it found.
import sys
import time

import numpy as np
import scipy.stats as stats


def joint(x):
    rng = np.random.default_rng(1)
    found = 0.0
    for _ in range(10):  # in parts, so that it fits into memory
        s = x[rng.integers(0, len(x), (10000, len(x)))]
        s.mean(axis=1), s.std(axis=1, ddof=1)
        median = np.median(s, axis=1)
        found = np.median(np.abs(s - median[:, None]), axis=1)[-1]
    return found


def median(x):
    return stats.bootstrap((x,), np.median, n_resamples=9999, method="percentile",
                           random_state=1).confidence_interval.low


def hodges_lehmann(x):
    i, j = np.triu_indices(len(x))
    return np.median((x[i] + x[j]) / 2)


def theil_sen(x, y):
    return stats.theilslopes(y, x)[0]


def mann_whitney(x, y):
    return stats.mannwhitneyu(x, y, method="asymptotic").pvalue


TASKS = {"joint": (joint, 1), "median": (median, 1), "hodges_lehmann": (hodges_lehmann, 1),
         "theil_sen": (theil_sen, 2), "mann_whitney": (mann_whitney, 2)}
task, samples = TASKS[sys.argv[1]]
data = [np.loadtxt(f"{sys.argv[2]}/{k}.txt") for k in range(samples)]
start = time.process_time()
found = task(*data)
print(time.process_time() - start, found)
