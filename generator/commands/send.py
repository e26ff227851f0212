"""`broadsheet send`: an edition to its subscribers, or as a draft to a provider."""

from __future__ import annotations

import argparse
import contextlib
import signal
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from generator.commands.console import DONE, PROBLEMS, print_json, progress, show
from generator.commands.options import root_of, today, with_root
from generator.commands.subscribers import ledger_of
from generator.errors import Invalid, Problem, Where

if TYPE_CHECKING:
    from generator.build import Prepared
    from generator.config import Site
    from generator.editions import Edition
    from generator.send.delivery import Stop
    from generator.send.ledger import Ledger, Recipient
    from generator.send.mailing import Composer
    from generator.send.relay import Relay
    from generator.views.catalogue import Catalogue

MOST_NAMED = 50


def declare(command: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    from generator.newsletter import PROVIDERS

    with_root(command)
    command.add_argument("edition", metavar="EDITION", help="2025-10-01, 2025-W40 or 2025-10, with +topic for a topic's mail")
    command.add_argument("--to", type=Path, metavar="FILE", help="the list of subscribers, a CSV file")
    command.add_argument("--yes", action="store_true", help="send; without it nothing leaves, and what would is shown")
    command.add_argument("--resume", action="store_true", help="go on with a sending that was interrupted")
    command.add_argument("--retry-uncertain", action="store_true", help="send again to whom it may have reached: some get it twice")
    command.add_argument("--per-second", type=rate, metavar="N", help="at most N messages a second")
    command.add_argument("--test", metavar="ADDRESS", help="only to this address, as often as you like, without a trace")
    command.add_argument("--provider", choices=("smtp", *PROVIDERS), help="who sends (default: mail.provider of site.yml)")
    command.add_argument("--json", action="store_true", help="print how many got it as JSON")
    command.set_defaults(run=run)


def rate(text: str) -> float:
    """Return a number of messages a second."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= 10_000:
        raise argparse.ArgumentTypeError(f"`{text}` is not a number of messages a second")
    return value


def run(options: argparse.Namespace) -> int:
    """Send an edition, or show what sending it would do."""
    from generator import build, config, editions
    from generator.report import Settings

    root = root_of(options)
    site = config.load(root)
    try:
        edition = editions.parse(options.edition)
    except ValueError as error:
        raise Invalid([Problem(Where(options.edition), str(error))]) from None
    prepared = build.prepare(root, Settings(today=today(options, root)), site)
    errors = [problem for problem in prepared.problems if problem.level == "error"]
    if errors:
        raise Invalid(errors)
    return mail(options, root, prepared, edition)


def mail(options: argparse.Namespace, root: Path, prepared: Prepared, edition: Edition) -> int:
    """Send an edition of a prepared site, or show what sending it would do."""
    from generator import editions, render
    from generator.outputs.email.message import TEMPLATE
    from generator.send import gate
    from generator.send.mailing import UNSUBSCRIBE_KEY, Composer

    site = prepared.site
    catalogue = prepared.press.catalogue
    typeset = render.typeset(prepared.press, TEMPLATE)
    at = options.clock().replace(microsecond=0)
    composer = Composer(catalogue, edition, typeset, at, options.environment.get(UNSUBSCRIBE_KEY, ""))
    message = composer.message(edition.topics) if editions.papers(catalogue.library, edition) else None
    refuse(gate.content(catalogue.library, site, edition, is_held=message is not None and message.is_held and not options.test))
    provider = options.provider or site.mail.provider or "smtp"
    if provider == "smtp":
        return _by_relay(options, root, site, catalogue, edition, composer)
    from generator.commands.drafts import hand_over

    assert message is not None
    return hand_over(options, root, site, message, provider)


def refuse(problems: Sequence[Problem]) -> None:
    """Stop when there is a reason to. Invalid: there is."""
    if problems:
        raise Invalid(problems)


def _by_relay(options: argparse.Namespace, root: Path, site: Site, catalogue: Catalogue, edition: Edition, composer: Composer) -> int:
    from dataclasses import replace

    from generator.send import signing
    from generator.send.mailing import UNSUBSCRIBE_KEY

    assert site.mail.from_ is not None
    if site.mail.unsubscribe_url and not composer.unsubscribe_key:
        hint = "choose a long random text, and let what answers at `mail.unsubscribe_url` have it too"
        raise Invalid([Problem(Where(UNSUBSCRIBE_KEY), "there is no key to make unsubscribe addresses with", hint)])
    key = options.environment.get(signing.KEY)
    if key:
        composer = replace(composer, sign=signing.signer(Path(key), site.mail.from_.address.domain))
    if options.test:
        return _test(options, site, edition, composer)
    if options.to is None:
        raise Invalid([Problem(Where("--to"), "there is no list of subscribers to send to", "--to subscribers.csv")])
    return _to_list(options, root, site, catalogue, edition, composer)


def _to_list(options: argparse.Namespace, root: Path, site: Site, catalogue: Catalogue, edition: Edition, composer: Composer) -> int:
    from dataclasses import replace
    from datetime import datetime

    from generator.errors import in_order
    from generator.send import gate, ledger, sending, subscribers

    listed = subscribers.read(options.to, [topic.slug for topic in site.topics])
    problems = in_order((*listed.problems, *subscribers.published(root, site.output, options.to)))
    if any(problem.level == "error" for problem in problems):
        raise Invalid(problems)
    show(problems)
    path, name, now = ledger_of(root, site), str(edition), options.clock()
    where = _relay(options) if options.yes else None
    if where:
        refuse(gate.machine(root, site, options.environment, where))
    with contextlib.ExitStack() as open_files:
        if where:
            open_files.enter_context(ledger.lock(path))
        # Without --yes nothing changes, so none is started either.
        known = open_files.enter_context(ledger.Ledger.open(path if where or path.exists() else ledger.IN_MEMORY))
        refuse(gate.before(root, known, edition, resume=options.resume or options.retry_uncertain))
        begun = known.edition(name)
        refuse(gate.date(site, edition, now))
        if begun is None:
            refuse(gate.first_time(catalogue.library, edition, sending.sent(root, known)))
        else:
            composer = replace(composer, at=datetime.fromisoformat(begun.started_at))
        if options.retry_uncertain and not options.yes:
            print("With --retry-uncertain, some may get it twice.", file=sys.stderr)
        planned = sending.plan(catalogue, edition, known, listed.subscribers, retry_uncertain=options.retry_uncertain)
        for note in planned.notes:
            print(note, file=sys.stderr)
        if where is None:
            return _preview(options, name, planned.recipients, composer)
        if begun is None and not planned.recipients:
            raise Invalid([Problem(Where(str(options.to)), f"nobody on the list gets {name}", "who gets which mail: docs/mail.md")])
        sending.begin(root, known, planned, composer.at.isoformat(), retry_uncertain=options.retry_uncertain)
        early = _deliver(options, site, where, known, name, composer)
        after = sending.finish(root, known, name)
        if options.json:
            print_json({"edition": name, **after.counts})
        else:
            print(f"{name}: " + ", ".join(f"{count:,} {state}" for state, count in after.counts.items()))
        _tell_unreached(known, name)
        if early:
            print(f"error: the sending ended early: {early}\n  hint: go on with --resume", file=sys.stderr)
    return DONE if after.counts["sent"] == after.recipients else PROBLEMS


def _relay(options: argparse.Namespace) -> Relay:
    """Return the relay that the environment names. Invalid: it names none."""
    from generator.send import relay

    return relay.parse(options.environment.get(relay.URL, ""), options.environment.get(relay.PASSWORD, ""))


def _deliver(options: argparse.Namespace, site: Site, where: Relay, known: Ledger, name: str, composer: Composer) -> str:
    from generator.send.delivery import Pace, Run, Stop

    assert site.mail.from_ is not None
    stop = Stop()
    going = Run(
        ledger=known,
        edition=name,
        sender=str(site.mail.from_.address),
        relay=where,
        compose=composer,
        now=lambda: options.clock().isoformat(timespec="seconds"),
        pace=Pace(per_second=options.per_second),
        stop=stop,
        tell=progress("messages"),
    )
    with _stopped_by_signals(stop):
        return going.go()


@contextlib.contextmanager
def _stopped_by_signals(stop: Stop) -> Iterator[None]:
    """Let Ctrl-C and `kill` finish the message that is on its way; a second one ends at once."""

    def asked(number: int, frame: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    before = {number: signal.signal(number, asked) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _tell_unreached(known: Ledger, name: str) -> None:
    for state in ("uncertain", "failed"):
        found = known.of(name, state)
        for delivery in found[:MOST_NAMED]:
            print(f"{state}: {delivery.recipient.address}: {delivery.reply}", file=sys.stderr)
        if len(found) > MOST_NAMED:
            print(f"{state}: {len(found) - MOST_NAMED:,} more, see: broadsheet status {name}", file=sys.stderr)


def _preview(options: argparse.Namespace, name: str, recipients: Sequence[Recipient], composer: Composer) -> int:
    """Say how many would get an edition, and show the first one's message."""
    from generator.words import count

    counts = {"sent": 0, "failed": 0, "uncertain": 0, "pending": len(recipients)}
    if options.json:
        print_json({"edition": name, **counts})
        return DONE
    print(f"{name}: {count(len(recipients), 'message')} would be sent. Nothing was: add --yes to send.")
    if recipients:
        _show_message(composer(recipients[0]))
    return DONE


def _show_message(raw: bytes) -> None:
    import email
    from email import policy

    message = email.message_from_bytes(raw, policy=policy.default)
    text = message.get_body(("plain",))
    html = message.get_body(("html",))
    print(f"The first is {len(raw):,} bytes:\n")
    print(raw.partition(b"\r\n\r\n")[0].decode("utf-8", "replace").replace("\r\n", "\n") + "\n")
    print(text.get_content() if text else "")
    if html:
        print(f"(and {len(html.get_content().encode()):,} bytes of HTML)")


def _test(options: argparse.Namespace, site: Site, edition: Edition, composer: Composer) -> int:
    """Send one message to one address, whatever was sent before; no ledger, no marker."""
    from generator import addresses
    from generator.send import relay
    from generator.send.ledger import Recipient
    from generator.send.relay import Fate, Refused, Session, Unreachable

    try:
        address = addresses.parse(options.test)
    except ValueError as error:
        raise Invalid([Problem(Where("--test"), f"`{options.test}` is not a mail address: {error}")]) from None
    recipient = Recipient(address.key, str(address), "", edition.topics)
    if not options.yes:
        return _preview(options, str(edition), [recipient], composer)
    assert site.mail.from_ is not None
    try:
        session = Session.open(_relay(options))
        outcome = session.give(str(site.mail.from_.address), recipient.address, composer(recipient))
        session.close()
    except (Refused, Unreachable) as error:
        raise Invalid([Problem(Where(relay.URL), str(error))]) from None
    states = {Fate.SENT: "sent", Fate.UNCERTAIN: "uncertain"}
    state = states.get(outcome.fate, "failed")
    if options.json:
        print_json({"edition": str(edition), **{name: int(name == state) for name in ("sent", "failed", "uncertain", "pending")}})
    else:
        print(f"{edition}: {state}, to {recipient.address} only: {outcome.reply}")
    return DONE if state == "sent" else PROBLEMS
