// Draws a script with gnuplot. The only file that knows gnuplot-iostream is gnuplot.cpp.
#pragma once

#include <string>

#include "plots/script.h"

namespace kmb::plots {

// Path of the gnuplot program. Throws std::runtime_error that names the package.
std::string find_gnuplot();

// Writes DIR/NAME.gp and has gnuplot draw DIR/NAME.svg and DIR/NAME.png from it, as
// `gnuplot NAME.gp` in DIR would. Throws std::runtime_error naming the script, with what
// gnuplot said, when it fails or a picture is missing or not whole; std::system_error
// when a file cannot be written.
void draw(const Script& script, const std::string& directory, const std::string& gnuplot);

}  // namespace kmb::plots
