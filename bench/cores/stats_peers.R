# One task of bench_cores_stats with R: Rscript stats_peers.R TASK FOLDER
# Prints the seconds it took, without start-up and reading, and what it found.
arguments <- commandArgs(trailingOnly = TRUE)
sample_of <- function(k) scan(sprintf("%s/%d.txt", arguments[2], k), quiet = TRUE)
library(boot)

tasks <- list(
  joint = function() {
    x <- sample_of(0)
    function() {
      set.seed(1)
      boot(x, function(d, i) c(mean(d[i]), sd(d[i]), median(d[i]), mad(d[i], constant = 1)), 100000)$t0[4]
    }
  },
  median = function() {
    x <- sample_of(0)
    function() {
      set.seed(1)
      boot.ci(boot(x, function(d, i) median(d[i]), 9999), type = "perc")$percent[4]
    }
  },
  hodges_lehmann = function() {
    x <- sample_of(0)
    function() wilcox.test(x, conf.int = TRUE, exact = FALSE)$estimate
  },
  mann_whitney = function() {
    x <- sample_of(0)
    y <- sample_of(1)
    function() wilcox.test(x, y, exact = FALSE)$p.value
  }
)
if (is.null(tasks[[arguments[1]]])) quit(status = 1)
run <- tasks[[arguments[1]]]()
start <- sum(proc.time()[1:2])
found <- run()
cat(sum(proc.time()[1:2]) - start, found, "\n")
