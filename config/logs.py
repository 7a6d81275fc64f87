"""Log lines as JSON, one object a line, on standard error."""

import json
import logging
from datetime import UTC, datetime

# What a record carries of its own accord; anything else was passed as ``extra`` and is printed.
_STANDARD = set(logging.makeLogRecord({}).__dict__) | {
    "message",
    "asctime",
    "taskName",
    "request",
    "server_time",
}


class JsonFormatter(logging.Formatter):
    """Turns a record and its ``extra`` into one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; values that JSON does not know are written as text."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line.update({key: value for key, value in record.__dict__.items() if key not in _STANDARD})
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def logging_config(level: str = "INFO", quiet: bool = False) -> dict:
    """Return the dictionary for ``logging.config.dictConfig``.

    Args:
        level: the lowest level that is written.
        quiet: write warnings and worse only, as the tests want it.
    """
    level = "ERROR" if quiet else level.upper()
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"request_id": {"()": "config.request_id.RequestIdFilter"}},
        "formatters": {"json": {"()": "config.logs.JsonFormatter"}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "json",
                "filters": ["request_id"],
            }
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # The request line says what these would say a second time.
            "django.server": {"handlers": [], "propagate": False},
            "axes": {"level": "WARNING"},
            # Its own handler goes; what it says joins the other lines.
            "gunicorn.error": {"handlers": [], "level": "WARNING", "propagate": True},
        },
    }
