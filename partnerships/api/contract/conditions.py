"""What the description says of tags, of preconditions, of moved records and of rate limits."""

from . import problems

_TAG = '"4c8d1f0b2a6e4f39"'
#: One tag, several, or any: as RFC 9110 writes them. Where a tag only saves a body, what is none saves none.
_TAGS = {
    "If-Match": {"type": "string", "pattern": r'^(\*|(W/)?"[!#-~]*"(, ?(W/)?"[!#-~]*")*)$'},
    "If-None-Match": {"type": "string"},
}
#: Shared by the answers that have them.
HEADERS = problems.described(
    {
        "ETag": ("Stands for this very body; send it back in `If-None-Match` or `If-Match`.", _TAG),
        "RateLimit": ("What is left, and in how many seconds all is there again.", '"anonymous";r=598;t=1'),
        "RateLimit-Policy": ("How many units a window of how many seconds has.", '"anonymous";q=600;w=60'),
        "Idempotent-Replayed": ("`true` where the answer was kept from the first such request.", "true"),
        "Dry-Run": ("`true` where nothing was written, as `dry_run` asks.", "true"),
        "Dry-Run-Status": ("The status that the answer would have had.", "201"),
    },
    required=False,
)
_LIMITS = ("RateLimit", "RateLimit-Policy")
#: Resources of which records are merged into others.
_MERGED = {"institutions", "partnerships"}
_MOVED = "The record was merged into another one, whose address is in `Location`."
_UNCHANGED = "What you keep is still the answer."


def describe(path: str, method: str, operation: dict) -> None:
    """Add to an operation what its conditions are, and which answers and headers come of them."""
    answers = operation["responses"]
    if method == "get":
        if "application/json" in answers["200"].get("content", {}):
            _take(operation, "If-None-Match", "Tags of the answers that you keep.")
            answers["304"] = {"description": _UNCHANGED}
            _carry(answers["200"], "ETag")
            _carry(answers["304"], "ETag")
    elif _writes(operation):
        for code in ("200", "201"):
            if code in answers:
                _carry(answers[code], "Idempotent-Replayed", "Dry-Run", "Dry-Run-Status")
        if "{" in path:
            _take(operation, "If-Match", "The tag of the record as you read it; changed since, it is a 412.")
            for status in (412, 428):
                answers[str(status)] = {"description": problems.MEANING[status]}
        if method != "delete" and "/bulk/" not in path:
            for code in ("200", "201"):
                if code in answers:
                    _carry(answers[code], "ETag")
    if operation["tags"][0] in _MERGED and ("{uid}" in path or "{value}" in path):
        answers["301" if method == "get" else "308"] = _moved()
    for code, answer in answers.items():
        if code[0] == "2":
            _carry(answer, *_LIMITS)


def _writes(operation: dict) -> bool:
    return any(one["name"] == "Idempotency-Key" for one in operation.get("parameters", []))


def _take(operation: dict, name: str, words: str) -> None:
    parameter = {"name": name, "in": "header", "required": False, "description": words, "schema": _TAGS[name]}
    operation.setdefault("parameters", []).append(
        parameter | {"example": "*" if name == "If-Match" else _TAG}
    )


def _carry(answer: dict, *names: str) -> None:
    headers = answer.setdefault("headers", {})
    for name in names:
        headers.setdefault(name, {"$ref": f"#/components/headers/{name}"})


def _moved() -> dict:
    location = {"Location": ("The address of the record that it was merged into.", "https://example.org/")}
    return {"description": _MOVED, "headers": problems.described(location, required=True)}
