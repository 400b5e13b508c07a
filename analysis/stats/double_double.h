// Numbers of about 106 bits as unevaluated sums of two doubles.
//
// The error-free transformations are those of Knuth (two_sum) and of Dekker with a
// fused multiply-add (two_prod); see Ogita, Rump and Oishi, "Accurate sum and dot
// product", SIAM J. Sci. Comput. 26 (2005). Sums of doubles kept like this lose
// nothing that a timing could show, whatever their offset.
#pragma once

#include <cmath>

namespace kmb::analysis {

struct DoubleDouble {
    double high = 0;
    double low = 0;

    [[nodiscard]] double value() const { return high + low; }
};

// a + b exactly, as a rounded sum and its error.
inline DoubleDouble two_sum(double a, double b) {
    const double sum = a + b;
    const double part = sum - a;
    return {sum, (a - (sum - part)) + (b - part)};
}

// The same when |a| >= |b|.
inline DoubleDouble quick_two_sum(double a, double b) {
    const double sum = a + b;
    return {sum, b - (sum - a)};
}

// a * b exactly.
inline DoubleDouble two_prod(double a, double b) {
    const double product = a * b;
    return {product, std::fma(a, b, -product)};
}

inline DoubleDouble operator-(DoubleDouble a) {
    return {-a.high, -a.low};
}

inline DoubleDouble operator+(DoubleDouble a, DoubleDouble b) {
    const DoubleDouble high = two_sum(a.high, b.high);
    const DoubleDouble low = two_sum(a.low, b.low);
    const DoubleDouble once = quick_two_sum(high.high, high.low + low.high);
    return quick_two_sum(once.high, once.low + low.low);
}

inline DoubleDouble operator-(DoubleDouble a, DoubleDouble b) {
    return a + (-b);
}

inline DoubleDouble operator*(DoubleDouble a, DoubleDouble b) {
    const DoubleDouble product = two_prod(a.high, b.high);
    return quick_two_sum(product.high, product.low + (a.high * b.low + a.low * b.high));
}

inline DoubleDouble operator/(DoubleDouble a, DoubleDouble b) {
    const double first = a.high / b.high;
    const DoubleDouble rest = a - b * DoubleDouble{first, 0};
    const double second = rest.high / b.high;
    const DoubleDouble remainder = rest - b * DoubleDouble{second, 0};
    const DoubleDouble head = quick_two_sum(first, second);
    return head + DoubleDouble{remainder.high / b.high, 0};
}

// A running sum. Order of the terms does not matter to double precision.
class CompensatedSum {
  public:
    void add(double term) {
        const DoubleDouble sum = two_sum(total_.high, term);
        total_ = quick_two_sum(sum.high, sum.low + total_.low);
    }
    void add(DoubleDouble term) { total_ = total_ + term; }
    [[nodiscard]] DoubleDouble total() const { return total_; }
    [[nodiscard]] double value() const { return total_.value(); }

  private:
    DoubleDouble total_;
};

}  // namespace kmb::analysis
