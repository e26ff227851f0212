"""What was measured becomes a table: samples enter, medians, ratios, Markdown and JSON leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from bench.measure import Usage
from bench.sameness import Size

STEPS: Mapping[str, str] = {
    "cold": "cold",
    "unchanged": "nothing changed",
    "day": "+ a day of 50",
    "edit": "one abstract",
}
BASE = ("hugo", "cold")

Samples = Mapping[tuple[str, str], Sequence[Usage]]  # by contender and step, in the order of the rounds


@dataclass(frozen=True, slots=True)
class Target:
    """A ratio to Hugo's cold build that performance.md asks for."""

    contender: str
    step: str
    measure: str  # a field of Usage
    most: Mapping[int, float]  # by number of papers


TARGETS = (
    Target("broadsheet", "cold", "cpu_s", {10_000: 0.60, 100_000: 0.60}),
    Target("broadsheet", "cold", "wall_s", {10_000: 0.50, 100_000: 0.45}),
    Target("broadsheet", "cold", "peak_mb", {10_000: 0.3, 100_000: 0.25}),
    Target("broadsheet-all", "cold", "cpu_s", {10_000: 2, 100_000: 2.5}),
    Target("broadsheet-all", "cold", "peak_mb", {10_000: 0.8, 100_000: 0.5}),
    Target("broadsheet-all", "unchanged", "cpu_s", {10_000: 0.005, 100_000: 0.003}),
    Target("broadsheet-all", "day", "cpu_s", {10_000: 0.04, 100_000: 0.012}),
    Target("broadsheet-all", "edit", "cpu_s", {10_000: 0.02, 100_000: 0.006}),
)
_MEASURES = {"cpu_s": "CPU", "wall_s": "wall", "peak_mb": "peak memory"}


def medians(samples: Samples) -> dict[tuple[str, str], Usage]:
    """Return the median of each measure, each taken by itself."""
    return {
        key: Usage(
            round(median(used.cpu_s for used in all_used), 3),
            round(median(used.wall_s for used in all_used), 3),
            round(median(used.peak_mb for used in all_used), 1),
        )
        for key, all_used in samples.items()
        if all_used
    }


def ratio(value: float, base: float) -> float:
    """Return a ratio with three significant digits."""
    return float(f"{value / base:.3g}") if base else 0.0


def markdown(number: int, names: Sequence[str], samples: Samples, sizes: Mapping[str, Size], facts: Mapping[str, str]) -> str:
    """Return the tables of one number of papers."""
    found = medians(samples)
    base = found.get(BASE)
    lines = [f"# {number:,} papers", "", *(f"- {name}: {value}" for name, value in facts.items()), ""]
    lines += ["CPU seconds of the whole process tree, wall seconds in brackets; medians. Peak memory in MB, of the cold build.", ""]
    lines += _row("tool", *STEPS.values(), "peak", "repeats"), _row(*["---"] * (len(STEPS) + 3))
    for name in names:
        cold = found.get((name, "cold"))
        repeats = "/".join(str(len(samples.get((name, step), ()))) for step in STEPS)
        cells = (f"{used.cpu_s:.2f} ({used.wall_s:.2f})" if (used := found.get((name, step))) else "–" for step in STEPS)
        lines.append(_row(name, *cells, f"{cold.peak_mb:.0f}" if cold else "–", repeats))
    if base:
        lines += ["", "The same as ratios to Hugo's cold build.", ""]
        lines += _row("tool", *STEPS.values(), "peak"), _row(*["---"] * (len(STEPS) + 2))
        for name in names:
            cold = found.get((name, "cold"))
            ratios = (
                f"{ratio(used.cpu_s, base.cpu_s):g} ({ratio(used.wall_s, base.wall_s):g})" if (used := found.get((name, step))) else "–"
                for step in STEPS
            )
            lines.append(_row(name, *ratios, f"{ratio(cold.peak_mb, base.peak_mb):g}" if cold else "–"))
    checked = targets(number, found)
    if checked:
        lines += ["", "| target, as a ratio to Hugo's cold build | at most | measured | |", "|---|---|---|---|"]
        lines += (
            _row(str(each["what"]), f"{each['most']:g}", f"{each['measured']:g}", "met" if each["met"] else "missed") for each in checked
        )
    lines += ["", _row("tool", "files", "MB", "bytes of a paper's page", "bytes of a day's page"), _row(*["---"] * 5)]
    lines += (
        _row(name, f"{size.files:,}", f"{size.megabytes:,}", f"{size.paper_page_bytes:,}", f"{size.digest_page_bytes:,}")
        for name, size in sizes.items()
    )
    return "\n".join(lines) + "\n"


def targets(number: int, found: Mapping[tuple[str, str], Usage]) -> list[dict[str, object]]:
    """Return the targets for this number of papers and what was measured."""
    base = found.get(BASE)
    checked: list[dict[str, object]] = []
    for target in TARGETS:
        used = found.get((target.contender, target.step))
        if base and used and number in target.most:
            measured = ratio(getattr(used, target.measure), getattr(base, target.measure))
            what = f"{target.contender}, {STEPS[target.step]}: {_MEASURES[target.measure]}"
            checked.append({"what": what, "most": target.most[number], "measured": measured, "met": measured <= target.most[number]})
    return checked


def record(number: int, samples: Samples, sizes: Mapping[str, Size], facts: Mapping[str, str]) -> dict[str, object]:
    """Return everything measured, for programs."""
    found = medians(samples)
    base = found.get(BASE)
    measures = tuple(_MEASURES)
    builds = [
        {
            "contender": name,
            "step": step,
            "samples": [{measure: getattr(used, measure) for measure in measures} for used in samples[name, step]],
            "median": {measure: getattr(used, measure) for measure in measures},
            "ratio": {measure: ratio(getattr(used, measure), getattr(base, measure)) for measure in measures} if base else None,
        }
        for (name, step), used in found.items()
    ]
    shown = {name: {field: getattr(size, field) for field in size.__slots__} for name, size in sizes.items()}
    return {"papers": number, "facts": dict(facts), "builds": builds, "targets": targets(number, found), "sizes": shown}


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
