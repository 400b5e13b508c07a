# bench_cores_fib: the Fibonacci cores beside GMP and, where its source is installed,
# the kernel's lib/mpi.

set(mpi_files
  generic_mpih-add1.c generic_mpih-lshift.c generic_mpih-mul1.c generic_mpih-mul2.c
  generic_mpih-mul3.c generic_mpih-rshift.c generic_mpih-sub1.c longlong.h mpi-add.c mpi-bit.c
  mpi-cmp.c mpi-div.c mpi-inline.h mpi-internal.h mpi-mod.c mpi-mul.c mpih-cmp.c mpih-div.c
  mpih-mul.c mpi-sub-ui.c mpiutil.c)
list(TRANSFORM mpi_files PREPEND lib/mpi/)
list(APPEND mpi_files include/linux/count_zeros.h include/linux/mpi.h)
set(kernel_dir ${CMAKE_CURRENT_BINARY_DIR}/kernel)
list(TRANSFORM mpi_files PREPEND ${kernel_dir}/ OUTPUT_VARIABLE mpi_sources)

if(EXISTS "${KMB_KERNEL_SOURCE}/lib/mpi/mpi-mul.c")
  set(mpi_from ${KMB_KERNEL_SOURCE})
  foreach(file ${mpi_files})
    add_custom_command(OUTPUT ${kernel_dir}/${file}
      COMMAND ${CMAKE_COMMAND} -E copy ${mpi_from}/${file} ${kernel_dir}/${file}
      DEPENDS ${mpi_from}/${file} VERBATIM)
  endforeach()
elseif(archives)
  list(GET archives 0 mpi_from)
  get_filename_component(tree ${mpi_from} NAME)
  string(REPLACE ".tar.xz" "" tree ${tree})
  list(TRANSFORM mpi_files PREPEND ${tree}/ OUTPUT_VARIABLE members)
  add_custom_command(OUTPUT ${mpi_sources}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${kernel_dir}
    COMMAND tar xJf ${mpi_from} -C ${kernel_dir} --strip-components=1 --occurrence=1 ${members}
    COMMAND ${CMAKE_COMMAND} -E touch ${mpi_sources}
    DEPENDS ${mpi_from}
    COMMENT "Unpacking the kernel's lib/mpi" VERBATIM)
endif()

add_executable(bench_cores_fib EXCLUDE_FROM_ALL fib_cores.cpp)
target_link_libraries(bench_cores_fib PRIVATE
  kmb_fib_core benchmark::benchmark fmt::fmt gmp)
kmb_warnings(bench_cores_fib)

if(mpi_from)
  # The kernel's files as they are, and the module's ladder on top of them.
  add_library(kmb_kernel_mpi STATIC EXCLUDE_FROM_ALL ${mpi_sources})
  target_include_directories(kmb_kernel_mpi PUBLIC
    ${CMAKE_CURRENT_SOURCE_DIR}/kernel_shim ${kernel_dir}/include)
  target_compile_options(kmb_kernel_mpi PRIVATE -std=gnu11 -O2 -w -fno-strict-aliasing)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    target_compile_options(kmb_kernel_mpi PRIVATE -mgeneral-regs-only)
  endif()
  add_library(kmb_fib_mpi STATIC EXCLUDE_FROM_ALL ${CMAKE_SOURCE_DIR}/modules/fibdrv/fib_mpi.c)
  target_link_libraries(kmb_fib_mpi PRIVATE kmb_kernel_mpi kmb_fib_core)
  target_link_libraries(bench_cores_fib PRIVATE kmb_fib_mpi)
  get_filename_component(kernel_name ${mpi_from} NAME)
  target_compile_definitions(bench_cores_fib PRIVATE KMB_KERNEL_SOURCE_NAME="${kernel_name}")
endif()
