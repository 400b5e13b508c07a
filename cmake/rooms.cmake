# How a room, its tests and its include border are declared.

# kmb_warnings(TARGET): the warnings every C++ target is built with.
function(kmb_warnings target)
  target_compile_options(${target} PRIVATE
    $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wshadow -Wconversion -Wsign-conversion>
    $<$<COMPILE_LANGUAGE:C>:-Wall -Wextra>)
  if(KMB_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
endfunction()

# kmb_room(NAME SOURCES ... LINK ... LINK_PRIVATE ...): a static library kmb_NAME.
# Its headers are seen as "NAME/header.h" by whoever links it: the include root
# is a folder of its own that holds a link to this room and to nothing else.
function(kmb_room name)
  cmake_parse_arguments(ARG "" "DIRECTORY" "SOURCES;LINK;LINK_PRIVATE" ${ARGN})
  if(NOT ARG_DIRECTORY)
    set(ARG_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
  endif()
  set(root ${CMAKE_BINARY_DIR}/include/${name})
  file(RELATIVE_PATH place ${CMAKE_SOURCE_DIR} ${ARG_DIRECTORY})
  get_filename_component(parent ${root}/${place} DIRECTORY)
  file(MAKE_DIRECTORY ${parent})
  file(CREATE_LINK ${ARG_DIRECTORY} ${root}/${place} SYMBOLIC)
  add_library(kmb_${name} STATIC ${ARG_SOURCES})
  target_include_directories(kmb_${name} PUBLIC ${root})
  target_link_libraries(kmb_${name} PUBLIC ${ARG_LINK} PRIVATE ${ARG_LINK_PRIVATE})
  kmb_warnings(kmb_${name})
endfunction()

# kmb_test(NAME SOURCES ... LINK ...): a GoogleTest program, one ctest entry.
# Exit code 77 is a skip.
function(kmb_test name)
  if(NOT KMB_TESTS)
    return()
  endif()
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LINK} GTest::gtest GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE KMB_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  kmb_warnings(${name})
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${CMAKE_BINARY_DIR})
  set_tests_properties(${name} PROPERTIES SKIP_RETURN_CODE 77)
endfunction()
