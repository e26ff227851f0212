"""Templates: what is compiled once is not compiled again, and never taken for another."""

from generator.templates import Renderer, Template, Templates


def rendered(text: str, compiled: dict[str, bytes]) -> str:
    return Renderer(Templates({"a.html": Template(text, "templates/a.html")}, {}), compiled).render("a.html", view=1)


def test_a_compiled_template_is_kept_by_whoever_renders() -> None:
    compiled: dict[str, bytes] = {}
    first = rendered("A {{ view }}", compiled)
    kept = dict(compiled)

    again = rendered("A {{ view }} ", kept)

    assert (first, len(compiled)) == ("A 1", 1)
    assert again == "A 1 "
    assert kept.keys() == compiled.keys()
    assert kept != compiled


def test_a_torn_compiled_template_is_compiled_anew() -> None:
    compiled: dict[str, bytes] = {}
    rendered("B {{ view }}", compiled)
    torn = dict.fromkeys(compiled, b"")

    assert rendered("B {{ view }}  ", torn) == "B 1  "
