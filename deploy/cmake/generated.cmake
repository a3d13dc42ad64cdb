# Files that are made while building: settings from the programs' own tables, units and maintainer scripts from their parts.

# natsweep_gzip(INPUT OUTPUT): as Debian wants its documents, the same bytes each time.
function(natsweep_gzip input output)
  add_custom_command(OUTPUT ${output} COMMAND gzip -9nc ${input} > ${output} DEPENDS ${input} VERBATIM)
endfunction()

# The programs that man pages and completions ask for their --help.
set(NATSWEEP_PROGRAMS natsweep natsweep-agent natsweep-collector natsweep-dashboard)
file(MAKE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/man ${CMAKE_CURRENT_BINARY_DIR}/completion)
set(GENERATE ${CMAKE_CURRENT_SOURCE_DIR}/generate)
file(STRINGS debian/changelog signature LIMIT_COUNT 1 REGEX "^ -- ")
string(REGEX REPLACE ".*>  " "" NATSWEEP_DATE "${signature}")

# natsweep_pages(COMPONENT PAGE...): man pages out of man/PAGE and the programs' own help.
function(natsweep_pages component)
  set(named natsweep-vantage=${CMAKE_CURRENT_SOURCE_DIR}/vantage/natsweep-vantage)
  foreach(program ${NATSWEEP_PROGRAMS})
    list(APPEND named ${program}=$<TARGET_FILE:${program}>)
  endforeach()
  foreach(page ${ARGN})
    set(file ${CMAKE_CURRENT_BINARY_DIR}/man/${page})
    string(REGEX MATCH "[1-8]$" section ${page})
    add_custom_command(OUTPUT ${file}
      COMMAND ${Python3_EXECUTABLE} ${GENERATE}/manual.py ${CMAKE_CURRENT_SOURCE_DIR}/man/${page} ${PROJECT_VERSION} ${NATSWEEP_DATE} ${named} > ${file}
      DEPENDS man/${page} generate/manual.py generate/help_text.py ${NATSWEEP_PROGRAMS} vantage/natsweep-vantage VERBATIM)
    natsweep_gzip(${file} ${file}.gz)
    list(APPEND files ${file}.gz)
    install(FILES ${file}.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section} COMPONENT ${component})
  endforeach()
  add_custom_target(pages-${component} ALL DEPENDS ${files})
endfunction()

# natsweep_completion(COMPONENT PROGRAM...): what bash offers after the program's name.
function(natsweep_completion component)
  foreach(program ${ARGN})
    set(file ${CMAKE_CURRENT_BINARY_DIR}/completion/${program})
    add_custom_command(OUTPUT ${file} COMMAND ${Python3_EXECUTABLE} ${GENERATE}/completion.py ${program} $<TARGET_FILE:${program}> > ${file}
      DEPENDS generate/completion.py generate/help_text.py ${program} VERBATIM)
    list(APPEND files ${file})
    install(FILES ${file} DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions COMPONENT ${component})
  endforeach()
  add_custom_target(completion-${component} ALL DEPENDS ${files})
endfunction()

# natsweep_settings(COMPONENT COMMAND...): the settings file that the command prints, every line of it a comment or a section.
function(natsweep_settings component program)
  set(file ${CMAKE_CURRENT_BINARY_DIR}/${component}.conf)
  add_custom_command(OUTPUT ${file} COMMAND ${program} ${ARGN} > ${file} DEPENDS ${program} VERBATIM)
  add_custom_target(settings-${component} ALL DEPENDS ${file})
  install(FILES ${file} DESTINATION ${SETTINGS_FOLDER} COMPONENT ${component})
endfunction()

# natsweep_parts(INPUT OUTPUT MARK FILE ...): replaces each line #MARK# by a file.
function(natsweep_parts input output)
  file(READ ${input} text)
  set(rest ${ARGN})
  while(rest)
    list(POP_FRONT rest mark file)
    file(READ ${file} part)
    string(REPLACE "#${mark}#\n" "${part}" text "${text}")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  endwhile()
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${input})
  file(CONFIGURE OUTPUT ${output} CONTENT "${text}" @ONLY)
endfunction()

# natsweep_units(COMPONENT UNIT...): installs units; those with an [Install] section are switched on by the package.
function(natsweep_units component)
  set(started)
  foreach(unit ${ARGN})
    set(file ${CMAKE_CURRENT_BINARY_DIR}/systemd/${unit})
    natsweep_parts(${CMAKE_CURRENT_SOURCE_DIR}/systemd/${unit} ${file}
      UNPRIVILEGED ${CMAKE_CURRENT_SOURCE_DIR}/systemd/unprivileged.conf HARDENING ${CMAKE_CURRENT_SOURCE_DIR}/systemd/hardening.conf)
    install(FILES ${file} DESTINATION ${UNITS_FOLDER} COMPONENT ${component})
    file(STRINGS ${file} install_section REGEX "^\\[Install\\]")
    if(install_section)
      list(APPEND started ${unit})
    endif()
  endforeach()
  list(JOIN started " " UNITS)
  foreach(script postinst prerm postrm)
    natsweep_parts(${CMAKE_CURRENT_SOURCE_DIR}/debian/natsweep-${component}/${script} ${CMAKE_CURRENT_BINARY_DIR}/${component}/${script}
      UNITS ${CMAKE_CURRENT_SOURCE_DIR}/debian/units.${script})
    file(CHMOD ${CMAKE_CURRENT_BINARY_DIR}/${component}/${script}
      PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
  endforeach()
endfunction()
