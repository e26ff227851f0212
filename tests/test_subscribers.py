"""Lists of subscribers: what is wrong in one is said with its place, and taking somebody out changes nothing else."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import addresses
from generator.cli import main
from generator.errors import Invalid
from generator.send import subscribers
from tests.site import TinySite

TOPICS = ("tool-use", "vision")
HEAD = "email,name,frequency,topics\n"
Captured = pytest.CaptureFixture[str]


def read(text: str | bytes) -> subscribers.Listed:
    return subscribers.parse(text.encode() if isinstance(text, str) else text, "list.csv", TOPICS)


def test_a_line_is_a_subscriber() -> None:
    listed = read(HEAD + 'ann@example.org,"Ameise, ""Ann""",weekly,tool-use;vision\nbob@example.org\n')

    ann, bob = listed.subscribers
    assert listed.problems == ()
    assert (str(ann.address), ann.name, ann.frequency, ann.topics) == ("ann@example.org", 'Ameise, "Ann"', "weekly", ("tool-use", "vision"))
    assert (str(bob.address), bob.name, bob.frequency, bob.topics) == ("bob@example.org", "", "daily", ())


def test_columns_may_stand_in_any_order_and_empty_lines_anywhere() -> None:
    listed = read("\ufeffTopics,Email\r\n\r\nvision,ann@example.org\r\n,\r\n")

    assert [(str(one.address), one.topics) for one in listed.subscribers] == [("ann@example.org", ("vision",))]
    assert listed.problems == ()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("ann.example.org,Ann", "list.csv:2:1: error: `ann.example.org` is not a mail address: there is no @ in it"),
        (",Ann", "list.csv:2:1: error: there is no address in this line"),
        ("ann@example.org,Ann,wekly", "list.csv:2:21: error: `wekly` is not how often mail comes"),
        ("ann@example.org,Ann,,visoin", "list.csv:2:22: error: there is no topic `visoin` in site.yml"),
        ("ann@example.org,Ameise, Ann,daily,vision", "list.csv:2:35: error: the line has more cells than there are columns"),
        ('ann@example.org,"Ann', "list.csv:2: error: a quote does not end in this line"),
        ("ann@example.org," + "n" * 201, "list.csv:2:17: error: this name has 201 characters"),
    ],
)
def test_a_mistake_is_told_with_its_place(line: str, said: str) -> None:
    listed = read(HEAD + line + "\n")

    assert str(listed.problems[0]).startswith(said)
    assert listed.subscribers == ()


def test_the_same_mailbox_twice_is_one_subscriber_with_a_warning() -> None:
    listed = read(HEAD + "Ann@example.org,Ann,weekly,vision\nann@EXAMPLE.org,A.,daily,tool-use\n")

    (ann,) = listed.subscribers
    assert (ann.name, ann.frequency, ann.topics) == ("Ann", "weekly", ("vision", "tool-use"))
    assert [(problem.level, problem.where.line) for problem in listed.problems] == [("warning", 3)]
    assert "stands in line 2 already" in listed.problems[0].message


def test_who_wants_everything_once_gets_everything() -> None:
    listed = read(HEAD + "ann@example.org,,,vision\nann@example.org,,,\n")

    assert [one.topics for one in listed.subscribers] == [()]


@pytest.mark.parametrize("cell", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)"])
def test_a_name_that_a_spreadsheet_would_run_is_warned_of(cell: str) -> None:
    listed = read(HEAD + f"ann@example.org,{cell}\n")

    assert [problem.level for problem in listed.problems] == ["warning"]
    assert "formula" in listed.problems[0].message


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "no column `email`"),
        (b"name,topics\nann,\n", "no column `email`"),
        (b"email,mail\n", "no column `mail`"),
        (b"email;name\n", "put commas between the columns"),
        (b"email,email\n", "stands twice"),
        (b"email\nann@\xff.org\n", "list.csv:2:5: error: this is not UTF-8"),
    ],
)
def test_a_file_that_is_no_list_is_refused(raw: bytes, said: str) -> None:
    with pytest.raises(Invalid, match=r".") as caught:
        read(raw)

    assert said in str(caught.value)


def test_removing_keeps_every_other_line_byte_for_byte(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    before = (
        b'\xef\xbb\xbfemail,name\r\n"bob@example.org",  Bob \nAnn@Example.org,x\r\n\r\n=broken line,,,,\nANN@example.org\neve@example.org'
    )
    file.write_bytes(before)
    file.chmod(0o600)

    removed = subscribers.remove(file, addresses.parse("ann@example.org"))

    assert removed == 2
    expected = before.replace(b"Ann@Example.org,x\r\n", b"").replace(b"ANN@example.org\n", b"")
    assert file.read_bytes() == expected
    assert file.stat().st_mode & 0o777 == 0o600
    assert os.listdir(tmp_path) == ["list.csv"]


@given(st.lists(st.sampled_from(["ann@example.org", "bob@example.org", "ann", "", '"ann@example.org",x', " ann@example.org "]), max_size=8))
def test_after_removing_nobody_of_that_address_is_left_and_all_others_are(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str]
) -> None:
    file = tmp_path_factory.mktemp("list") / "list.csv"
    file.write_text("email,name\n" + "".join(line + "\n" for line in lines))
    before = read(file.read_bytes()).subscribers
    ann = addresses.parse("ann@example.org")

    subscribers.remove(file, ann)

    after = read(file.read_bytes()).subscribers
    assert [one.address for one in after] == [one.address for one in before if one.address != ann]


def test_the_command_counts_and_fails_on_a_mistake(site: TinySite, tmp_path: Path, capsys: Captured) -> None:
    file = tmp_path / "list.csv"
    file.write_text(HEAD + "ann@example.org,,weekly,\nbob@example.org\nmallory\n")

    code = main(["subscribers", "check", str(file), "--root", str(site.root)])

    said = capsys.readouterr()
    assert code == 1
    assert said.out == "2 subscribers, 1 daily, 1 weekly, 0 monthly, 0 suppressed\n"
    assert f"{file}:4:1: error: `mallory` is not a mail address" in said.err


def test_a_list_that_would_be_published_is_an_error(site: TinySite, capsys: Captured) -> None:
    file = site.write("files/list.csv", "email\nann@example.org\n")

    code = main(["subscribers", "check", str(file), "--root", str(site.root)])

    assert code == 1
    assert "would be published" in capsys.readouterr().err


def test_removing_somebody_who_is_not_there_says_so(site: TinySite, tmp_path: Path, capsys: Captured) -> None:
    file = tmp_path / "list.csv"
    file.write_text("email\nann@example.org\n")

    codes = [
        main(["subscribers", "remove", str(file), address, "--root", str(site.root)]) for address in ("ann@example.org", "bob@example.org")
    ]

    assert codes == [0, 1]
    assert file.read_text() == "email\n"
    assert "bob@example.org is not in" in capsys.readouterr().err
