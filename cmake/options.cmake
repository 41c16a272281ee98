# Compiler options every target gets.
add_library(muster_options INTERFACE)
target_include_directories(muster_options INTERFACE ${PROJECT_SOURCE_DIR}/src)
target_compile_options(muster_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
  -Woverloaded-virtual -Wcast-qual -Wformat=2 -Wimplicit-fallthrough
  -fstack-protector-strong
  # Nobody replaces our functions at load time; without this, position independent code may not even
  # inline a function into the next one of the same file.
  -fno-semantic-interposition)
if(MUSTER_WERROR)
  target_compile_options(muster_options INTERFACE -Werror)
endif()
if(CMAKE_BUILD_TYPE MATCHES "Rel")
  target_compile_definitions(muster_options INTERFACE _FORTIFY_SOURCE=2)
  target_compile_options(muster_options INTERFACE -fcf-protection)
endif()
if(MUSTER_SANITIZE)
  target_compile_options(muster_options INTERFACE -fsanitize=${MUSTER_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(muster_options INTERFACE -fsanitize=${MUSTER_SANITIZE})
endif()
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
target_link_options(muster_options INTERFACE -Wl,-z,relro,-z,now)

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
