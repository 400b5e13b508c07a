#include "report/report.h"

#include <fmt/core.h>

#include "cli/verbs.h"

namespace kmb::cli {

int report(const ReportOptions& options) {
    report::write_report(options.directory, report::language_named(options.language));
    fmt::print("{0}/report.md\n{0}/report.html\n", options.directory);
    return 0;
}

}  // namespace kmb::cli
