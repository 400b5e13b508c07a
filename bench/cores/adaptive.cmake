# The rule that ends a point, on recorded and live operations, beside Google Benchmark.
add_executable(bench_cores_adaptive EXCLUDE_FROM_ALL adaptive_cores.cpp)
target_link_libraries(bench_cores_adaptive PRIVATE
  kmb_bench kmb_fib_core kmb_sort_core benchmark::benchmark fmt::fmt nlohmann_json::nlohmann_json)
kmb_warnings(bench_cores_adaptive)
