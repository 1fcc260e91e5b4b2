from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from workshop.cloud.execution.code_cache import CodeCache


def archive(**files: tuple[bytes, int]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        for name, (content, mode) in files.items():
            entry = zipfile.ZipInfo(name.replace("__", "/"))
            entry.external_attr = mode << 16
            package.writestr(entry, content)
    return target.getvalue()


def test_unpacks_once_by_content(tmp_path: Path) -> None:
    cache = CodeCache(tmp_path)
    first = cache.unpack(archive(app=(b"one", 0o100600)))
    assert cache.unpack(archive(app=(b"one", 0o100600))) == first
    assert cache.unpack(archive(app=(b"two", 0o100600))) != first


def test_files_are_readable_and_keep_their_x_bit(tmp_path: Path) -> None:
    code = CodeCache(tmp_path).unpack(archive(bootstrap=(b"#!", 0o100700), lib__data=(b"", 0o100600)))
    assert (code / "bootstrap").stat().st_mode & 0o777 == 0o755
    assert (code / "lib" / "data").stat().st_mode & 0o777 == 0o644
    assert (code / "lib").stat().st_mode & 0o777 == 0o755


def test_symbolic_links_stay_links(tmp_path: Path) -> None:
    code = CodeCache(tmp_path).unpack(archive(real=(b"x", 0o100644), link=(b"real", 0o120777)))
    assert (code / "link").is_symlink()
    assert (code / "link").read_bytes() == b"x"


def test_a_path_out_of_the_package_stays_inside(tmp_path: Path) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        package.writestr("../../escaped", b"x")
    code = CodeCache(tmp_path / "cache").unpack(target.getvalue())
    assert not (tmp_path / "escaped").exists()
    assert (code / "escaped").exists()


def test_what_is_no_zip_leaves_no_directory_behind(tmp_path: Path) -> None:
    cache = CodeCache(tmp_path)
    with pytest.raises(zipfile.BadZipFile):
        cache.unpack(b"garbage")
    assert [path for path in tmp_path.iterdir() if not path.name.startswith(".")] == []
