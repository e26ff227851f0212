"""`broadsheet serve`."""

from __future__ import annotations

import argparse
from pathlib import Path

from generator.commands.console import DONE, show
from generator.commands.options import port, root_of, today, with_root
from generator.errors import Problem
from generator.report import Report, Settings


def declare(command: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    with_root(command)
    command.add_argument("--port", type=port, default=8000, help="0 takes a free one (default: 8000)")
    command.add_argument("--drafts", action="store_true", help="show drafts and what is dated ahead")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Build, serve and watch until interrupted."""
    import threading

    from generator import build, desk, glimpse, origin, serve

    prepared: list[build.Prepared] = []
    known: dict[str, origin.Origin] = {}

    def keep(newest: build.Prepared) -> None:
        prepared[:] = [newest]
        known.clear()

    def early(changed: frozenset[Path]) -> dict[str, bytes]:
        return glimpse.pages(prepared[0], root, changed) if prepared else {}

    def origins() -> dict[str, origin.Origin]:
        if prepared and not known:
            known.update(origin.of_pages(prepared[0].press.catalogue.library, prepared[0].plan))
        return known

    root = root_of(options)
    folder = root / ".broadsheet" / "preview"

    def once() -> Report:
        settings = Settings(today=today(options, root), output=folder, base_url=f"http://{serve.HOST}/", drafts=options.drafts, jobs=1)
        return build.build(root, settings, then=keep)

    preview = serve.Preview(folder, once, early, origins)
    _tell(preview.rebuild(), preview.problems)
    stop = threading.Event()
    with serve.server(preview, options.port) as address:
        print(f"{address}  (stop with Ctrl-C; problems, weights and mails are at {desk.HOME})")
        try:
            for changed in serve.watch(root, stop):
                _tell(preview.rebuild(changed), preview.problems)
        except KeyboardInterrupt:
            stop.set()
    return DONE


def _tell(report: Report | None, problems: tuple[Problem, ...]) -> None:
    show(problems)
    if report and not report.failed:
        print(report, flush=True)
