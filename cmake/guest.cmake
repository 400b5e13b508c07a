# How a test that runs inside a throw-away guest is declared; see tests/guest.sh.

# Builds the modules for the guest's kernel once, before the tests that need them.
# "ctest -C debug -L debug" builds for and runs on the debug kernel instead.
if(KMB_TESTS)
  add_test(NAME guest.modules
    COMMAND ${CMAKE_SOURCE_DIR}/tests/modules.sh ${CMAKE_BINARY_DIR}/modules)
  add_test(NAME debug.modules CONFIGURATIONS debug
    COMMAND ${CMAKE_SOURCE_DIR}/tests/modules.sh --debug ${CMAKE_BINARY_DIR}/modules)
  set_tests_properties(guest.modules PROPERTIES
    SKIP_RETURN_CODE 77 FIXTURES_SETUP guest_modules LABELS guest TIMEOUT 900)
  set_tests_properties(debug.modules PROPERTIES
    SKIP_RETURN_CODE 77 FIXTURES_SETUP debug_modules LABELS debug TIMEOUT 900)
endif()

# kmb_guest_test(NAME TARGET [LOAD MODULE...] [CPUS N] [TIMEOUT S] [ARGS ...]):
# runs the program of TARGET in a guest that has loaded the modules, each written as
# NAME[,PARAMETER=VALUE]..., as the test guest.NAME, and on the debug kernel, looking for
# leaks, as debug.NAME. All modules lie in /kmb in the guest. Exit code 77 is a skip.
function(kmb_guest_test name target)
  if(NOT KMB_TESTS)
    return()
  endif()
  cmake_parse_arguments(ARG "" "CPUS;TIMEOUT" "LOAD;ARGS" ${ARGN})
  if(NOT ARG_CPUS)
    set(ARG_CPUS 1)
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  string(JOIN " " load ${ARG_LOAD})
  math(EXPR slow "3 * ${ARG_TIMEOUT}")
  foreach(kernel guest debug)
    set(options --modules ${CMAKE_BINARY_DIR}/modules)
    if(load)
      list(APPEND options --load "${load}")
    endif()
    if(kernel STREQUAL debug)
      set(only CONFIGURATIONS debug)
      # Two processors in any case: that is where locks go wrong.
      list(APPEND options --debug --leaks --cpus 2 --timeout ${slow})
      math(EXPR limit "${slow} + 60")
    else()
      set(only)
      list(APPEND options --cpus ${ARG_CPUS} --timeout ${ARG_TIMEOUT})
      math(EXPR limit "${ARG_TIMEOUT} + 60")
    endif()
    add_test(NAME ${kernel}.${name} ${only}
      COMMAND ${CMAKE_SOURCE_DIR}/tests/guest.sh ${options} $<TARGET_FILE:${target}> ${ARG_ARGS})
    set_tests_properties(${kernel}.${name} PROPERTIES SKIP_RETURN_CODE 77 LABELS ${kernel}
      FIXTURES_REQUIRED ${kernel}_modules TIMEOUT ${limit})
  endforeach()
endfunction()
