# natsweep_library(NAME [DEPENDS library...]) makes a static library of the .c files in this folder.
#
# Its headers are reached as "NAME/header.h", and only by who links it: the include path is a folder of the build that holds
# nothing but a link NAME -> this folder. So the build itself refuses an include that the architecture forbids.

add_library(natsweep_flags INTERFACE)
target_compile_options(natsweep_flags INTERFACE -Wall -Wextra -Wshadow -Wvla -Wconversion -Wstrict-prototypes -Wmissing-prototypes
  -Wformat=2 -Wundef -Wpointer-arith -Werror -fno-common -fstack-protector-strong)
target_compile_definitions(natsweep_flags INTERFACE _GNU_SOURCE NATSWEEP_VERSION="${PROJECT_VERSION}")
if(NATSWEEP_SANITIZE)
  target_compile_options(natsweep_flags INTERFACE -fsanitize=${NATSWEEP_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(natsweep_flags INTERFACE -fsanitize=${NATSWEEP_SANITIZE})
elseif(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_definitions(natsweep_flags INTERFACE _FORTIFY_SOURCE=2)
  target_compile_options(natsweep_flags INTERFACE -fPIE)
  target_link_options(natsweep_flags INTERFACE -pie -Wl,-z,relro,-z,now)
endif()

function(natsweep_library name)
  cmake_parse_arguments(ARG "" "" "DEPENDS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS *.c)
  list(REMOVE_ITEM sources ${CMAKE_CURRENT_SOURCE_DIR}/main.c)
  set(include ${CMAKE_BINARY_DIR}/include/${name})
  file(MAKE_DIRECTORY ${include})
  file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR} ${include}/${name} SYMBOLIC)
  if(sources)
    add_library(${name} STATIC ${sources})
    target_include_directories(${name} PUBLIC ${include})
    target_link_libraries(${name} PUBLIC ${ARG_DEPENDS} natsweep_flags)
  else()
    add_library(${name} INTERFACE)
    target_include_directories(${name} INTERFACE ${include})
    target_link_libraries(${name} INTERFACE ${ARG_DEPENDS} natsweep_flags)
  endif()
endfunction()
