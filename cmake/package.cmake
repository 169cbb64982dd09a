# cpack -G DEB: a Debian package for the release of Debian that it is built on,
# whose libraries it is linked with.  script/package makes it.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "The Mainline authors <root@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "company's main phone number, self-hosted")
set(CPACK_PACKAGE_DESCRIPTION "Twilio carries the calls; nginx and C workers answer its webhooks, PostgreSQL
keeps the record, and a page and a JSON API show every call: how it ended, how
long it took, and the message if one was left.")
set(CPACK_PACKAGING_INSTALL_PREFIX ${CMAKE_INSTALL_PREFIX})
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION comm)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS
  "adduser, ca-certificates, curl, init-system-helpers (>= 1.54), nginx, openssl")
# Not where the database is on another machine, or the certificate somebody else's.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "dehydrated, postgresql")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "logrotate")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

foreach(script postinst prerm postrm)
  configure_file(package/${script}.in ${PROJECT_BINARY_DIR}/debian/${script} @ONLY
    FILE_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE
    GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
  list(APPEND control ${PROJECT_BINARY_DIR}/debian/${script})
endforeach()
file(WRITE ${PROJECT_BINARY_DIR}/debian/conffiles
  "${CONFIG}\n${CMAKE_INSTALL_FULL_SYSCONFDIR}/logrotate.d/mainline\n")
file(WRITE ${PROJECT_BINARY_DIR}/debian/triggers "interest-noawait mainline-setup\n")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${control}
  ${PROJECT_BINARY_DIR}/debian/conffiles ${PROJECT_BINARY_DIR}/debian/triggers)
install(FILES package/copyright TYPE DOC)
# Debian keeps its manual packed.
file(WRITE ${PROJECT_BINARY_DIR}/debian/pack.cmake [[
file(GLOB_RECURSE pages ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/usr/share/man/*.[158])
foreach(page IN LISTS pages)
  execute_process(COMMAND gzip -9n ${page} COMMAND_ERROR_IS_FATAL ANY)
endforeach()
]])
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_BINARY_DIR}/debian/pack.cmake)
include(CPack)
