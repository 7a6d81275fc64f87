"""Keep a copy of everything public in a registry, and keep it in step with it.
Usage: python replica.py ADDRESS FILE [--dump]    (--dump prints the copy, one record a line)
"""

import hashlib
import json
import sqlite3
import sys
import time
import urllib.request


class Replica:
    def __init__(self, address: str, file: str):
        self.api, self.db = f"{address.rstrip('/')}/api/v1/", sqlite3.connect(file)
        self.db.execute("CREATE TABLE IF NOT EXISTS record (resource, id, body, PRIMARY KEY (resource, id))")
        self.db.execute("CREATE TABLE IF NOT EXISTS place (cursor)")

    def follow(self, wait: int = 30) -> int:
        """Take over what changed since the last time; return how many entries that were."""
        [cursor] = self.db.execute("SELECT cursor FROM place").fetchone() or [self.begin()]
        asked = f"changes/?include=record&limit=500&wait={wait}&after={cursor}"
        news = json.load(urllib.request.urlopen(self.api + asked, timeout=120))
        with self.db:  # All entries and the new place, or nothing.
            for entry in news["results"]:
                self.keep(entry["resource"], entry["id"], entry["record"])
            self.db.execute("UPDATE place SET cursor = ?", [news["next"]])
        return len(news["results"])

    def begin(self) -> str:
        """Copy everything, in one transaction; return where the feed goes on."""
        digest, end = hashlib.sha256(), None
        with urllib.request.urlopen(f"{self.api}snapshots/all.ndjson", timeout=120) as lines, self.db:
            cursor = json.loads(first := next(lines))["snapshot"]["cursor"]
            digest.update(first)
            for line in lines:
                told = json.loads(line)
                if end := told.get("end"):
                    break
                digest.update(line)
                self.keep(told["resource"], told["record"]["id"], told["record"])
            if not end or end["sha256"] != digest.hexdigest():
                raise ValueError("The snapshot was cut off or damaged on its way.")
            self.db.execute("INSERT INTO place VALUES (?)", [cursor])
        return cursor

    def keep(self, resource: str, uid: str, record: dict | None) -> None:
        self.db.execute("DELETE FROM record WHERE resource = ? AND id = ?", [resource, uid])
        if record is not None:  # None: it was withdrawn, merged into another one, or is no longer public.
            body = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
            self.db.execute("INSERT INTO record VALUES (?, ?, ?)", [resource, uid, body])


if __name__ == "__main__":
    replica = Replica(*sys.argv[1:3])
    if "--dump" in sys.argv:
        for resource, body in replica.db.execute("SELECT resource, body FROM record ORDER BY resource, id"):
            print(f'{{"resource":"{resource}","record":{body}}}')
    while "--dump" not in sys.argv:
        replica.follow() or time.sleep(1)
