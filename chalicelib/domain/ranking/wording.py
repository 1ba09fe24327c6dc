"""The sentences of a ranking in the member's language."""

from collections.abc import Mapping

from chalicelib.domain.ranking.features import Feature
from chalicelib.domain.ranking.model import Reason
from chalicelib.texts import render


def said(reason: Reason, language: str, *, names: bool = True) -> str:
    """Return the sentence of a reason; without `names`, no person's name and no free text stands in it."""
    values = dict(reason.values)
    if reason.text in ("fit_more", "fit_less"):
        values |= {"feature": render.word("feature", reason.feature, language), "like": _listed(values, language)}
        values["value"] = value_said(reason.feature, values["value"], language)
    if reason.text == "path_own" and not (names and values["contact"]):
        return render.sentence("path_own_unnamed", language, strength=values["strength"])
    if reason.text == "path_someone":
        values["band"] = render.word("band", values["band"], language)
    if reason.text == "signal":
        values["event"] = render.word("event", reason.feature, language)
        if not names:
            return render.sentence("signal_unsourced", language, event=values["event"], days=values["days"])
    return render.sentence(reason.text, language, **values)


def move_said(text: str, values: Mapping[str, str], language: str) -> str:
    """Return the sentence of what would move a prospect up."""
    told = dict(values)
    if feature := told.get("feature"):
        told["value"] = value_said(feature, told["value"], language)
        told["feature"] = render.word("feature", feature, language)
    return render.sentence(text, language, **told)


def value_said(feature: str, value: str, language: str) -> str:
    """Return a value of a feature as people write it."""
    if feature == Feature.TITLES:
        return render.word("function", value, language)
    return f".{value}" if feature == Feature.DOMAIN else value


def _listed(values: dict[str, str], language: str) -> str:
    """The clients that taught it, and whose they are."""
    names = values["like"].split("\n")
    both = names[0] if len(names) == 1 else render.sentence("both", language, one=names[0], other=names[1])
    whose = "clients_own" if values["whose"] == "own" else "clients_team"
    return render.sentence(whose, language, clients=both) if names[0] else ""
