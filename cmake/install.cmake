# cmake --install: the program, the services and the documents, where GNU's
# conventions put them.  Paths of the prefix are written into the units and the
# scripts, so the prefix is chosen when CMake configures.
include(GNUInstallDirs)

set(PROGRAM ${CMAKE_INSTALL_FULL_LIBEXECDIR}/mainline/mainline)
set(LIBEXEC ${CMAKE_INSTALL_FULL_LIBEXECDIR}/mainline)
set(SHARE ${CMAKE_INSTALL_FULL_DATADIR}/mainline)
set(BIN ${CMAKE_INSTALL_FULL_BINDIR})
set(SBIN ${CMAKE_INSTALL_FULL_SBINDIR})
set(SYSCONF ${CMAKE_INSTALL_FULL_SYSCONFDIR}/mainline)
set(CONFIG ${SYSCONF}/mainline.conf)
file(READ systemd/hardened.conf HARDENED)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS systemd/hardened.conf)

set(installed ${PROJECT_BINARY_DIR}/installed)
foreach(script mainline mainline-setup mainline-start mainline-certificate web jobs)
  configure_file(package/${script}.in ${installed}/${script} @ONLY
    FILE_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE
    GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
endforeach()
set(units)
foreach(unit mainline mainline-jobs mainline-migrate mainline-web mainline-certificate)
  configure_file(systemd/${unit}.service.in ${installed}/${unit}.service @ONLY)
  list(APPEND units ${installed}/${unit}.service)
endforeach()

# The name that people type is a script, which finds the services' settings.
install(PROGRAMS ${installed}/mainline TYPE BIN)
install(PROGRAMS ${installed}/mainline-setup ${installed}/mainline-start
  ${installed}/mainline-certificate TYPE SBIN)
install(TARGETS mainline DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/mainline)
install(PROGRAMS ${installed}/web ${installed}/jobs
  DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/mainline)

# systemd looks below /usr/lib and /usr/local/lib; lib alone, as Debian has it.
install(FILES ${units} systemd/mainline-hook.socket systemd/mainline-api.socket
  systemd/mainline.target systemd/mainline-certificate.timer DESTINATION lib/systemd/system)
install(FILES systemd/tmpfiles.conf DESTINATION lib/tmpfiles.d RENAME mainline.conf)
install(FILES systemd/sysusers.conf DESTINATION lib/sysusers.d RENAME mainline.conf)

install(FILES package/mainline.conf DESTINATION ${SYSCONF})
install(FILES package/logrotate
  DESTINATION ${CMAKE_INSTALL_FULL_SYSCONFDIR}/logrotate.d RENAME mainline)

# As in the checkout, so that the same scripts find the same files.
install(FILES nginx/mainline.conf.in DESTINATION ${CMAKE_INSTALL_DATADIR}/mainline/nginx)
install(FILES openapi/mainline.yaml DESTINATION ${CMAKE_INSTALL_DATADIR}/mainline/openapi)
install(PROGRAMS script/certificate DESTINATION ${CMAKE_INSTALL_DATADIR}/mainline/script)
foreach(part acme certificate common nginx stack)
  install(FILES script/lib/${part}.sh DESTINATION ${CMAKE_INSTALL_DATADIR}/mainline/script/lib)
endforeach()
# The page, where it has been built.
install(DIRECTORY build/web/ DESTINATION ${CMAKE_INSTALL_DATADIR}/mainline/web OPTIONAL)

install(FILES README.md flows/sample.json TYPE DOC)
install(DIRECTORY docs/ TYPE DOC OPTIONAL FILES_MATCHING PATTERN "*.md")
install(DIRECTORY systemd/examples/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)
file(GLOB pages CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/man/*.[158])
foreach(page IN LISTS pages)
  string(REGEX MATCH "[158]$" section ${page})
  install(FILES ${page} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section})
endforeach()
