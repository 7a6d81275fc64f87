"""A client that writes for a while and never gives up: a process of its own, with several threads.

    python -m tests.storming PORT SECONDS SEED THREADS   < what it is told, as JSON

It is told a token and the addresses of some records. What the server acknowledged is printed as JSON lines.
"""

import http.client
import json
import random
import sys
import threading
import time
import uuid

_PATIENCE = 60
#: So many writes each makes on a machine however slow.
_LEAST = 4
#: The server is being killed, or has not come back yet, or is at the same request still.
_AGAIN = {409, 429, 500, 502, 503, 504}


class Writer(threading.Thread):
    """Sends one write after the other, each with its key until it is answered."""

    def __init__(self, name: str, told: dict, port: int, until: float):
        super().__init__(name=name)
        self.told, self.port, self.until = told, port, until
        self.chance = random.Random(name)
        self.done: list[dict] = []
        self.number = 0

    def run(self) -> None:
        while time.monotonic() < self.until or self.number < _LEAST:
            self.number += 1
            mark = f"{self.name}-{self.number}"
            kind = self.chance.choice(("post", "put", "patch"))
            getattr(self, kind)(mark)

    def post(self, mark: str) -> None:
        body = {"title": f"posted {mark}", "type": "other", "sources": [{"title": "S"}]}
        self.send("POST", "/api/v1/agreements/", mark, body)

    def put(self, mark: str) -> None:
        number = self.chance.randrange(20)
        body = {"title": f"put {number}", "type": "other", "summary": mark}
        self.send("PUT", f"/api/v1/agreements/by/storm/{number}/", mark, body)

    def patch(self, mark: str) -> None:
        address = self.chance.choice(self.told["addresses"])
        self.send("PATCH", address, mark, {"summary": mark})

    def send(self, method: str, address: str, mark: str, body: dict) -> None:
        """Send a request until it is answered, and note the answer."""
        key, tries, started = str(uuid.uuid4()), 0, time.monotonic()
        while time.monotonic() < self.until + _PATIENCE:
            tries += 1
            # Now and then the answer is not waited for: the line broke, and nobody knows what was done.
            patience = 0.1 if tries == 1 and self.chance.random() < 0.2 else 15
            status, headers, text = self.once(method, address, key, body, patience)
            if status in _AGAIN:
                time.sleep(self.chance.uniform(0.02, 0.2))
                continue
            self.done.append(
                {
                    "mark": mark, "method": method, "key": key, "status": status, "tries": tries,
                    "replayed": headers.get("Idempotent-Replayed") == "true",
                    "seconds": time.monotonic() - started, "text": "" if status < 300 else text[:300],
                }
            )  # fmt: skip
            return
        self.done.append({"mark": mark, "method": method, "key": key, "status": 0, "tries": tries})

    def once(self, method: str, address: str, key: str, body: dict, patience: float) -> tuple[int, dict, str]:
        headers = {
            "Authorization": f"Bearer {self.told['token']}",
            "Content-Type": "application/json",
            "Idempotency-Key": f'"{key}"',
        }
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=patience)
        try:
            connection.request(method, address, json.dumps(body), headers)
            answer = connection.getresponse()
            return answer.status, dict(answer.headers), answer.read().decode()
        except (OSError, http.client.HTTPException):
            return 503, {}, ""
        finally:
            connection.close()


def main() -> None:
    port, seconds, seed, threads = (int(word) for word in sys.argv[1:])
    told = json.load(sys.stdin)
    until = time.monotonic() + seconds
    writers = [Writer(f"{seed}.{number}", told, port, until) for number in range(threads)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
        for one in writer.done:
            sys.stdout.write(json.dumps(one) + "\n")


if __name__ == "__main__":
    main()
