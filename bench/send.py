"""What a mail costs: an edition to many recipients through a server on loopback, in CPU of our own process and in memory.

.venv/bin/python -m bench.send --recipients 10000 [--dkim]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.mailserver import mail_server
from tests.mailsite import TODAY, mail_site
from tests.test_send import rsa_key

PAPERS = 40


def main() -> None:
    """Measure, and print one line of JSON."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--recipients", type=int, default=10_000)
    arguments.add_argument("--dkim", action="store_true", help="sign each message with a key of 2048 bits")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder, mail_server(keep=False) as (port, box):
        site = mail_site(Path(folder), port)
        for n in range(PAPERS):
            site.site.write(
                f"papers/p{n}.md", f"title: Paper {n}\nlisted_on: {TODAY}\n\n{'What it says in a sentence of some length. ' * 20}"
            )
        if options.dkim:
            site.environment["BROADSHEET_DKIM_KEY"] = str(rsa_key(Path(folder) / "bench.pem"))
        figures = {}
        for count in (1, options.recipients):
            for path in site.ledger.parent.glob("ledger*"):
                path.unlink()
            site.marker().unlink(missing_ok=True)
            site.subscribe(*(f"n{i}@example.org" for i in range(count)))
            figures[count] = spent(site.arguments("--yes", "--json"), site.environment)
        cpu_s, wall_s, peak_bytes = figures[options.recipients]
        each_ms = (cpu_s - figures[1][0]) / max(1, options.recipients - 1) * 1000
        shown = {
            "recipients": options.recipients,
            "dkim": options.dkim,
            "message_bytes": box.last_bytes,
            "cpu_ms_each": round(each_ms, 3),
            "wall_s": round(wall_s, 1),
            "peak_mb": round(peak_bytes / 1e6, 1),
            "peak_mb_of_one": round(figures[1][2] / 1e6, 1),
        }
        print(json.dumps(shown))


def spent(arguments: list[str], environment: dict[str, str]) -> tuple[float, float, float]:
    """Run `broadsheet` with arguments, and return its CPU and clock seconds and the most memory it had."""
    started = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "generator", *arguments], env={**os.environ, **environment}, stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0
    return usage.ru_utime + usage.ru_stime, time.monotonic() - started, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    main()
