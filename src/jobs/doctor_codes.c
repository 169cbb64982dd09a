/* doctor_codes: everything that the doctor may find.  Floor: jobs. */
#include "doctor_codes.h"

#include "jobs/doctor.h"

#define FAULT DOCTOR_FAULT
#define WARNING DOCTOR_WARNING

/* clang-format off */

#define SAME_SETTINGS \
	"Give `mainline serve` and this command the same settings, and start " \
	"it anew."

const struct doctor_code_row doctor_codes[FOUND__MAX] = {
	[FOUND_CONFIG_INVALID] = { "config_invalid", FAULT,
	"Correct that key, then start again; `mainline config` checks all." },
	[FOUND_CONFIG_MISSING] = { "config_missing", FAULT,
	"Set that key, then start again; `mainline config --help` explains each." },
	[FOUND_ACCOUNT_PLACEHOLDER] = { "account_placeholder", FAULT,
	"Set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN to those at the top of the "
	"Twilio console, and start again." },
	[FOUND_PUBLIC_URL_LOCAL] = { "public_url_local", FAULT,
	"Set MAINLINE_PUBLIC_URL to the https address under which the internet "
	"reaches this host, a tunnel's for a try, and start again." },
	[FOUND_TWO_AUTH_TOKENS] = { "two_auth_tokens", WARNING,
	"When the new token is the primary one at Twilio, leave the old one out "
	"of TWILIO_AUTH_TOKEN." },
	[FOUND_DATABASE_UNREACHABLE] = { "database_unreachable", FAULT,
	"Start PostgreSQL, or correct DATABASE_URL; `psql \"$DATABASE_URL\"` must "
	"connect." },
	[FOUND_DATABASE_READ_ONLY] = { "database_read_only", FAULT,
	"Let DATABASE_URL name the primary; with several hosts in it, add "
	"target_session_attrs=read-write." },
	[FOUND_DATABASE_OLD] = { "database_old", FAULT,
	"Upgrade PostgreSQL to 15 or later." },
	[FOUND_DATABASE_FSYNC_OFF] = { "database_fsync_off", FAULT,
	"Set fsync = on in postgresql.conf, and reload PostgreSQL." },
	[FOUND_DATABASE_RIGHTS] = { "database_rights", FAULT,
	"Let DATABASE_URL name the role that owns the tables, or grant it SELECT, "
	"INSERT, UPDATE and DELETE on all of them." },
	[FOUND_PG_TRGM_MISSING] = { "pg_trgm_missing", FAULT,
	"Let a superuser run CREATE EXTENSION pg_trgm in that database, then run "
	"`mainline migrate`; if it was dropped later, restore its indexes too." },
	[FOUND_CLOCK_SKEW_DATABASE] = { "clock_skew_database", WARNING,
	"Keep both clocks right by NTP (`timedatectl set-ntp true`)." },
	[FOUND_MIGRATIONS_PENDING] = { "migrations_pending", FAULT,
	"Run `mainline migrate`." },
	[FOUND_MIGRATIONS_NEWER] = { "migrations_newer", WARNING,
	"Upgrade the program on this host too." },
	[FOUND_MIGRATIONS_CHANGED] = { "migrations_changed", FAULT,
	"Use a program with the original files; what is new belongs into a new "
	"migration." },
	[FOUND_FLOW_MISSING] = { "flow_missing", WARNING,
	"Set MAINLINE_FORWARD_TO, or publish a flow: `mainline flow --help`." },
	[FOUND_FLOW_BROKEN] = { "flow_broken", FAULT,
	"Correct it and publish it again: `mainline flow show`, `mainline flow "
	"check`, `mainline flow publish`." },
	[FOUND_LINE_NOT_IN_FLOW] = { "line_not_in_flow", WARNING,
	"Add the line to the flow and publish it, or set MAINLINE_LINE to one of "
	"its lines." },
	[FOUND_MAIL_NOT_CONFIGURED] = { "mail_not_configured", WARNING,
	"Set MAINLINE_SMTP_URL and MAINLINE_SMTP_FROM where `mainline jobs` runs." },
	[FOUND_WEBHOOK_NOT_CONFIGURED] = { "webhook_not_configured", WARNING,
	"Set MAINLINE_WEBHOOK_SECRET where `mainline jobs` runs." },
	[FOUND_NOTICE_FAILED] = { "notice_failed", FAULT,
	"Correct the address in the flow or the settings of the mail server; "
	"`mainline notify test` tries again." },
	[FOUND_SNAPSHOT_MISSING] = { "snapshot_missing", FAULT,
	"Run `mainline jobs` on this host, with the same MAINLINE_DATA; it writes "
	"the file within seconds." },
	[FOUND_SNAPSHOT_BROKEN] = { "snapshot_broken", FAULT,
	"Remove the file; `mainline jobs` writes it anew within seconds." },
	[FOUND_SNAPSHOT_STALE] = { "snapshot_stale", FAULT,
	"Run `mainline jobs` on this host; `mainline jobs list --kind snapshot` "
	"says why it was not written." },
	[FOUND_FOLDER_MISSING] = { "folder_missing", FAULT,
	"Make the folder, owned by the user who runs Mainline, or correct "
	"MAINLINE_DATA." },
	[FOUND_FOLDER_CLOSED] = { "folder_closed", FAULT,
	"Give the folder to the user who runs Mainline (chown), with mode 0700." },
	[FOUND_DISK_FULL] = { "disk_full", FAULT,
	"Make room on that disk." },
	[FOUND_DISK_LOW] = { "disk_low", WARNING,
	"Make room on that disk, or lower MAINLINE_SPOOL_MB." },
	[FOUND_SPOOL_BAD_FILES] = { "spool_bad_files", WARNING,
	"The log says why (spool_bad); rename a file to .own to have it tried "
	"again, or remove it when it is of no use." },
	[FOUND_SPOOL_WAITING] = { "spool_waiting", WARNING,
	"Mend the database; the spool empties itself when it is back." },
	[FOUND_RECORDINGS_CLOSED] = { "recordings_closed", FAULT,
	"Let nginx's user read that folder and pass those above it (its group, "
	"and mode 0750)." },
	[FOUND_WORKERS_DOWN] = { "workers_down", FAULT,
	"Start `mainline serve`, and see its log for why it ended." },
	[FOUND_API_DOWN] = { "api_down", FAULT,
	"Start `mainline serve` anew, and see its log for why the API's workers "
	"ended." },
	[FOUND_JOBS_NOT_RUNNING] = { "jobs_not_running", FAULT,
	"Start `mainline jobs`, and see its log for why it ended." },
	[FOUND_JOBS_LATE] = { "jobs_late", WARNING,
	"See `mainline jobs list`; raise MAINLINE_JOBS_WORKERS if there is only "
	"too much to do." },
	[FOUND_JOBS_DEAD] = { "jobs_dead", WARNING,
	"`mainline jobs list --state dead` says why; `mainline jobs retry --dead` "
	"has them begin anew." },
	[FOUND_RECONCILE_LATE] = { "reconcile_late", WARNING,
	"`mainline jobs list --kind sweep` says why Twilio's list was not read." },
	[FOUND_CERTIFICATE_NO_TLS] = { "certificate_no_tls", FAULT,
	"Let nginx, or what stands in front of it, speak TLS there." },
	[FOUND_CERTIFICATE_EXPIRED] = { "certificate_expired", FAULT,
	"Renew the certificate, and reload nginx." },
	[FOUND_CERTIFICATE_NOT_YET] = { "certificate_not_yet", FAULT,
	"Set this machine's clock right, or install a certificate that is valid "
	"now." },
	[FOUND_CERTIFICATE_EXPIRES_SOON] = { "certificate_expires_soon", WARNING,
	"Renew it now, and see why it was not renewed by itself; then reload "
	"nginx." },
	[FOUND_CERTIFICATE_SELF_SIGNED] = { "certificate_self_signed", FAULT,
	"Install a certificate of a public authority, such as Let's Encrypt's." },
	[FOUND_CERTIFICATE_CHAIN] = { "certificate_chain", FAULT,
	"Install the whole chain: the certificate, and behind it those of the "
	"authorities between (fullchain.pem)." },
	[FOUND_CERTIFICATE_UNTRUSTED] = { "certificate_untrusted", FAULT,
	"Install a certificate of a public authority, such as Let's Encrypt's." },
	[FOUND_CERTIFICATE_NAME] = { "certificate_name", FAULT,
	"Install a certificate for the host of MAINLINE_PUBLIC_URL, or set "
	"MAINLINE_PUBLIC_URL to a name that is in it." },
	[FOUND_PUBLIC_URL_UNREACHABLE] = { "public_url_unreachable", FAULT,
	"See that nginx runs, that the name's DNS entry is this host's address, "
	"and that the firewall lets the port in; where only this network cannot "
	"reach it, set MAINLINE_PUBLIC_CONNECT." },
	[FOUND_HOST_UNKNOWN] = { "host_unknown", FAULT,
	"Let what stands in front pass the Host header on unchanged, and start "
	"nginx with the same MAINLINE_PUBLIC_URL." },
	[FOUND_NOT_MAINLINE] = { "not_mainline", FAULT,
	"Let MAINLINE_PUBLIC_URL lead to Mainline's nginx: see the DNS entry, the "
	"tunnel, and what else listens there." },
	[FOUND_PATH_CHANGED] = { "path_changed", FAULT,
	"Let what stands in front pass the path on unchanged: nothing in front of "
	"/twilio/, nothing cut off." },
	[FOUND_REDIRECTED] = { "redirected", FAULT,
	"Set MAINLINE_PUBLIC_URL to the address that it leads to, or end the "
	"redirection: a redirected POST loses its body." },
	[FOUND_PLAIN_PORT] = { "plain_port", FAULT,
	"Let what ends TLS in front pass requests on to nginx's HTTPS port." },
	[FOUND_WORKERS_NO_ANSWER] = { "workers_no_answer", FAULT,
	"Start `mainline serve`; if it runs, see its log, and that nginx may use "
	"its sockets (MAINLINE_RUN, MAINLINE_SOCKET_GROUP)." },
	[FOUND_SCHEME_DIFFERS] = { "scheme_differs", FAULT, SAME_SETTINGS },
	[FOUND_HOST_DIFFERS] = { "host_differs", FAULT, SAME_SETTINGS },
	[FOUND_TOKEN_DIFFERS] = { "token_differs", FAULT, SAME_SETTINGS },
	[FOUND_QUERY_CHANGED] = { "query_changed", FAULT,
	"Let what stands in front pass the query on byte for byte: no decoding, "
	"no sorting, nothing added." },
	[FOUND_BODY_CHANGED] = { "body_changed", FAULT,
	"Let what stands in front pass the body on unchanged; a filter or "
	"firewall for web applications often is what rewrites it." },
	[FOUND_BODY_REWRITTEN] = { "body_rewritten", WARNING,
	"Let what stands in front pass the body on byte for byte." },
	[FOUND_SIGNATURE_REFUSED] = { "signature_refused", FAULT,
	"Give `mainline serve` the same TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and "
	"MAINLINE_PUBLIC_URL as this command, and start it anew; its log says why "
	"it refused (\"ev\":\"refused\")." },
	[FOUND_HOST_REWRITTEN] = { "host_rewritten", WARNING,
	"Let what stands in front pass the Host header on unchanged." },
	[FOUND_PORT_ADDED] = { "port_added", WARNING,
	"Let what stands in front pass the Host header on unchanged, or write the "
	"port into MAINLINE_PUBLIC_URL." },
	[FOUND_TWILIO_UNREACHABLE] = { "twilio_unreachable", FAULT,
	"Let this host reach api.twilio.com:443, and correct TWILIO_API_URL if it "
	"is set." },
	[FOUND_API_KEY_REFUSED] = { "api_key_refused", FAULT,
	"Make a standard key in the Twilio console, and set TWILIO_API_KEY and "
	"TWILIO_API_SECRET to it." },
	[FOUND_AUTH_TOKEN_REFUSED] = { "auth_token_refused", FAULT,
	"Copy the auth token from the top of the Twilio console into "
	"TWILIO_AUTH_TOKEN, and start again." },
	[FOUND_AUTH_TOKEN_STALE] = { "auth_token_stale", WARNING,
	"Leave that token out of TWILIO_AUTH_TOKEN." },
	[FOUND_ACCOUNT_SUSPENDED] = { "account_suspended", FAULT,
	"See the Twilio console: mostly there is something to be paid or "
	"confirmed." },
	[FOUND_ACCOUNT_CLOSED] = { "account_closed", FAULT,
	"Set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN to those of an account that "
	"is open." },
	[FOUND_ACCOUNT_TRIAL] = { "account_trial", WARNING,
	"Upgrade the account in the Twilio console before customers call." },
	[FOUND_PHONE_NOT_VERIFIED] = { "phone_not_verified", FAULT,
	"Verify the number in the Twilio console (Verified Caller IDs), or upgrade "
	"the account." },
	[FOUND_CLOCK_SKEW_TWILIO] = { "clock_skew_twilio", WARNING,
	"Keep this machine's clock right by NTP (`timedatectl set-ntp true`)." },
	[FOUND_NUMBER_MISSING] = { "number_missing", FAULT,
	"Buy the number, or take it out of the flow; `mainline number show` lists "
	"those of the account." },
	[FOUND_NUMBER_UNSET] = { "number_unset", FAULT,
	"Run `mainline number point` with the number." },
	[FOUND_NUMBER_ELSEWHERE] = { "number_elsewhere", FAULT,
	"Run `mainline number point` with the number, if its calls are to come "
	"here." },
	[FOUND_NUMBER_MOVED] = { "number_moved", FAULT,
	"Run `mainline number point` with the number." },
	[FOUND_NUMBER_DRIFTED] = { "number_drifted", FAULT,
	"Run `mainline number point` with the number." },
	[FOUND_NUMBER_NO_VOICE] = { "number_no_voice", FAULT,
	"Use a number that can be called: `mainline number search`." },
	[FOUND_NUMBER_NOT_IN_FLOW] = { "number_not_in_flow", WARNING,
	"Add the number to the lines of the flow and publish it, or point it "
	"elsewhere." },
	[FOUND_FALLBACK_SAME_HOST] = { "fallback_same_host", WARNING,
	"Make a TwiML Bin at Twilio that takes a message, and run `mainline number "
	"point` with --fallback-url." },
	[FOUND_MEDIA_OPEN] = { "media_open", WARNING,
	"In the Twilio console, under Voice, Settings, turn on \"Enforce HTTP Auth "
	"on Media URLs\"." },
	[FOUND_COUNTRY_CLOSED] = { "country_closed", FAULT,
	"In the Twilio console, under Voice, Settings, Geo permissions, allow "
	"calls to that country." },
};
/* clang-format on */
