"""The one door for files: put bytes in, get a key back. A local folder, or S3 by URL; nothing else knows which.

Keys are random, so that a key tells nothing and cannot be guessed; what a file is called and who may read it
is the database's business.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

_KEY = re.compile(r"[0-9a-f]{2}/[0-9a-f]{38}")
_CHUNK_BYTES = 256 * 1024
_URL_OPTIONS = {"endpoint", "region", "access_key_id", "secret_access_key"}
_UNFINISHED = ".unfinished"


class FileMissing(LookupError):
    """There is no file under this key."""


class StoreUnavailable(Exception):
    """The store did not answer, refused us, or is full. The cause is chained; its text may name a folder or a host."""


def _checked(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise ValueError("not a key of the file store")
    return key


def _new_key() -> str:
    name = secrets.token_hex(20)
    return f"{name[:2]}/{name[2:]}"


@contextmanager
def _plainly(of_a_key: bool = False) -> Iterator[None]:
    """Turn the library's errors into the two that callers know. "Not found" means a missing file only where one key
    was asked for; elsewhere it is the folder or the bucket that is not there."""
    try:
        yield
    except (BaseError, OSError) as error:
        if of_a_key and isinstance(error, FileNotFoundError):
            raise FileMissing("no such file") from None
        raise StoreUnavailable("the file store is unavailable") from error


class Store:
    """Where files are kept. A key that no ``put`` could have made raises ValueError, before anything is touched.

    The two kinds open and write in their own way; all else is here. Every method may raise StoreUnavailable.
    """

    @cached_property
    def _inner(self) -> LocalStore | S3Store:
        raise NotImplementedError

    def put(self, data: bytes) -> str:
        """Keep ``data`` and return its key, ``"ab/cdef..."``. When it returns, the file survives a kill and a
        power cut: an acknowledged submission rests on it."""
        raise NotImplementedError

    def get(self, key: str) -> bytes:
        """The whole file. Raises FileMissing."""
        with _plainly(of_a_key=True):
            return bytes(obstore.get(self._inner, _checked(key)).bytes())

    def stream(self, key: str) -> Iterator[bytes]:
        """The file in pieces. Raises FileMissing at once, before a piece is asked, for the page to answer 404."""
        with _plainly(of_a_key=True):
            found = obstore.get(self._inner, _checked(key))
        return _pieces(found)

    def delete(self, key: str) -> None:
        """Forget the file; one that is absent already is fine."""
        with suppress(FileMissing), _plainly(of_a_key=True):
            obstore.delete(self._inner, _checked(key))

    def exists(self, key: str) -> bool:
        """Whether there is such a file."""
        try:
            with _plainly(of_a_key=True):
                obstore.head(self._inner, _checked(key))
        except FileMissing:
            return False
        return True

    def keys(self) -> Iterator[tuple[str, datetime]]:
        """Every key with the instant of its writing (aware, UTC), in no order, for a sweep; foreign files are passed
        over. Spare what is younger than a request can last: a file is put before the record that names it."""
        with _plainly():
            for batch in obstore.list(self._inner):
                for entry in batch:
                    if _KEY.fullmatch(entry["path"]):
                        yield entry["path"], entry["last_modified"]

    def check(self) -> None:
        """Ask for a sign of life, for /readyz."""
        with _plainly():
            next(iter(obstore.list(self._inner, chunk_size=1)), None)


def _pieces(found: obstore.GetResult) -> Iterator[bytes]:
    with _plainly(of_a_key=True):
        for piece in found.stream(min_chunk_size=_CHUNK_BYTES):
            yield bytes(piece)


class _FolderStore(Store):
    """Files in a folder of this machine, readable by the server's user alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def _inner(self) -> LocalStore:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return LocalStore(self._folder)

    def put(self, data: bytes) -> str:
        """As in ``Store``. The library writes without fsync, so the writing is done here: a file that is whole
        and on the disk is renamed into place, and the folders that name it are brought to the disk too."""
        key = _new_key()
        with _plainly():
            unfinished = self._folder / _UNFINISHED / key.replace("/", "")
            for folder in (self._folder, unfinished.parent, (self._folder / key).parent):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                unfinished.touch(mode=0o600, exist_ok=False)
                unfinished.write_bytes(data)
                _sync(unfinished)
                unfinished.replace(self._folder / key)
            except BaseException:
                unfinished.unlink(missing_ok=True)
                raise
            for folder in ((self._folder / key).parent, self._folder, self._folder.parent):
                _sync(folder)
        return key

    def check(self) -> None:
        with _plainly():
            if not os.access(self._inner.prefix or self._folder, os.W_OK):
                raise PermissionError("the folder cannot be written to")


def _sync(path: Path) -> None:
    """Wait until the disk has what was written to this file or folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class _BucketStore(Store):
    """Files in an S3 bucket; the service acknowledges only what it keeps."""

    def __init__(self, url: SplitResult) -> None:
        self._bucket, self._prefix = url.hostname or "", url.path.strip("/") or None
        self._options = dict(parse_qsl(url.query))
        unknown = sorted(set(self._options) - _URL_OPTIONS)
        if unknown:
            raise ValueError("the file store's URL has options that it does not know: " + ", ".join(unknown))

    @cached_property
    def _inner(self) -> S3Store:
        given = self._options
        return S3Store(
            self._bucket,
            prefix=self._prefix,
            config={**given, "virtual_hosted_style_request": False},  # type: ignore[arg-type]
            client_options={
                "allow_http": given.get("endpoint", "").startswith("http://"),
                "connect_timeout": timedelta(seconds=5),
                "timeout": timedelta(seconds=60),
            },
            retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=30)},
        )

    def put(self, data: bytes) -> str:
        key = _new_key()
        with _plainly():
            obstore.put(self._inner, key, data)
        return key


def open_store(url: str | None, data_dir: Path) -> Store:
    """The store that ``url`` names, or the folder ``data_dir/files`` when there is none.

    ``s3://bucket/prefix?endpoint=http://127.0.0.1:9000&region=...&access_key_id=...&secret_access_key=...``; what
    is left out comes from the AWS environment variables. No connection is made before the first use, and none
    should be made before a server forks its workers. Raises ValueError for any other URL, without repeating it.
    """
    if not url:
        return _FolderStore(data_dir / "files")
    parts = urlsplit(url)
    if parts.scheme != "s3" or not parts.hostname:
        raise ValueError("the file store's URL must begin with s3://bucket")
    return _BucketStore(parts)
