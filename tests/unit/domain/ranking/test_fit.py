"""Fit: what it learns of a population with a known structure, and that it says nothing of one without."""

from dataclasses import replace

import pytest

from chalicelib.domain.ranking import features, fit, titles
from chalicelib.domain.ranking.calibration import calibrated
from chalicelib.domain.ranking.features import Feature, Firm
from tests.evaluate import look_alike


def firm(number: int, *, is_client: bool, **profile: str) -> Firm:
    known = {Feature(name): {value: 1.0} for name, value in profile.items()}
    return Firm(f"com_{number}", f"Firm {number}", mine=True, is_client=is_client, profile=known)


def firms(clients: int = 6, others: int = 18) -> list[Firm]:
    """Clients in software, others elsewhere."""
    found = [firm(number, is_client=True, industry="software", country="DE") for number in range(clients)]
    elsewhere = ("food", "retail", "mining")
    return found + [
        firm(100 + number, is_client=False, industry=elsewhere[number % 3], country="DE") for number in range(others)
    ]


def test_fewer_than_five_clients_teach_nothing() -> None:
    assert fit.learned(firms(clients=4)) is None
    assert fit.learned(firms(others=0)) is None
    assert fit.learned(firms(clients=5)) is not None


def test_the_order_of_companies_changes_nothing() -> None:
    every = firms()
    one, other = fit.learned(every), fit.learned(every[::-1])
    assert one is not None
    assert other is not None
    prospect = firm(999, is_client=False, industry="software")
    assert one.contributions(prospect) == other.contributions(prospect)


def test_what_all_have_in_common_and_what_is_rare_say_nothing() -> None:
    model = fit.learned([*firms(), firm(200, is_client=True, industry="rare")])
    assert model is not None
    prospect = firm(999, is_client=False, industry="software", country="DE")
    (found,) = model.contributions(prospect)
    assert (found.feature, found.value, len(found.taught_by)) == (Feature.INDUSTRY, "software", 6)
    assert model.bits(prospect) == pytest.approx(found.weight)
    assert model.contributions(firm(998, is_client=False, industry="rare")) == []
    best = model.best_value(Feature.INDUSTRY)
    assert best is not None
    assert best[0] == "software"
    assert best[1] == pytest.approx(found.weight, rel=0.2)


def test_a_company_does_not_speak_for_itself() -> None:
    model = fit.learned([*firms(), firm(300, is_client=False, industry="software")])
    assert model is not None
    inside = model.bits(firm(300, is_client=False, industry="software"))
    unlike = [replace(each, is_client=False) for each in firms()[:1]]
    assert inside > model.bits(unlike[0]) - 1e-9
    assert fit.score_of(0) == 50
    assert fit.score_of(fit.bits_of(73.0)) == pytest.approx(73.0)


def test_hidden_clients_come_back_sooner_than_by_chance_industry_or_neighbours() -> None:
    found = look_alike.measured(look_alike.EFFECTS, rounds=3).shares
    assert found["fit"] > found["chance"] * 3
    assert found["fit"] > found["same industry"]
    assert found["fit"] > found["10 nearest"]


def test_no_fit_is_made_up_where_there_is_no_structure() -> None:
    bits = look_alike.measured({}, rounds=12, peers=False).bits
    assert sorted(bits)[len(bits) // 2] == 0.0, "of most populations it says nothing at all"
    assert max(bits) < 1.0


def test_a_calibration_is_flat_where_scores_tell_nothing_and_never_turned_round() -> None:
    same = [(float(number % 7) - 3, number % 14 < 2) for number in range(700)]
    assert calibrated([(score, score > 0) for score, _ in same]).slope == 1.0
    turned = calibrated([(score, score < 0) for score, _ in same])
    assert turned.slope == 0.0
    assert turned.probability(5.0) == pytest.approx(3 / 7, abs=0.01)


@pytest.mark.parametrize(
    ("size", "band"),
    [
        (1, "1-10"),
        (10, "1-10"),
        (11, "11-50"),
        ("11-50", "11-50"),
        ("51–200 employees", "51-200"),
        ("1.001 - 5.000", "1001-5000"),
        ("500+", "201-1000"),
        ("5000+", "5001+"),
        (0, "1-10"),
        ("many", ""),
    ],
)
def test_sizes_fall_into_bands(size: int | str, band: str) -> None:
    assert features.band(size) == band


@pytest.mark.parametrize(
    ("title", "function"),
    [
        ("CTO", "technology"),
        ("Head of Procurement", "purchasing"),
        ("Leiterin Einkauf", "purchasing"),
        ("Directrice des Ventes", "sales"),
        ("Geschäftsführer", "management"),
        ("Responsabile Acquisti", "purchasing"),
        ("Intern", None),
        ("Recruiter", "people"),
        ("", None),
    ],
)
def test_titles_say_what_somebody_does(title: str, function: str | None) -> None:
    assert titles.function_of(title) == function
