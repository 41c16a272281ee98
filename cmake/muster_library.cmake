# muster_library(NAME SOURCES ... [TESTS ...] [LIBRARIES ...] [TEST_LIBRARIES ...])
# One static library muster_NAME per folder and, from TESTS, one GoogleTest program NAME_test.
function(muster_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;TESTS;LIBRARIES;TEST_LIBRARIES" ${ARGN})
  add_library(muster_${name} STATIC ${ARG_SOURCES})
  target_link_libraries(muster_${name} PUBLIC muster_options ${ARG_LIBRARIES})
  if(MUSTER_TESTS AND ARG_TESTS)
    muster_test(${name}_test SOURCES ${ARG_TESTS} LIBRARIES muster_${name} ${ARG_TEST_LIBRARIES})
  endif()
endfunction()

# muster_test(NAME SOURCES ... LIBRARIES ...): a GoogleTest program whose tests CTest lists one by
# one. They run in the project's root, where ../shared/corpora is.
function(muster_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBRARIES" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LIBRARIES} GTest::gmock_main)
  gtest_discover_tests(${name}
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
    DISCOVERY_TIMEOUT 60
    PROPERTIES TIMEOUT 300)
endfunction()
