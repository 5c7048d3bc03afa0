"""The file store, on a local folder and against an S3 server on this machine."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest

from intake.storage import FileMissing, Store, StoreUnavailable, open_store

pytestmark = pytest.mark.once

ABSENT = "ab/" + "0" * 38


@pytest.fixture(scope="module")
def s3_url() -> Iterator[str]:
    moto = pytest.importorskip("moto.server", reason="the S3 test server is not installed")
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    boto3 = pytest.importorskip("boto3")

    boto3.client(
        "s3", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="k", aws_secret_access_key="s"
    ).create_bucket(Bucket="files")
    yield (
        f"s3://files/office/x?endpoint={quote(endpoint, safe='')}&region=us-east-1&access_key_id=k&secret_access_key=s"
    )
    server.stop()


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    url = request.getfixturevalue("s3_url") if request.param == "s3" else None
    return open_store(url, tmp_path)


def test_what_is_put_comes_back_until_it_is_deleted(store: Store) -> None:
    data = os.urandom(700_000)
    key = store.put(data)
    assert store.exists(key)
    assert store.get(key) == data
    assert b"".join(store.stream(key)) == data
    store.delete(key)
    assert not store.exists(key)
    with pytest.raises(FileMissing):
        store.get(key)


def test_an_empty_file_is_a_file(store: Store) -> None:
    key = store.put(b"")
    assert store.exists(key)
    assert store.get(key) == b""
    assert b"".join(store.stream(key)) == b""


def test_a_large_file_comes_in_pieces_of_plain_bytes(store: Store) -> None:
    data = os.urandom(11 * 1024 * 1024)
    pieces = list(store.stream(store.put(data)))
    assert len(pieces) > 1
    assert all(type(piece) is bytes for piece in pieces)
    assert b"".join(pieces) == data


def test_a_missing_file_is_told_before_the_first_piece(store: Store) -> None:
    with pytest.raises(FileMissing):
        store.stream(ABSENT)


def test_deleting_an_absent_file_is_fine(store: Store) -> None:
    store.delete(ABSENT)
    assert not store.exists(ABSENT)


def test_the_same_bytes_twice_get_two_keys_that_tell_nothing(store: Store) -> None:
    first, second = store.put(b"same"), store.put(b"same")
    assert first != second
    store.delete(first)
    assert store.get(second) == b"same"


def test_keys_lists_every_file_with_its_instant(store: Store) -> None:
    mine = {store.put(b"1"), store.put(b"2")}
    listed = dict(store.keys())
    assert mine <= set(listed)
    for key in mine:
        assert listed[key].tzinfo is not None
        assert abs(listed[key] - datetime.now(UTC)) < timedelta(minutes=5)


def test_a_living_store_passes_its_check(store: Store) -> None:
    store.check()


@pytest.mark.parametrize(
    "key",
    ["", "../secret", "ab/../../etc/passwd", "/etc/passwd", "ab/" + "0" * 37, ABSENT.upper(), ABSENT + "\n", "ab\\cd"],
)
def test_a_key_that_no_put_could_have_made_is_refused(store: Store, key: str) -> None:
    for ask in (store.get, store.stream, store.delete, store.exists):
        with pytest.raises(ValueError, match="not a key"):
            ask(key)


def test_foreign_and_unfinished_files_are_no_keys(tmp_path: Path) -> None:
    store = open_store(None, tmp_path)
    key = store.put(b"x")
    (tmp_path / "files" / "notes.txt").write_text("not ours")
    (tmp_path / "files" / ".unfinished" / ("0" * 40)).write_text("half")
    assert list(dict(store.keys())) == [key]


def test_files_in_the_folder_are_the_servers_alone(tmp_path: Path) -> None:
    key = open_store(None, tmp_path).put(b"x")
    assert stat.S_IMODE((tmp_path / "files" / key).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "files").stat().st_mode) == 0o700


def test_a_file_is_on_the_disk_before_it_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    sync, replace = os.fsync, os.replace

    def watched_sync(descriptor: int) -> None:
        steps.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        sync(descriptor)

    def watched_replace(source: Path, target: Path) -> None:
        steps.append("rename")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", watched_sync)
    monkeypatch.setattr(os, "replace", watched_replace)
    open_store(None, tmp_path).put(b"x")
    assert steps == ["file", "rename", "folder", "folder", "folder"]


def test_a_put_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    store = open_store(None, tmp_path)
    with pytest.raises(StoreUnavailable):
        store.put(b"x")
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []


def test_a_server_that_is_not_there_is_unavailable_not_missing(tmp_path: Path) -> None:
    store = open_store(
        "s3://files?endpoint=http%3A%2F%2F127.0.0.1%3A9&region=us-east-1&access_key_id=k&secret_access_key=s", tmp_path
    )
    with pytest.raises(StoreUnavailable):
        store.check()


def test_a_bucket_that_is_not_there_fails_the_check(s3_url: str, tmp_path: Path) -> None:
    gone = open_store(s3_url.replace("files/office", "elsewhere/office"), tmp_path)
    with pytest.raises(StoreUnavailable):
        gone.check()
    with pytest.raises(StoreUnavailable):
        gone.put(b"x")


@pytest.mark.parametrize("url", ["ftp://files", "s3://", "files", "s3://files?endpoint=x&secret=hush"])
def test_a_url_that_we_do_not_know_is_refused_without_repeating_it(url: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError) as caught:
        open_store(url, tmp_path)
    assert "hush" not in str(caught.value)
