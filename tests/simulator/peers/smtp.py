# A mail server for tests: aiosmtpd (Debian's python3-aiosmtpd) with a door for
# the test.  smtp.js starts it.  Behaviour comes as JSON lines on stdin; what was
# seen goes as JSON lines to stdout.  The end of stdin is the end of it.

import asyncio
import base64
import email
import json
import ssl
import sys
from email import policy

from aiosmtpd.smtp import SMTP, AuthResult

OPTIONS = json.loads(sys.argv[1])
RULES = []
DELAY = {"ms": 0}


def tell(**what):
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def rule_for(stage, address=""):
    """The first rule that is due at this stage, counted off."""
    for rule in RULES:
        if rule["stage"] != stage or rule.get("to", "") not in address:
            continue
        if rule.get("times") is not None:
            rule["times"] -= 1
            if rule["times"] <= 0:
                RULES.remove(rule)
        return rule
    return None


async def behave(server, rule):
    """Wait, hang or break off as wanted; the reply to give, or None for the usual."""
    await asyncio.sleep(DELAY["ms"] / 1000)
    if rule is None:
        return None
    if rule.get("hang"):
        await asyncio.sleep(3600)
    if rule.get("lose"):
        server.transport.abort()
    return rule.get("reply")


def parsed(content):
    """A message as a reader of mail would see it."""
    message = email.message_from_bytes(content, policy=policy.default)
    parts = [part for part in message.walk() if not part.is_multipart()]
    defects = [str(d) for part in message.walk() for d in part.defects]
    defects += [str(d) for value in message.values() for d in value.defects]

    def body(kind):
        found = message.get_body(preferencelist=(kind,))
        return None if found is None else found.get_content()

    return {
        "headers": [[name, str(value)] for name, value in message.items()],
        "text": body("plain"),
        "html": body("html"),
        "attachments": [
            {
                "filename": part.get_filename(),
                "type": part.get_content_type(),
                "base64": base64.b64encode(part.get_payload(decode=True)).decode(),
            }
            for part in parts
            if part.get_content_disposition() == "attachment"
        ],
        "defects": defects,
        "raw": base64.b64encode(content).decode(),
    }


class Handler:
    async def handle_MAIL(self, server, session, envelope, address, options):
        reply = await behave(server, rule_for("mail", address))
        if reply is None:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return reply or "250 2.1.0 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        reply = await behave(server, rule_for("rcpt", address))
        if reply is None:
            envelope.rcpt_tos.append(address)
        return reply or "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        rule = rule_for("data")
        reply = None
        if rule is None or rule.get("lose"):
            tell(
                message={
                    "from": envelope.mail_from,
                    "to": envelope.rcpt_tos,
                    "tls": session.ssl is not None or OPTIONS["tls"] == "implicit",
                    "user": getattr(session, "user", None),
                    **parsed(envelope.content),
                }
            )
        reply = await behave(server, rule)
        return reply or "250 2.0.0 OK: taken"


def authenticate(server, session, envelope, mechanism, data):
    user, password = data.login.decode(), data.password.decode()
    rule = rule_for("auth")
    right = user == OPTIONS.get("user") and password == OPTIONS.get("password")
    tell(login={"user": user, "right": right, "mechanism": mechanism})
    if rule is not None or not right:
        reply = (rule or {}).get("reply", "535 5.7.8 Authentication failed")
        return AuthResult(success=False, handled=False, message=reply)
    session.user = user
    return AuthResult(success=True)


class Refusal(asyncio.Protocol):
    """A greeting that sends the client away, or none at all."""

    def __init__(self, rule):
        self.rule = rule

    def connection_made(self, transport):
        if self.rule.get("hang"):
            return
        if self.rule.get("lose"):
            transport.abort()
            return
        transport.write((self.rule["reply"] + "\r\n").encode())
        transport.close()


def session_factory(context):
    def factory():
        tell(connection=True)
        rule = rule_for("connect")
        if rule is not None:
            return Refusal(rule)
        starttls = OPTIONS["tls"] == "starttls"
        auth = OPTIONS.get("user") is not None
        return SMTP(
            Handler(),
            hostname="mail.test",
            data_size_limit=OPTIONS.get("sizeLimit") or 32 * 1024 * 1024,
            tls_context=context if starttls else None,
            require_starttls=starttls,
            authenticator=authenticate if auth else None,
            auth_required=auth,
            auth_require_tls=starttls,
        )

    return factory


def obey(line):
    order = json.loads(line)
    if "rule" in order:
        RULES.append(order["rule"])
    if "delayMs" in order:
        DELAY["ms"] = order["delayMs"]
    if order.get("mend"):
        RULES.clear()
        DELAY["ms"] = 0
    tell(done=order["id"])


async def main():
    context = None
    if OPTIONS["tls"] != "none":
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(OPTIONS["cert"], OPTIONS["key"])
    loop = asyncio.get_running_loop()
    implicit = context if OPTIONS["tls"] == "implicit" else None
    server = await loop.create_server(
        session_factory(context), "127.0.0.1", OPTIONS["port"], ssl=implicit
    )
    tell(ready=server.sockets[0].getsockname()[1])
    orders = asyncio.StreamReader()
    await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(orders), sys.stdin
    )
    while line := await orders.readline():
        obey(line)


asyncio.run(main())
