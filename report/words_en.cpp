// The words in English, sorted by key.
#include "report/words.h"

namespace kmb::report {
namespace {

constexpr Word kTable[] = {
    {"again.run", "This command makes the run again, with the same points, order and inputs:"},
    {"again.stages",
     "The later stages can each be made again from the stored samples, which they never change:"},
    {"again.unknown", "The command of this run is not known: its manifest does not say."},
    {"appendix.comparison",
     "All samples against the kept ones, of the measure that the rule judged, in {unit}; sd, MAD, "
     "minimum and maximum are those of all samples"},
    {"appendix.elsewhere",
     "It would make this text longer than GitHub and HackMD take; `report.html` has every one of "
     "the {points} points."},
    {"appendix.fits", "{name}: every fitted law"},
    {"appendix.grades", "{name}: grades and what the order of the samples shows"},
    {"appendix.mad", "MAD"},
    {"appendix.max", "maximum"},
    {"appendix.min", "minimum"},
    {"appendix.panel", "{name}: every size"},
    {"appendix.removal", "{name}: all samples and kept samples"},
    {"appendix.sd", "sd"},
    {"bracket.how",
     "Measuring takes time as well: the empty bracket of each module, measured in this run as the "
     "variant nop, is taken off again, and the interval of what is left has the uncertainty of "
     "both. Of {all} points {few} change by less than 1 %."},
    {"bracket.more", "{shown} of {all} such points are shown, the appendix has all."},
    {"bracket.net", "less the bracket"},
    {"bracket.share", "the bracket's share"},
    {"bracket.table",
     "Points of which the empty bracket is 1 % or more, the largest shares first, in {unit}"},
    {"case.calib", "Planted truth:"},
    {"case.copy", "Copying between user space and kernel:"},
    {"case.fib", "Fibonacci numbers:"},
    {"case.hello", "The smallest module:"},
    {"case.nop", "What measuring costs, calls for nothing:"},
    {"case.sort", "Sorting:"},
    {"case.xoro", "Pseudo-random bytes:"},
    {"cause.faulted", "page fault"},
    {"cause.interrupted", "interrupt"},
    {"cause.migrated", "moved to another CPU"},
    {"cause.preempted", "preempted"},
    {"cause.slept", "slept"},
    {"cause.smi", "system management interrupt"},
    {"cause.softirq", "softirq"},
    {"causes.alone", "nothing else"},
    {"causes.cause", "cause"},
    {"causes.disturbed", "disturbed"},
    {"causes.each",
     "What each cause cost, in {unit}; a sample with several causes stands at each of them with "
     "all its time"},
    {"causes.how",
     "The kernel counted what happened between the two clock reads of each sample. The time lost "
     "is what the disturbed samples took beyond the median of the undisturbed ones of their "
     "series; an outlier lies outside the fences that `double-mad` sets on the undisturbed "
     "samples, and it is unexplained where the kernel counted nothing inside."},
    {"causes.lost", "time lost"},
    {"causes.of-time", "of all time"},
    {"causes.outliers", "outliers"},
    {"causes.totals",
     "Disturbed samples, the time they lost in {unit}, and outliers without a cause"},
    {"causes.unexplained", "unexplained"},
    {"causes.untold",
     "For {samples} samples the kernel did not count interrupts or context switches, as for all "
     "that runs in user space; nothing is said of their causes."},
    {"colon", ": "},
    {"count.instructions", "instructions"},
    {"count.ns", "ns"},
    {"date-unknown", "date unknown"},
    {"empty", "(empty)"},
    {"failures.caption",
     "Points that failed: a call returned an error, or its result was wrong. They have no numbers"},
    {"failures.message", "what happened"},
    {"figure.copy-overhead",
     "Cost of a copy against its size, in both directions: as the caller sees it, inside the "
     "kernel, and the difference. Bands are intervals of the medians, dotted lines the fitted "
     "laws."},
    {"figure.device-sweep",
     "Cost of a call against the value that was swept: as the caller sees it, and, where the "
     "device "
     "returns a time, by the device's own clock."},
    {"figure.fibonacci-scaling",
     "Cost of a Fibonacci number against its index, each variant in the kernel and in user space."},
    {"figure.kernel-phases",
     "Where the time of a call goes, for the smallest and the largest calls: way in and out, "
     "copies, work, and the rest of the kernel's bracket."},
    {"figure.samples",
     "The samples of one point in the order in which they were taken: above all of them, with "
     "those that the rule set aside marked; below the kept ones, closer."},
    {"figure.sort-comparison", "Cost of sorting against the number of elements, by variant."},
    {"figure.sort-patterns",
     "Cost of sorting by input pattern at the largest size, each variant in the kernel; lines are "
     "intervals of the medians."},
    {"grade.care", "usable with care"},
    {"grade.fit", "fit"},
    {"grade.unusable", "not usable"},
    {"grades.counts",
     "{fit} series are fit for use, {care} usable with care, {unusable} not usable. A grade "
     "looks at the order of the samples, how many independent ones they are worth, the clock "
     "and the shape; the intervals of this report know all of that but the reasons listed "
     "here."},
    {"grades.course", "median of this course"},
    {"grades.courses",
     "Points whose level moves: the median as a fact about the course of levels in this run, with "
     "an interval that says nothing of a run to come, in {unit}"},
    {"grades.effective", "independent"},
    {"grades.grade", "grade"},
    {"grades.more",
     "{shown} of {all} such series are shown, the appendix has all. Reasons and how often: "
     "{reasons}."},
    {"grades.neighbours", "correlation of neighbours"},
    {"grades.reasons", "reasons"},
    {"grades.state", "in time"},
    {"head.again", "Make it again"},
    {"head.appendix", "Appendix: every point"},
    {"head.bracket", "What measuring cost"},
    {"head.causes", "Why samples differ"},
    {"head.grades", "How far to trust each series"},
    {"head.machine", "Machine"},
    {"head.method", "Method"},
    {"head.more-figures", "More figures"},
    {"head.notes", "Notes"},
    {"head.reading", "How to read this"},
    {"head.removed", "What was set aside"},
    {"head.results", "Results"},
    {"head.warnings", "Warnings and failures"},
    {"join", " "},
    {"machine.accelerator", "accelerator"},
    {"machine.bad-manifest",
     "`manifest.json` could not be read ({cause}); what stands there is shown as unknown."},
    {"machine.build-id", "build ID {id}"},
    {"machine.clock", "clock"},
    {"machine.clock-and-step", "{source}; smallest step, in {unit}: {step}"},
    {"machine.command-line", "kernel command line"},
    {"machine.compiler", "compiler"},
    {"machine.cpu", "CPU"},
    {"machine.cpus", "CPUs"},
    {"machine.finished", "finished (UTC)"},
    {"machine.found", "found"},
    {"machine.guest-cpu", "CPU model of the guest"},
    {"machine.host-cpu", "CPU around the guest"},
    {"machine.host-lscpu", "lscpu of the machine around the guest"},
    {"machine.host-name", "machine around the guest"},
    {"machine.hostname", "host name"},
    {"machine.kernel", "kernel"},
    {"machine.kernel-version", "kernel build"},
    {"machine.lscpu", "lscpu"},
    {"machine.memory", "memory"},
    {"machine.mitigations", "Mitigations of CPU flaws in the kernel"},
    {"machine.module", "module"},
    {"machine.modules", "Modules that were loaded"},
    {"machine.no-manifest",
     "There is no `manifest.json` in this directory: machine, settings and command are unknown."},
    {"machine.parameters", "parameters"},
    {"machine.pinned", "CPU the runner was pinned to"},
    {"machine.program", "kmodbench"},
    {"machine.qemu", "QEMU"},
    {"machine.restored", "restored"},
    {"machine.resumed", "resumed (UTC)"},
    {"machine.seed", "seed"},
    {"machine.set", "set"},
    {"machine.setting", "setting"},
    {"machine.settings", "Settings as they were found and as the run set them"},
    {"machine.started", "started (UTC)"},
    {"machine.target", "target"},
    {"machine.unknown", "What could not be found out, and why"},
    {"measure.copy_in", "copy in"},
    {"measure.copy_out", "copy out"},
    {"measure.entry", "way in"},
    {"measure.exit", "way out"},
    {"measure.overhead", "overhead"},
    {"measure.total", "kernel"},
    {"measure.user", "user"},
    {"measure.work", "work"},
    {"method.device",
     "The device was measured as it is: the calling program reads the clock before and after the "
     "call (user); a time that the device itself returned stands as kernel and is as good as the "
     "device's own clock reading. Context switches and page faults are those of the calling thread "
     "around the call; interrupts were not counted. Results were compared only where the command "
     "of the run says --expect."},
    {"method.device-probe",
     "The calling program reads the clock before and after the call (user). Where the module has "
     "the probe in it, it reads the same clock around its work (kernel) and counts what fell into "
     "the call; of other calls the context switches and page faults of the calling thread are "
     "known, and a kernel time where the device itself returned one. Results were compared only "
     "where the command of the run says --expect."},
    {"method.instructions",
     "Times are counts of guest instructions: the guest's clock advances by one for each, and "
     "neither caches nor branch prediction are modelled."},
    {"method.interval",
     "The number of a series is the median of all its samples; its interval (nominal coverage "
     "{level}) is read off the ordered samples and assumes no distribution."},
    {"method.order",
     "Each point was measured in {rounds} rounds, {samples} samples in all; within a round the "
     "points follow one another in an order drawn from the seed of the run, so that slow drift "
     "does not fall together with size. The runner was pinned to one CPU; every point was called "
     "before without being recorded, cheap ones at each visit, and the result of every recorded "
     "call was checked."},
    {"method.order-device",
     "Each point was measured in {rounds} rounds, {samples} samples in all; within a round the "
     "points follow one another in an order drawn from the seed of the run, so that slow drift "
     "does not fall together with the swept value. The runner was pinned to one CPU; every point "
     "was called before without being recorded, cheap ones at each visit."},
    {"method.phases",
     "The calling program reads the clock before and after the call (user); the module reads the "
     "same clock around its whole work (kernel) and around copy-in, work and copy-out. Overhead is "
     "user minus kernel, sample by sample."},
    {"method.wall-time",
     "Times are wall time in nanoseconds and contain whatever interrupted the call."},
    {"notes.empty",
     "There are none yet: what you write into {file} stands here in the next report."},
    {"notes.template",
     "Write here what you make of the numbers. This file is yours: kmodbench made it once and "
     "splices it into each report, but never writes to it again.\n"},
    {"notice.guest",
     "These times were taken inside a virtual machine. Exits to the hypervisor are part of them."},
    {"notice.incomplete",
     "This run is not whole: failed points {failures}, series with missing rounds {truncated}. See "
     "Warnings and failures below."},
    {"notice.instructions",
     "All times in this report are **instructions**, not nanoseconds. They rank work, not time: a "
     "cache miss costs as much as a hit."},
    {"range", "{low} to {high}"},
    {"reading.cell",
     "A cell is the median of all samples and, in brackets, its {level} interval. A number without "
     "brackets has an interval of no width: the middle samples were all the same. `[?]` means that "
     "there were too few samples for an interval."},
    {"reading.dash", "`-` was not measured. It is never a zero."},
    {"reading.digits",
     "Digits finer than the second one of half the interval are not shown; they would say "
     "nothing."},
    {"reading.fits",
     "In `a + b * bytes`, a is what a call costs and b what each further byte adds. An exponent of "
     "1 means that twice the size costs twice as much, 2 four times. R² near 1 does not prove a "
     "law; look at the figure."},
    {"reading.instructions",
     "Instructions of two runs compare only with the same CPU model of the guest: it decides how "
     "many instructions a copy takes."},
    {"reading.measures",
     "user: the whole call as the program sees it. kernel: the module's own bracket. overhead: the "
     "way into the kernel and back, user minus kernel. A variant in user space makes no call: its "
     "time is the work alone."},
    {"reading.targets",
     "Do not put numbers of this report beside numbers of another target or machine."},
    {"reading.wall-time",
     "Differences smaller than a few steps of the clock, or than the spread between two runs, are "
     "none."},
    {"reading.within-run",
     "An interval speaks for this run. Another boot, another load of the module or another day may "
     "shift the median by more; only repeated runs show by how much."},
    {"removed.by", "removed by {rule}"},
    {"removed.counts",
     "Samples removed by the rule of this run and, for comparison, samples that other rules would "
     "have removed"},
    {"removed.largest",
     "Series whose mean the removal moved most, in {unit}; the shift is that of the mean"},
    {"removed.mean-all", "mean, all"},
    {"removed.mean-kept", "mean, kept"},
    {"removed.median-all", "median, all"},
    {"removed.median-kept", "median, kept"},
    {"removed.nothing", "The rule removed no sample."},
    {"removed.removed", "removed"},
    {"removed.rule",
     "Rule {rule} ({meaning}). Constants shared by all series: {parameters}. The samples "
     "themselves "
     "are untouched; removal is a view, and all samples stand beside it here and in the appendix."},
    {"removed.shift", "shift"},
    {"results.caption", "median with interval, in {unit}"},
    {"results.caption-variants",
     "{measure} by variant, median with interval, in {unit}; (user) is the same code in user "
     "space"},
    {"results.cross", "Variants by input at {sweep} = {size}, median with interval, in {unit}"},
    {"results.fits", "Fitted laws of the medians, times in {unit}"},
    {"results.fits-left-out", "; without those whose exponent is not known to 1"},
    {"results.lost-figure", "The figure {file} is listed but not there; {command} draws it again."},
    {"results.more", "The appendix has every size and every input."},
    {"results.no-figures", "The figures have not been drawn; {command} draws them."},
    {"results.none", "No series was measured."},
    {"rule.adjusted-boxplot", "outside the box plot's fences, widened on the side of the skew"},
    {"rule.cause",
     "the kernel counted an interrupt, a context switch, a migration or a fault inside the call"},
    {"rule.disturbed",
     "the kernel counted an interrupt, a context switch, a migration or a fault inside the call; "
     "where it did not count, or most samples have a cause, as `double-mad`"},
    {"rule.double-mad",
     "farther from the median than some times the median absolute deviation, taken on each side by "
     "itself"},
    {"rule.mad-10", "farther from the median than ten scaled median absolute deviations"},
    {"rule.modified-z", "modified z-score beyond 3.5"},
    {"rule.none", "nothing is removed"},
    {"rule.tukey", "outside the quartiles by more than 1.5 interquartile ranges"},
    {"scaling.above", "faster above"},
    {"scaling.below", "faster below"},
    {"scaling.crossing", "change places at"},
    {"scaling.crossovers",
     "Where the fastest variant changes: the size, and in brackets the measured sizes at which one "
     "and then the other is faster by more than 1 %"},
    {"scaling.free", "exponent, left free"},
    {"scaling.growth",
     "How the medians grow with the size, the cost that does not grow included: the named law that "
     "fits, or none of 1, lg n, n, n lg n, n², n³"},
    {"scaling.knee", "knee"},
    {"scaling.knees",
     "Where a byte begins to cost more or less: lines a + b x, and between two of them the size "
     "and "
     "the measured sizes that it lies between; times in {unit}"},
    {"scaling.law", "law of growth"},
    {"scaling.leaves", "unexplained, rms"},
    {"scaling.none", "none of the named"},
    {"scaling.sizes", "sizes"},
    {"sleep.caller", "caller on CPU"},
    {"sleep.calls", "calls"},
    {"sleep.head", "Did the caller sleep in its calls?"},
    {"sleep.none",
     "No: in all {calls} calls the caller kept its CPU from the first clock read to the last, and "
     "nobody worked for it elsewhere."},
    {"sleep.off", "time off, median"},
    {"sleep.on-cpu", "on the CPU"},
    {"sleep.places", "Where work ran that others did for the caller"},
    {"sleep.preempted", "preempted"},
    {"sleep.slept", "slept"},
    {"sleep.some",
     "{never} of {calls} calls belong to points in which the caller always kept its CPU, from the "
     "first clock read to the last, and nobody worked for it elsewhere. Of the other points: in "
     "how many calls it slept or was preempted, and with how many switches; how long it was off "
     "the CPU in the calls in which it was; and its time on the CPU, of the time elapsed in all "
     "calls together."},
    {"sleep.table",
     "Off the CPU inside the calls, in {unit}; in brackets: switches, longest time, time elapsed"},
    {"sleep.there", "mean time on each ({unit})"},
    {"sleep.work", "work ran on CPU"},
    {"state.drift", "drifts"},
    {"state.shifts", "changes its level"},
    {"state.short", "too short to tell"},
    {"state.steady", "steady"},
    {"state.warm-up", "warms up"},
    {"summary.affine",
     "For {group} a call costs the program {a} {count}, and each unit of {sweep} adds {b} {count} "
     "(fitted from {from} to {to})."},
    {"summary.extent",
     "{samples} samples of {points} points were taken on target {target} (cases: {cases}); times "
     "are "
     "in {unit}."},
    {"summary.level",
     "In case {case}, the intervals of the variants overlap at {sweep} = {size}: no order can be "
     "told."},
    {"summary.ranking",
     "In case {case} at {where}, {best} is the cheapest variant with a median of {best-median} "
     "{count}; {worst} is the dearest, at {ratio} times that."},
    {"summary.removed", "The rule {rule} set aside {removed} of {samples} samples."},
    {"summary.tied", "{tied} cannot be told apart from {best}: the intervals overlap."},
    {"table.case", "case"},
    {"table.group", "series"},
    {"table.item", "item"},
    {"table.measure", "measure"},
    {"table.model", "law"},
    {"table.point", "point"},
    {"table.points", "points"},
    {"table.samples", "samples"},
    {"table.unit", " ({unit})"},
    {"table.value", "value"},
    {"table.variant", "variant"},
    {"title", "Kernel module measurements, {date}: target {target}, times in {unit}"},
    {"truncated.caption",
     "Series that are not whole. Rows of a truncated block are not used; {command} completes the "
     "run"},
    {"truncated.planned", "rounds planned"},
    {"truncated.rounds", "rounds complete"},
    {"truncated.rows", "rows not used"},
    {"unit.instructions", "instructions"},
    {"unit.ns", "ns"},
    {"unknown", "unknown"},
    {"warning.all-equal", "every sample is the same"},
    {"warning.autocorrelated",
     "neighbouring samples are alike; the interval is that of fewer, independent ones"},
    {"warning.below-tick", "the time is shorter than two steps of the clock"},
    {"warning.curved", "the points leave the fitted law by more than a tenth"},
    {"warning.drift", "the level moves steadily from begin to end"},
    {"warning.duplicate", "a round was there twice; the first was used"},
    {"warning.few", "too few samples for an interval, or points for a fit"},
    {"warning.modes",
     "there is more than one path, each with its own time; a median of all may lie between "
     "them"},
    {"warning.negative", "a duration is below 0: two clocks disagree"},
    {"warning.removed-many", "the rule removed more than a tenth of the samples"},
    {"warning.rounds-missing", "fewer rounds than planned"},
    {"warning.shifts", "the level changes and does not come to rest"},
    {"warning.tick-limited", "the clock does not resolve the spread of the samples"},
    {"warning.truncated", "a block was cut or damaged; none of its rows is used"},
    {"warning.warm-up", "the series begins at another level than it keeps"},
    {"warnings.count", "times"},
    {"warnings.examples", "where"},
    {"warnings.no-manifest", "Machine, settings and command are unknown: no readable manifest."},
    {"warnings.none", "The analysis gave no warning."},
    {"warnings.warning", "warning"},
};

}  // namespace

const std::span<const Word> kEnglish{kTable};

}  // namespace kmb::report
