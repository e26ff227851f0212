"""Mail addresses are taken as people write them, and compared as mailboxes."""

import pytest

from generator import addresses


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("ann@example.org", "ann@example.org"),
        ("  Ann.Ameise+papers@Example.ORG. ", "Ann.Ameise+papers@example.org"),
        ("jörg@bücher.example", "jörg@xn--bcher-kva.example"),
        ("用户@例子.广告", "用户@xn--fsqu00a.xn--4rr70v"),
        ("o'neil@x--y.example", "o'neil@x--y.example"),
    ],
)
def test_an_address_is_taken_as_it_is_written(written: str, address: str) -> None:
    assert str(addresses.parse(written)) == address


@pytest.mark.parametrize(
    "written",
    [
        "",
        "ann",
        "@example.org",
        "ann@",
        "ann@localhost",
        "ann@127.0.0.1",
        "ann@exa mple.org",
        "ann smith@example.org",
        "ann..b@example.org",
        ".ann@example.org",
        "ann@-example.org",
        "ann@example.org>",
        "<ann@example.org>",
        "ann@example.org,bob@example.org",
        "ann\r\nBcc: eve@example.org",
        "ann@example.org\r\nBcc: eve@example.org",
        "ann\x00@example.org",
        "ann\u202e@example.org",
        '"ann"@example.org',
        "a" * 65 + "@example.org",
        "a@" + ".".join(["b" * 60] * 5) + ".org",
    ],
)
def test_what_is_no_address_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        addresses.parse(written)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ann@example.org", "ann@EXAMPLE.org"),
        ("jo\u0308rg@example.org", "jörg@example.org"),
        ("ann@bücher.example", "ann@XN--BCHER-KVA.example"),
    ],
)
def test_two_writings_of_a_mailbox_have_one_key(one: str, other: str) -> None:
    assert addresses.parse(one).key == addresses.parse(other).key


def test_only_a_local_part_beyond_ascii_needs_smtputf8() -> None:
    assert [addresses.parse(written).needs_utf8 for written in ("ann@bücher.example", "jörg@example.org")] == [False, True]
