"""Every setting, read from the environment here and nowhere else. ``docs/configuration.md`` describes each."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


class BadConfiguration(Exception):
    """A setting is missing or makes no sense; the message says which and what to write."""


SETTINGS: dict[str, str] = {
    "INTAKE_ENV": "production or development (default development)",
    "SECRET_KEY": "signs cookies; at least 32 characters; required in production",
    "PUBLIC_URL": "the address that people use, such as https://intake.example.edu; required in production",
    "PORT": "the port to listen on (default 8000)",
    "DATA_DIR": "folder for the database, files and queue of a small installation (default ./data)",
    "DATABASE_URL": "postgresql://user:password@host/name; default SQLite in DATA_DIR",
    "STORAGE_URL": "s3://bucket/prefix?endpoint=...; default a folder in DATA_DIR",
    "QUEUE_URL": "redis://host/0 or postgresql://...; default SQLite in DATA_DIR",
    "SMTP_URL": "smtp://user:password@host:587?starttls=1 or smtps://...; without it mail stays in the outbox",
    "MAIL_FROM": "the sender of mail (default intake@ the host of PUBLIC_URL)",
    "CLAMD_URL": "clamd://host:port or unix:///path of the virus scanner; without it files are not scanned",
    "TIME_ZONE": "the office's zone for dates without another (default Asia/Hong_Kong)",
    "LOG_LEVEL": "debug, info, warning or error (default info)",
    "TRUST_PROXY": "how many reverse proxies stand in front (default 0)",
}


def from_environment(env: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The settings as Flask takes them.

    Raises BadConfiguration when one is unusable, and in production when SECRET_KEY or PUBLIC_URL is missing.
    """
    given = os.environ if env is None else env
    env = {name: value for name, value in given.items() if value}  # an empty variable is one that is not set
    kind = env.get("INTAKE_ENV", "development")
    if kind not in ("production", "development"):
        raise BadConfiguration("INTAKE_ENV is production or development")
    production = kind == "production"
    port = _whole("PORT", env.get("PORT", "8000"), 1, 65535)
    folder = Path(env.get("DATA_DIR", "data")).absolute()
    database = _database(env.get("DATABASE_URL", ""), folder)
    public = _public_url(env.get("PUBLIC_URL", ""), production, port)
    return {
        "INTAKE_ENV": kind,
        "SECRET_KEY": _secret(env.get("SECRET_KEY", ""), production),
        "PUBLIC_URL": public,
        "PORT": port,
        "DATA_DIR": folder,
        "SQLALCHEMY_DATABASE_URI": database,
        "STORAGE_URL": env.get("STORAGE_URL") or None,
        "QUEUE_URL": env.get("QUEUE_URL") or None,
        "SMTP_URL": env.get("SMTP_URL") or None,
        "MAIL_FROM": env.get("MAIL_FROM") or f"intake@{urlsplit(public).hostname}",
        "CLAMD_URL": env.get("CLAMD_URL") or None,
        "TIME_ZONE": env.get("TIME_ZONE", "Asia/Hong_Kong"),
        "LOG_LEVEL": env.get("LOG_LEVEL", "info"),
        "TRUST_PROXY": _whole("TRUST_PROXY", env.get("TRUST_PROXY", "0"), 0, 10),
        "DEMO": not production,
        **_fixed(public, production),
        **_engine(database),
    }


def _fixed(public: str, production: bool) -> dict[str, Any]:
    """What is the same everywhere, or follows from the public address."""
    return {
        "BOOTSTRAP_SERVE_LOCAL": True,
        "MAX_CONTENT_LENGTH": 12 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
        "MAX_FORM_PARTS": 1000,
        "SESSION_COOKIE_NAME": "intake",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": public.startswith("https://"),
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=12),
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_CHECK_DEFAULT": False,
        "WTF_CSRF_SSL_STRICT": False,
        "SEND_FILE_MAX_AGE_DEFAULT": timedelta(days=30) if production else timedelta(hours=1),
        "COMPRESS_MIMETYPES": ["text/html", "text/css", "text/javascript", "image/svg+xml", "application/javascript"],
        "COMPRESS_ALGORITHM": ["gzip"],
        "COMPRESS_LEVEL": 4,
    }


def _engine(database: str) -> dict[str, Any]:
    """How the pool behaves. Values of statements never reach a log: they are people's."""
    options: dict[str, Any] = {"hide_parameters": True}
    if not database.startswith("sqlite"):
        options["pool_pre_ping"] = True  # a database elsewhere may have been restarted
    return {"SQLALCHEMY_ENGINE_OPTIONS": options}


def _whole(name: str, text: str, least: int, most: int) -> int:
    try:
        number = int(text)
    except ValueError:
        raise BadConfiguration(f"{name} is a whole number") from None
    if not least <= number <= most:
        raise BadConfiguration(f"{name} is from {least} to {most}")
    return number


def _secret(text: str, production: bool) -> str:
    if text and (len(text) >= 32 or not production):
        return text
    if production:
        raise BadConfiguration("production needs SECRET_KEY, at least 32 characters that nobody can guess")
    return secrets.token_urlsafe(48)


def _public_url(text: str, production: bool, port: int) -> str:
    if not text:
        if production:
            raise BadConfiguration("production needs PUBLIC_URL, the address that people use")
        return f"http://127.0.0.1:{port}"
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise BadConfiguration("PUBLIC_URL reads like https://intake.example.edu")
    return text.rstrip("/")


def _database(text: str, folder: Path) -> str:
    """SQLAlchemy's URL. postgres:// and postgresql:// both mean psycopg 3."""
    if not text:
        return f"sqlite:///{folder / 'intake.db'}"
    for prefix in ("postgres://", "postgresql://"):
        if text.startswith(prefix):
            return "postgresql+psycopg://" + text.removeprefix(prefix)
    if text.startswith(("sqlite:///", "postgresql+psycopg://")):
        return text
    raise BadConfiguration("DATABASE_URL starts with postgresql:// or sqlite:///")
