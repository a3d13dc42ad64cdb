# Every library the programs link, each with the least version that is safe to run.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)

# 4.3.3 fixed CVE-2020-15166 (and 4.3.2 CVE-2019-13132).
pkg_check_modules(ZMQ REQUIRED IMPORTED_TARGET libzmq>=4.3.3)
pkg_check_modules(PROTOBUF_C REQUIRED IMPORTED_TARGET libprotobuf-c>=1.4.0)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3>=3.35)
pkg_check_modules(NETTLE REQUIRED IMPORTED_TARGET nettle)
pkg_check_modules(INIH REQUIRED IMPORTED_TARGET inih)
pkg_check_modules(CURL REQUIRED IMPORTED_TARGET libcurl>=7.85)
pkg_check_modules(MICROHTTPD REQUIRED IMPORTED_TARGET libmicrohttpd>=0.9.71)
pkg_check_modules(PQ REQUIRED IMPORTED_TARGET libpq>=15)
find_program(PROTOC_C protoc-c REQUIRED)

# CURVE comes from libsodium; a libzmq built without it would start and encrypt nothing.
include(CheckCSourceRuns)
set(CMAKE_REQUIRED_LIBRARIES PkgConfig::ZMQ)
check_c_source_runs("#include <zmq.h>
int main(void) { return zmq_has(\"curve\") ? 0 : 1; }" NATSWEEP_ZMQ_HAS_CURVE)
unset(CMAKE_REQUIRED_LIBRARIES)
if(NOT NATSWEEP_ZMQ_HAS_CURVE)
  message(FATAL_ERROR "libzmq was built without CURVE: install a libzmq that links libsodium (Debian's libzmq3-dev does)")
endif()
