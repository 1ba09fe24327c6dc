"""URLs of pages in one form: the same page's are equal, another's differ."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.identifiers import InvalidIdentifier, is_person_page, profile_url


@pytest.mark.parametrize(
    "same",
    [
        (
            "https://crm.example/?id=1",
            "crm.example?id=1",
            "HTTP://www.crm.example//?id=1.",
            "https://crm.example/?%69d=1",
        ),
        ("https://crm.example/#/people/3", "crm.example#/people/3", "<https://crm.example/#/people/%33>"),
        ("https://crm.example/app/#!/p/ä", "https://crm.example/app#!/p/%c3%a4", "https://crm.example/app#!/p/a%CC%88"),
        ("https://crm.example/a%2fb", "https://crm.example/a%2Fb/"),
        ("https://crm.example/my%20page", "https://crm.example/m%79%20page"),
        ("https://crm.example/a%FFb", "https://crm.example/a%ffb"),
    ],
)
def test_a_page_is_the_same_in_each_way_to_write_it(same: tuple[str, ...]) -> None:
    assert len({profile_url(each) for each in same}) == 1


def test_pages_that_differ_in_any_part_are_different_links() -> None:
    parts = ["", "?id=1", "?id=2", "#/people/3", "#/people/4", "a", "a?b=c", "a%3Fb=c", "a#b", "a%23b", "a/b", "a%2Fb"]
    parts += ["a%2523b", "?a=b&c=d", "?a=b%26c=d", "?a=b+c", "?a=b%2Bc", "a%25b"]
    assert len({profile_url(f"https://crm.example/{part}") for part in parts[1:]}) == len(parts) - 1
    for bare in (
        "https://crm.example/",
        "crm.example",
        "https://crm.example/?",
        "https://crm.example/#",
        "crm.example/?#",
    ):
        with pytest.raises(InvalidIdentifier):
            profile_url(bare)


@given(st.text("aB/?#&=%24fFcC3äé.,;:~_-!(')", max_size=20))
def test_the_one_form_of_a_link_is_its_own(rest: str) -> None:
    for host in ("crm.example", "linkedin.com/in", "x.com", "github.com"):
        try:
            form = profile_url(f"https://{host}/{rest}")
        except InvalidIdentifier:
            continue
        if is_person_page(form) or host == "crm.example":
            assert profile_url(form) == form


def test_an_underscore_ends_names_where_accounts_may_have_one() -> None:
    for host in ("x.com", "instagram.com"):
        assert profile_url(f"https://{host}/anna_") != profile_url(f"https://{host}/anna")
        assert profile_url(f"_https://www.{host}/anna_") == profile_url(f"{host}/anna.")
    assert profile_url("https://linkedin.com/in/anna-keller_") == "https://linkedin.com/in/anna-keller"
