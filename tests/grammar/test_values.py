"""Mounts, images and platforms taken apart."""

from __future__ import annotations

import pytest

from dlinter_grammar.images import base_image, image_fault, platform_fault
from dlinter_grammar.mounts import Mount, parse_mount
from dlinter_grammar.values import chmod_fault, git_source, is_http_source, port_fault, signal_fault


def told(mount: Mount) -> dict[str, object]:
    """What the mount says beyond the defaults."""
    empty = Mount()
    names = [name for name in Mount.__slots__ if name not in ("fields", "fault")]
    return {name: getattr(mount, name) for name in names if getattr(mount, name) != getattr(empty, name)}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("target=/x", {"target": "/x"}),
        ("dst=/x,src=y,rw", {"target": "/x", "source": "y", "readonly": False}),
        ("destination=/x,from=a,readonly=false", {"target": "/x", "from_": "a", "readonly": False}),
        ("type=cache,target=/x", {"type": "cache", "target": "/x", "readonly": False}),
        ("TYPE=Cache,Sharing=LOCKED,id=i", {"type": "cache", "sharing": "locked", "id": "i", "readonly": False}),
        ("type=cache,ro", {"type": "cache"}),
        ("type=cache,readwrite=0", {"type": "cache"}),
        ("type=tmpfs,size=10m", {"type": "tmpfs", "size": 10 * 2**20, "readonly": False}),
        ("type=tmpfs,size=1.5 KiB", {"type": "tmpfs", "size": 1536, "readonly": False}),
        ("type=secret,id=a,required,env=E,mode=0400,uid=1,gid=2",
         {"type": "secret", "id": "a", "required": True, "env": "E", "mode": 0o400, "uid": 1, "gid": 2}),
        ("type=ssh", {"type": "ssh"}),
        ('"target=/a,b",type=cache', {"type": "cache", "target": "/a,b", "readonly": False}),
        ('"id=a""b""c",type=cache', {"type": "cache", "id": "abc", "readonly": False}),
        ("type=$T,target=/x,id=${I}", {"type": "$T", "target": "/x", "id": "${I}"}),
        ("target='/a b'", {"target": "/a b"}),
    ],
)  # fmt: skip
def test_mounts(value: str, expected: dict[str, object]) -> None:
    mount = parse_mount(value)
    assert mount.fault is None
    assert told(mount) == expected


def test_fields_have_places() -> None:
    value = 'type=cache,"dst=/a,b",ro'
    mount = parse_mount(value)
    assert [value[field.start : field.end] for field in mount.fields] == ["type=cache", '"dst=/a,b"', "ro"]
    target = mount.field("target")
    assert target is not None
    assert (target.key, target.value) == ("dst", "/a,b")
    assert mount.field("source") is None


def test_faults_have_places() -> None:
    value = "type=cache,trget=/x"
    fault = parse_mount(value).fault
    assert fault is not None
    assert value[fault.start : fault.end] == "trget=/x"
    assert fault.suggestion == "target=/x"


@pytest.mark.parametrize(
    ("text", "domain", "path", "tag", "digest"),
    [
        ("a", "docker.io", "library/a", None, None),
        ("a:b", "docker.io", "library/a", "b", None),
        ("a/b:c", "docker.io", "a/b", "c", None),
        ("a.b/c", "a.b", "c", None, None),
        ("a:5000/c:d", "a:5000", "c", "d", None),
        ("localhost/c", "localhost", "c", None, None),
        ("index.docker.io/c", "docker.io", "library/c", None, None),
        ("Foo/c", "Foo", "c", None, None),
        ("a:b@sha256:00", "docker.io", "library/a", "b", "sha256:00"),
        ("a:${T:-x}", "docker.io", "library/a", "${T:-x}", None),
        ("${R:-a/b}:c", "", "${R:-a/b}", "c", None),
        ("a.b/$N:c", "a.b", "$N", "c", None),
        ("$I", "", "$I", None, None),
        ("a:$T", "docker.io", "library/a", "$T", None),
    ],
)
def test_images(text: str, domain: str, path: str, tag: str | None, digest: str | None) -> None:
    image = base_image(text)
    assert (image.domain, image.path, image.tag, image.digest) == (domain, path, tag, digest)
    if tag is not None:
        assert text[image.tag_at : image.tag_at + len(tag)] == tag
    if digest is not None:
        assert text[image.digest_at :] == digest


@pytest.mark.parametrize(
    "text",
    ["a", "a__b", "a--b", "a.b_c/d-e", "A.B:80/c", "[::1]:5/a", "a:B_c.d-e", "a@sha256:" + "0" * 64, "a/" * 40 + "b"],
)
def test_good_images(text: str) -> None:
    assert image_fault(text) is None


@pytest.mark.parametrize(
    "text", ["a_", "a..b", "a___b", "A", "a:", "a:-b", "a@", "a:" + "b" * 129, "/a", "a/", "a b", "a/" * 130 + "b"]
)
def test_bad_images(text: str) -> None:
    assert image_fault(text) is not None


def test_platforms() -> None:
    for text in ("linux", "amd64", "x86_64", "linux/arm/v7", "windows(10.0.17763)/amd64", "any/thing", "macos"):
        assert platform_fault(text) is None, text
    for text in ("", "foo", "linux/", "linux/a/b/c", "a b/c"):
        assert platform_fault(text) is not None, text


def test_other_values() -> None:
    assert signal_fault("SIGRTMIN+15") is None
    assert chmod_fault("u+s,+t,o=") is None
    assert chmod_fault("0") is None
    assert port_fault("1-1") is None
    assert is_http_source("https://x/y")
    assert not is_http_source("https://x/y.git#main")
    assert git_source("git@x:y") is not None
    assert git_source("git://x/y") is not None
    assert git_source("ftp://x/y.git") is None
    assert git_source("https://x/y.git?keep-git-dir=0").keep_git_dir is False  # type: ignore[union-attr]
