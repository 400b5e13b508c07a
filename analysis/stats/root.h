// Zero of a function between two points of opposite sign.
#pragma once

#include <cmath>
#include <limits>
#include <utility>

namespace kmb::analysis {

// Brent, "Algorithms for Minimization without Derivatives" (1973), chapter 4: inverse
// quadratic interpolation where it gains, halving where not. The same steps as R's
// uniroot, so that results agree also where the tolerance is loose. f(a) and f(b) must
// not have the same sign.
template <typename Function>
double find_root(Function f, double a, double b, double tolerance) {
    double fa = f(a);
    double fb = f(b);
    double c = a;
    double fc = fa;
    for (int step = 0; step <= 1000 && fa != 0; ++step) {
        const double previous = b - a;
        if (std::abs(fc) < std::abs(fb)) {
            a = std::exchange(b, c);
            c = a;
            fa = std::exchange(fb, fc);
            fc = fa;
        }
        const double close =
            2 * std::numeric_limits<double>::epsilon() * std::abs(b) + tolerance / 2;
        double move = (c - b) / 2;
        if (std::abs(move) <= close || fb == 0) {
            return b;
        }
        if (std::abs(previous) >= close && std::abs(fa) > std::abs(fb)) {
            double p = 0;
            double q = 0;
            if (a == c) {
                p = (c - b) * (fb / fa);
                q = 1 - fb / fa;
            } else {
                const double ac = fa / fc;
                const double bc = fb / fc;
                const double ba = fb / fa;
                p = ba * ((c - b) * ac * (ac - bc) - (b - a) * (bc - 1));
                q = (ac - 1) * (bc - 1) * (ba - 1);
            }
            q = p > 0 ? -q : q;
            p = std::abs(p);
            if (p < 0.75 * (c - b) * q - std::abs(close * q) / 2 &&
                p < std::abs(previous * q / 2)) {
                move = p / q;
            }
        }
        move = std::abs(move) < close ? std::copysign(close, move) : move;
        a = b;
        fa = fb;
        b += move;
        fb = f(b);
        if ((fb > 0) == (fc > 0)) {
            c = a;
            fc = fa;
        }
    }
    return fa == 0 ? a : b;
}

}  // namespace kmb::analysis
