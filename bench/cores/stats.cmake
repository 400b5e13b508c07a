# Statistics beside SciPy and R, which are found at run time.
add_executable(bench_cores_stats EXCLUDE_FROM_ALL stats_cores.cpp)
target_link_libraries(bench_cores_stats PRIVATE kmb_analysis fmt::fmt)
target_compile_definitions(bench_cores_stats PRIVATE KMB_PEERS_DIR="${CMAKE_CURRENT_SOURCE_DIR}")
kmb_warnings(bench_cores_stats)
