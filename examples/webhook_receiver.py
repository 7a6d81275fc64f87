"""Take webhooks of a registry: check the signature, answer at once, keep what is new.
Usage: SECRET=whsec_… python webhook_receiver.py [PORT]    (while a secret is replaced: both, a space between)
"""

import base64
import hashlib
import hmac
import json
import os
import sqlite3
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRETS = os.environ.get("SECRET", "").split()
#: How old a delivery may be, in seconds: older ones are somebody's recording.
OLDEST = 300


def is_signed(headers, body: bytes, secrets: list[str], now: float) -> bool:
    """True where one of ``secrets`` signed exactly this body, under this id, just now."""
    moment = headers.get("webhook-timestamp", "")
    if not moment.isdecimal() or abs(now - int(moment)) > OLDEST:
        return False
    signed = f"{headers.get('webhook-id')}.{moment}.".encode() + body
    given = headers.get("webhook-signature", "").split()
    for secret in secrets:
        key = base64.b64decode(secret.removeprefix("whsec_"))
        wanted = "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
        if any(hmac.compare_digest(wanted.encode(), one.encode()) for one in given):
            return True
    return False


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if not is_signed(self.headers, body, SECRETS, time.time()):
            return self.answer(401)
        self.server.keep(self.headers["webhook-id"], json.loads(body))
        return self.answer(204)

    def answer(self, status: int) -> None:
        self.send_response(status)
        self.end_headers()


class Server(ThreadingHTTPServer):
    def __init__(self, port: int, file: str = "webhooks.sqlite"):
        super().__init__(("127.0.0.1", port), Receiver)
        self.file = file
        with sqlite3.connect(file) as db:
            db.execute("CREATE TABLE IF NOT EXISTS told (id PRIMARY KEY, type, record, at, body)")

    def keep(self, message_id: str, told: dict) -> None:
        """Keep a delivery; one that comes twice has the same id, and is kept once."""
        row = (message_id, told["type"], told["data"].get("id"), told["timestamp"], json.dumps(told))
        with sqlite3.connect(self.file) as db:
            db.execute("INSERT OR IGNORE INTO told VALUES (?, ?, ?, ?, ?)", row)


if __name__ == "__main__":
    Server(int(sys.argv[1]) if len(sys.argv) > 1 else 9000).serve_forever()
