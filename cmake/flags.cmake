# Flags of every C file of ours: style and hardening.  System headers are SYSTEM.
set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

add_library(mainline_flags INTERFACE)
target_compile_definitions(mainline_flags INTERFACE
  _POSIX_C_SOURCE=200809L MAINLINE_VERSION="${PROJECT_VERSION}")
target_compile_options(mainline_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow
  -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition -Wvla
  -Wformat=2 -Wundef -Wwrite-strings -Wpointer-arith -Wcast-qual -Wcast-align
  -Wnull-dereference -Wdouble-promotion -Wswitch-enum -Wimplicit-fallthrough
  -Wredundant-decls
  -Wno-overlength-strings # statements in SQL; every compiler takes more than 4095 bytes
  $<$<BOOL:${MAINLINE_WERROR}>:-Werror>
  $<$<C_COMPILER_ID:GNU>:-Wlogical-op -Wduplicated-cond -Wduplicated-branches>
  $<$<C_COMPILER_ID:Clang>:-Wno-missing-braces>
  -fno-common -fstack-protector-strong -fstack-clash-protection)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|amd64")
  target_compile_options(mainline_flags INTERFACE -fcf-protection)
endif()
target_link_options(mainline_flags INTERFACE -Wl,-z,relro,-z,now)

set(CMAKE_C_FLAGS_RELEASE "-O2 -g")
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_options(mainline_flags INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)
endif()
if(MAINLINE_SANITIZE)
  target_compile_options(mainline_flags INTERFACE
    -fsanitize=${MAINLINE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(mainline_flags INTERFACE -fsanitize=${MAINLINE_SANITIZE})
endif()
if(MAINLINE_COVERAGE)
  target_compile_options(mainline_flags INTERFACE --coverage -fprofile-update=atomic)
  target_link_options(mainline_flags INTERFACE --coverage)
endif()
if(MAINLINE_FUZZ)
  target_compile_options(mainline_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
