# SPDX-License-Identifier: Apache-2.0
# Programs of Debian's source packages (tools/packages.txt, "source"), as tools/install.sh leaves them in build/sources.
set(TURNPIKE_SOURCE_PACKAGES "${CMAKE_SOURCE_DIR}/build/sources" CACHE PATH "Debian's source archives for tests/exec")

# exec_source_package(PACKAGE VARIABLE): unpacks it into this build folder; VARIABLE is its folder, or empty.
function(exec_source_package package variable)
  set(${variable} "" PARENT_SCOPE)
  file(GLOB archives CONFIGURE_DEPENDS "${TURNPIKE_SOURCE_PACKAGES}/${package}_*.orig.tar.*")
  if(NOT archives)
    message(STATUS "tests/exec: no source package ${package} in ${TURNPIKE_SOURCE_PACKAGES}, its program is skipped "
                   "(tools/install.sh test fetches it)")
    return()
  endif()
  list(GET archives -1 archive)
  cmake_path(GET archive FILENAME name)
  set(folder "${CMAKE_CURRENT_BINARY_DIR}/sources/${name}")
  if(NOT EXISTS "${folder}")
    file(ARCHIVE_EXTRACT INPUT "${archive}" DESTINATION "${folder}.part")
    file(RENAME "${folder}.part" "${folder}")
  endif()
  file(GLOB top "${folder}/*")
  set(${variable} "${top}" PARENT_SCOPE)
endfunction()

# exec_object(OUTPUT SOURCE COMPILER OPTIONS…): one object file, through the compiler's cache where there is one.
function(exec_object output source compiler)
  add_custom_command(
    OUTPUT "${output}"
    # Function names are enough for a diagnosis; SQLite's lines are the larger part of its object file.
    COMMAND ${CMAKE_C_COMPILER_LAUNCHER} "${compiler}" ${ARGN} ${TURNPIKE_EXEC_COMPILE_OPTIONS} -g0 -c "${source}"
            -o "${output}"
    DEPENDS "${source}" ${EXEC_SOURCE_DEPENDS} VERBATIM)
endfunction()

# exec_source_program(NAME SOURCES … OPTIONS …): programs/NAME/*.c, which see their folder as PROGRAM_FOLDER, with SOURCES,
# by each compiler with -O0, -O2 and -O3. The same object files are linked twice: NAME_COMPILER_LEVEL.elf with the runtime,
# ..._native with this machine's C library.
function(exec_source_program name)
  cmake_parse_arguments(PROGRAM "" "" "SOURCES;OPTIONS" ${ARGN})
  set(own "${CMAKE_CURRENT_SOURCE_DIR}/programs/${name}")
  file(GLOB own_sources CONFIGURE_DEPENDS "${own}/*.c")
  file(GLOB EXEC_SOURCE_DEPENDS CONFIGURE_DEPENDS "${own}/*" "${TURNPIKE_EXEC_RUNTIME}/include/*.h")
  list(APPEND PROGRAM_SOURCES ${own_sources})
  set(made ${programs})
  set(natives "")
  foreach(compiler gcc clang)
    string(TOUPPER "${compiler}" found)
    if(NOT ${found})
      continue()
    endif()
    foreach(level O0 O2 O3)
      set(program "${name}_${compiler}_${level}")
      set(objects "")
      file(MAKE_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}/objects/${program}")
      foreach(source ${PROGRAM_SOURCES})
        cmake_path(GET source STEM stem)
        set(object "${CMAKE_CURRENT_BINARY_DIR}/objects/${program}/${stem}.o")
        set(definition "")
        # The package's own files are compiled alike in every tree, so that the compiler's cache serves them all.
        if(source IN_LIST own_sources)
          set(definition "-DPROGRAM_FOLDER=\"${own}\"")
        endif()
        exec_object("${object}" "${source}" "${${found}}" -${level} -w -ffunction-sections "-I${own}" ${PROGRAM_OPTIONS}
                    ${definition})
        list(APPEND objects "${object}")
      endforeach()
      turnpike_add_exec_program(${program} COMPILER "${${found}}" SOURCES ${objects}
                                OPTIONS -${level} -Wl,--gc-sections)
      set(native "${CMAKE_CURRENT_BINARY_DIR}/${program}_native")
      add_custom_command(OUTPUT "${native}" COMMAND "${${found}}" -no-pie -Wl,--gc-sections ${objects} -o "${native}"
                         DEPENDS ${objects} VERBATIM)
      list(APPEND natives "${native}")
      list(APPEND made ${program})
    endforeach()
  endforeach()
  add_custom_target(${name}_natives ALL DEPENDS ${natives})
  set(programs ${made} ${name}_natives PARENT_SCOPE)
endfunction()
