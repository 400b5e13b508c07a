#include "analysis/json.h"

#include <fmt/core.h>

#include <stdexcept>

#include "analysis/json_parts.h"
#include "analysis/parse_json.h"

namespace kmb::analysis {
namespace {

using parts::Json;
using parts::list;
using parts::number;
using parts::read_estimate;
using parts::read_parameter;
using parts::write;

constexpr const char* kSchema = "kmodbench-analysis/1";

Json write(const Summary& summary) {
    return {{"n", summary.n},
            {"effective", number(summary.effective)},
            {"min", number(summary.min)},
            {"max", number(summary.max)},
            {"median", write(summary.median)},
            {"mean", write(summary.mean)},
            {"sd", number(summary.sd)},
            {"mad", number(summary.mad)},
            {"quantiles", list(summary.quantiles, [](const Quantile& quantile) {
                 Json json = write(quantile.estimate);
                 json["p"] = quantile.p;
                 return json;
             })}};
}

Summary read_summary(const Json& json) {
    Summary summary;
    json.at("n").get_to(summary.n);
    summary.effective = number(json.at("effective"));
    summary.min = number(json.at("min"));
    summary.max = number(json.at("max"));
    summary.median = read_estimate(json.at("median"));
    summary.mean = read_estimate(json.at("mean"));
    summary.sd = number(json.at("sd"));
    summary.mad = number(json.at("mad"));
    summary.quantiles = list(json.at("quantiles"), [](const Json& one) {
        return Quantile{number(one.at("p")), read_estimate(one)};
    });
    return summary;
}

Json write(const Labelling& labelling) {
    Json parameters = Json::object();
    for (const auto& [name, value] : labelling.parameters) {
        parameters[name] = number(value);
    }
    return {{"rule", labelling.rule},
            {"measure", labelling.measure},
            {"count", labelling.rows.size()},
            {"parameters", parameters},
            {"rows", labelling.rows}};
}

Labelling read_labelling(const Json& json) {
    Labelling labelling;
    json.at("rule").get_to(labelling.rule);
    json.at("measure").get_to(labelling.measure);
    json.at("rows").get_to(labelling.rows);
    for (const auto& [name, value] : json.at("parameters").items()) {
        labelling.parameters[name] = number(value);
    }
    return labelling;
}

Json write(const Regime& regime) {
    return {{"from", regime.from},
            {"to", regime.to},
            {"median", number(regime.median)},
            {"mad", number(regime.mad)}};
}

Json write(const Order& order) {
    return {{"state", order.state},
            {"effective", number(order.effective)},
            {"autocorrelation", number(order.autocorrelation)},
            {"warmup", order.warmup},
            {"regimes", list(order.regimes, [](const Regime& one) { return write(one); })},
            {"spread_changes", order.spread_changes},
            {"drift", number(order.drift)},
            {"drift_p", number(order.drift_p)}};
}

Order read_order(const Json& json) {
    Order order;
    json.at("state").get_to(order.state);
    order.effective = number(json.at("effective"));
    order.autocorrelation = number(json.at("autocorrelation"));
    json.at("warmup").get_to(order.warmup);
    order.regimes = list(json.at("regimes"), [](const Json& one) {
        return Regime{one.at("from"), one.at("to"), number(one.at("median")),
                      number(one.at("mad"))};
    });
    json.at("spread_changes").get_to(order.spread_changes);
    order.drift = number(json.at("drift"));
    order.drift_p = number(json.at("drift_p"));
    return order;
}

Json write(const ModeResult& mode) {
    return {{"median", write(mode.median)},
            {"share", number(mode.share)},
            {"low", number(mode.low)},
            {"high", number(mode.high)}};
}

ModeResult read_mode(const Json& json) {
    return {read_estimate(json.at("median")), number(json.at("share")), number(json.at("low")),
            number(json.at("high"))};
}

Json write(const Causes& causes) {
    return {{"told", causes.told},
            {"undisturbed", causes.undisturbed},
            {"usual", number(causes.usual)},
            {"time", number(causes.time)},
            {"lost", number(causes.lost)},
            {"outliers", causes.outliers},
            {"unexplained", causes.unexplained},
            {"costs", list(causes.costs,
                           [](const CauseCost& one) {
                               return Json{{"cause", one.cause},
                                           {"samples", one.samples},
                                           {"alone", one.alone},
                                           {"time", number(one.time)}};
                           })},
            {"rest", list(causes.rest, [](const Labelling& one) { return write(one); })}};
}

Causes read_causes(const Json& json) {
    Causes causes;
    json.at("told").get_to(causes.told);
    json.at("undisturbed").get_to(causes.undisturbed);
    causes.usual = number(json.at("usual"));
    causes.time = number(json.at("time"));
    causes.lost = number(json.at("lost"));
    json.at("outliers").get_to(causes.outliers);
    json.at("unexplained").get_to(causes.unexplained);
    causes.costs = list(json.at("costs"), [](const Json& one) {
        return CauseCost{one.at("cause"), one.at("samples"), one.at("alone"),
                         number(one.at("time"))};
    });
    causes.rest = list(json.at("rest"), read_labelling);
    return causes;
}

Json write(const Sleeping& sleeping) {
    return {{"calls", sleeping.calls},
            {"slept", sleeping.slept},
            {"preempted", sleeping.preempted},
            {"sleeps", sleeping.sleeps},
            {"preemptions", sleeping.preemptions},
            {"times_known", sleeping.times_known},
            {"off_cpu", number(sleeping.off_cpu)},
            {"elapsed", number(sleeping.elapsed)},
            {"off_cpu_median", number(sleeping.off_cpu_median)},
            {"off_cpu_max", number(sleeping.off_cpu_max)},
            {"work", list(sleeping.work, [](const WorkPlace& one) {
                 return Json{{"cpus", one.cpus},
                             {"caller", one.caller},
                             {"calls", one.calls},
                             {"times", one.times}};
             })}};
}

Sleeping read_sleeping(const Json& json) {
    Sleeping sleeping;
    json.at("calls").get_to(sleeping.calls);
    json.at("slept").get_to(sleeping.slept);
    json.at("preempted").get_to(sleeping.preempted);
    json.at("sleeps").get_to(sleeping.sleeps);
    json.at("preemptions").get_to(sleeping.preemptions);
    json.at("times_known").get_to(sleeping.times_known);
    sleeping.off_cpu = number(json.at("off_cpu"));
    sleeping.elapsed = number(json.at("elapsed"));
    sleeping.off_cpu_median = number(json.at("off_cpu_median"));
    sleeping.off_cpu_max = number(json.at("off_cpu_max"));
    sleeping.work = list(json.at("work"), [](const Json& one) {
        return WorkPlace{one.at("cpus"), one.at("caller"), one.at("calls"), one.at("times")};
    });
    return sleeping;
}

Json write(const SeriesResult& series) {
    Json coordinates = Json::array();
    for (const auto& [key, value] : series.coordinates) {
        coordinates.push_back({{"key", key}, {"value", value}});
    }
    return {{"point", series.point},
            {"case", series.case_name},
            {"module", series.module},
            {"operation", series.operation},
            {"coordinates", coordinates},
            {"n", series.n},
            {"batch", series.batch},
            {"rounds_planned", series.rounds_planned},
            {"rounds_complete", series.rounds_complete},
            {"truncated_rows", series.truncated_rows},
            {"primary", series.primary},
            {"tick", number(series.tick)},
            {"grade", {{"grade", series.grade.grade}, {"reasons", series.grade.reasons}}},
            {"order", write(series.order)},
            {"modes", list(series.modes, [](const ModeResult& one) { return write(one); })},
            {"removed", write(series.removed)},
            {"causes", write(series.causes)},
            {"sleeping", write(series.sleeping)},
            {"net", series.net ? write(*series.net) : Json(nullptr)},
            {"course", series.course ? write(*series.course) : Json(nullptr)},
            {"labels", list(series.labels, [](const Labelling& one) { return write(one); })},
            {"measures", list(series.measures,
                              [](const Measure& one) {
                                  return Json{{"name", one.name},
                                              {"all", write(one.all)},
                                              {"kept", write(one.kept)}};
                              })},
            {"warnings", series.warnings}};
}

SeriesResult read_series(const Json& json) {
    SeriesResult series;
    json.at("point").get_to(series.point);
    json.at("case").get_to(series.case_name);
    json.at("module").get_to(series.module);
    json.at("operation").get_to(series.operation);
    series.coordinates = list(json.at("coordinates"), [](const Json& one) {
        return std::pair<std::string, std::string>(one.at("key"), one.at("value"));
    });
    json.at("n").get_to(series.n);
    json.at("batch").get_to(series.batch);
    json.at("rounds_planned").get_to(series.rounds_planned);
    json.at("rounds_complete").get_to(series.rounds_complete);
    json.at("truncated_rows").get_to(series.truncated_rows);
    json.at("primary").get_to(series.primary);
    series.tick = number(json.at("tick"));
    json.at("grade").at("grade").get_to(series.grade.grade);
    json.at("grade").at("reasons").get_to(series.grade.reasons);
    series.order = read_order(json.at("order"));
    series.modes = list(json.at("modes"), read_mode);
    series.removed = read_labelling(json.at("removed"));
    if (json.contains("causes")) {
        series.causes = read_causes(json.at("causes"));
    }
    if (json.contains("sleeping")) {
        series.sleeping = read_sleeping(json.at("sleeping"));
    }
    if (json.contains("course") && !json.at("course").is_null()) {
        series.course = read_estimate(json.at("course"));
    }
    if (json.contains("net") && !json.at("net").is_null()) {
        series.net = read_estimate(json.at("net"));
    }
    series.labels = list(json.at("labels"), read_labelling);
    series.measures = list(json.at("measures"), [](const Json& one) {
        return Measure{one.at("name"), read_summary(one.at("all")), read_summary(one.at("kept"))};
    });
    json.at("warnings").get_to(series.warnings);
    return series;
}

Json write(const Fit& fit) {
    return {{"kind", fit.kind},
            {"group", fit.group},
            {"sweep", fit.sweep},
            {"measure", fit.measure},
            {"model", fit.model},
            {"points", fit.points},
            {"from", number(fit.from)},
            {"to", number(fit.to)},
            {"r_squared", number(fit.r_squared)},
            {"parameters", list(fit.parameters, [](const Parameter& one) { return write(one); })},
            {"warnings", fit.warnings}};
}

Fit read_fit(const Json& json) {
    Fit fit;
    json.at("kind").get_to(fit.kind);
    json.at("group").get_to(fit.group);
    json.at("sweep").get_to(fit.sweep);
    json.at("measure").get_to(fit.measure);
    json.at("model").get_to(fit.model);
    json.at("points").get_to(fit.points);
    fit.from = number(json.at("from"));
    fit.to = number(json.at("to"));
    fit.r_squared = number(json.at("r_squared"));
    fit.parameters = list(json.at("parameters"), read_parameter);
    json.at("warnings").get_to(fit.warnings);
    return fit;
}

// One element of a list a line: short, and still readable by eye and by grep.
// A text that is not UTF-8 came from a damaged name; it is shown, not fatal.
std::string lines(const Json& value) {
    const auto dump = [](const Json& one) {
        return one.dump(-1, ' ', false, Json::error_handler_t::replace);
    };
    if (!value.is_array() || value.empty()) {
        return dump(value);
    }
    std::string text;
    for (const auto& one : value) {
        text += (text.empty() ? "[\n" : ",\n") + dump(one);
    }
    return text + "\n]";
}

RunResult read_run(const Json& json, const std::string& name) {
    if (const std::string schema = json.at("schema"); schema != kSchema) {
        throw std::runtime_error(
            fmt::format("{}: schema '{}', this program reads '{}'; run 'kmodbench analyze' again",
                        name, schema, kSchema));
    }
    RunResult result;
    json.at("target").get_to(result.target);
    json.at("time_unit").get_to(result.time_unit);
    result.clock_step = number(json.at("clock_step"));
    json.at("rule").get_to(result.rule);
    json.at("warnings").get_to(result.warnings);
    result.series = list(json.at("series"), read_series);
    result.fits = list(json.at("fits"), read_fit);
    parts::read_scaling(json, result);
    return result;
}

}  // namespace

std::string to_json(const RunResult& result) {
    const std::pair<const char*, Json> entries[] = {
        {"schema", kSchema},
        {"target", result.target},
        {"time_unit", result.time_unit},
        {"clock_step", number(result.clock_step)},
        {"rule", result.rule},
        {"warnings", result.warnings},
        {"series", list(result.series, [](const SeriesResult& one) { return write(one); })},
        {"fits", list(result.fits, [](const Fit& one) { return write(one); })},
        {"growth", parts::write_growth(result)},
        {"pieces", parts::write_pieces(result)},
        {"crossovers", parts::write_crossovers(result)}};
    std::string text;
    for (const auto& [key, value] : entries) {
        text += fmt::format("{}\"{}\": {}", text.empty() ? "{\n" : ",\n", key, lines(value));
    }
    return text + "\n}\n";
}

RunResult from_json(const std::string& text, const std::string& name) {
    try {
        return read_run(parse_json<Json>(text, name), name);
    } catch (const Json::exception& error) {
        throw std::runtime_error(fmt::format(
            "{}: {}; run 'kmodbench analyze' again to make it anew", name, error.what()));
    }
}

void write_analysis(const RunResult& result, const std::string& directory) {
    write_whole(directory + "/analysis.json", to_json(result));
}

RunResult read_analysis(const std::string& directory) {
    const std::string path = directory + "/analysis.json";
    return from_json(read_whole(path), path);
}

}  // namespace kmb::analysis
