#!/usr/bin/python3
"""A mail server on the loopback, of Debian's python3-aiosmtpd, as told by a JSON
object: tls ("no", "starttls", "implicit"), cert, key, user, password.

Says {"port": N} on a line, then each letter as one more, as Python reads it.  An address whose name
is a number is answered with it; so is a letter whose subject is one.
"""

import base64
import email
import email.policy
import json
import logging
import ssl
import sys
import threading
import warnings

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

options = json.loads(sys.argv[1])
# It warns of what the tests are about: a server that asks too early, a client
# that does not trust it.
logging.disable()
warnings.simplefilter("ignore")


def say(what):
    print(json.dumps(what), flush=True)


def answer(code):
    return f"{code} {'not now' if code.startswith('4') else 'never'} {options.get('echo', '')}"


def part_of(part):
    return {
        "type": str(part["Content-Type"]),
        "name": part.get_filename(),
        "content": base64.b64encode(part.get_payload(decode=True)).decode(),
    }


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        name = address.split("@")[0]
        if name.isdigit():
            return answer(name)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        if letter["Subject"].isdigit():
            return answer(letter["Subject"])
        say({
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "tls": session.ssl is not None,
            "user": session.auth_data and session.auth_data.decode(),
            "raw": base64.b64encode(envelope.content).decode(),
            "headers": [[name, str(value)] for name, value in letter.items()],
            "parts": [part_of(part) for part in letter.iter_parts()],
        })
        return "250 taken"


def authenticate(server, session, envelope, mechanism, data):
    ok = data.login.decode() == options["user"] and data.password.decode() == options["password"]
    return AuthResult(success=ok, handled=ok, auth_data=data.login,
                      message=None if ok else f"535 5.7.8 wrong: {data.password.decode()}")


def context():
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(options["cert"], options["key"])
    return made


class Server(Controller):
    def _trigger_server(self):
        # What looks whether it is up must know the port that the system chose.
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()

    def factory(self):
        tls = options["tls"]
        return SMTP(
            self.handler,
            hostname="mail.test",
            data_size_limit=200_000_000,
            tls_context=context() if tls == "starttls" else None,
            require_starttls=tls == "starttls",
            authenticator=authenticate if "user" in options else None,
            auth_required="user" in options,
            auth_require_tls=False,
        )


server = Server(Handler(), hostname="127.0.0.1", port=0, ready_timeout=30,
                ssl_context=context() if options["tls"] == "implicit" else None)
server.start()
say({"port": server.port})
threading.Thread(target=lambda: (sys.stdin.read(), server.stop()), daemon=False).start()
