"""One normal form of every identifier: spellings of the same are equal, other people's differ."""

import pytest

from chalicelib.core.identifiers import EmailAddress, InvalidIdentifier, is_person_page, phone, profile_url


@pytest.mark.parametrize(
    "spelling",
    [
        "jan@erase.example",
        "JAN@Erase.Example.",
        "jan\u200b@erase.example",
        "\ufeffjan@erase.example",
        "jan\n@erase.example",
        "j\u00adan@era\u2060se.example",
        "\u202ejan@erase.example\u202c",
        "jan\ufe0f@erase.example",
        "jan\u3164@erase.example",
        "jan\u034f@erase.example",
        "ja\x00n@erase.example",
        "\U000e0020jan@erase.example",
        "ｊａｎ＠ｅｒａｓｅ．ｅｘａｍｐｌｅ",
        "jan@erase。example",
        "mailto:jan@erase.example",
        "j%61n@erase.example",
        " <jan@erase.example>\n",
        '"jan"@erase.example',
        "'jan@erase.example",
        "'jan@erase.example'",
        "“jan@erase.example”",
        "[jan@erase.example]",
        "`jan@erase.example`",
        "jan%40erase.example",
        "jan%0A@erase.example",
        "jan%E2%80%8B@erase.example",
        "j%2561n%2540erase.example",
        "jan&#8203@erase.example",
        "jan\u2800@erase.example",
        "jan\ufffc@era\uffffse.example",
        "ja\U0001fffen@erase.example",
    ],
)
def test_every_spelling_of_an_address_is_the_same_address(spelling: str) -> None:
    assert EmailAddress.parse(spelling).exact == "jan@erase.example"


@pytest.mark.parametrize(
    "other",
    [
        "jan\ue000@erase.example",
        "jan\u0378@erase.example",
        "jan%de@erase.example",
        "jan2@erase.example",
        "jan.@erase.example",
        "jan@erase.example\nx",
        "jan@xn--erase-.example",
    ],
)
def test_another_address_is_none_or_another(other: str) -> None:
    try:
        exact = EmailAddress.parse(other).exact
    except InvalidIdentifier:
        return
    assert exact != "jan@erase.example"


def test_names_of_domains_are_compared_as_a_labels() -> None:
    exact = {
        EmailAddress.parse(f"jan@{host}").exact
        for host in ("bücher.example", "BÜCHER.example", "xn--bcher-kva.example")
    }
    assert exact == {"jan@xn--bcher-kva.example"}


@pytest.mark.parametrize(
    ("written", "exact", "deliverable"),
    [
        ("aaa..bbb.cc@docomo.example", "aaa..bbb.cc@docomo.example", '"aaa..bbb.cc"@docomo.example'),
        ("Abc.@ezweb.example", "abc.@ezweb.example", '"Abc."@ezweb.example'),
        (".a-_b@ezweb.example", ".a-_b@ezweb.example", '".a-_b"@ezweb.example'),
        ('"a..b"@docomo.example', "a..b@docomo.example", '"a..b"@docomo.example'),
        ('"\\a.b"@docomo.example', "a.b@docomo.example", "a.b@docomo.example"),
        ('"John Doe"@x.example', '"john doe"@x.example', '"John Doe"@x.example'),
        ('"a@b"@x.example', '"a@b"@x.example', '"a@b"@x.example'),
        ('"a\\"b"@x.example', '"a\\"b"@x.example', '"a\\"b"@x.example'),
        ("jan@mail_1.bücher.example", None, None),
        ("jan@mail_1.x.example", "jan@mail_1.x.example", "jan@mail_1.x.example"),
        ("j/a=n?@x.example", "j/a=n?@x.example", "j/a=n?@x.example"),
        ("jan@bücher.example", "jan@xn--bcher-kva.example", "jan@xn--bcher-kva.example"),
        ("...@x.example", None, None),
        ('""@x.example', None, None),
        ('" "@x.example', None, None),
        ("john doe@x.example", None, None),
        ("jan@x..example", None, None),
        ("j\ufffdn@x.example", None, None),
    ],
)
def test_an_address_is_what_mail_is_delivered_to(written: str, exact: str | None, deliverable: str | None) -> None:
    if exact is None:
        with pytest.raises(InvalidIdentifier):
            EmailAddress.parse(written, historic=True)
        return
    address = EmailAddress.parse(written, historic=True)
    assert (address.exact, address.deliverable) == (exact, deliverable)
    assert (
        EmailAddress.parse(address.exact, historic=True).exact
        == EmailAddress.parse(address.deliverable, historic=True).exact
        == exact
    )
    assert EmailAddress.parse(address.text, historic=True).text == address.text


@pytest.mark.parametrize("written", ["bla.bla.@acme.example", ".bla@acme.example", "b..la@acme.example"])
def test_in_a_list_a_dot_too_many_is_a_slip(written: str) -> None:
    with pytest.raises(InvalidIdentifier):
        EmailAddress.parse(written)


@pytest.mark.parametrize(
    "spelling",
    [
        "https://www.linkedin.com/in/Anna-Keller/",
        "http://linkedin.com/in/anna-keller",
        "de.linkedin.com/in/anna-keller",
        "ca-fr.linkedin.com/in/anna-keller",
        "https://m.linkedin.com/in/anna-keller",
        "https://touch.www.linkedin.com/in/anna-keller",
        "https://www.linkedin.com/mwlite/in/anna-keller",
        "https://www.linkedin.com/comm/in/anna-keller?midToken=x",
        "https://www.linkedin.com/in/anna-keller/de",
        "https://www.linkedin.com/in/anna-keller/?locale=de_DE",
        "https://www.linkedin.com/in/anna-keller.",
        "https://www.linkedin.com/in/anna-keller),",
        "https://www.linkedin.com/in/anna-keller-",
        "https://www.linkedin.com/in/anna-keller--/",
        "linkedin.com/in/anna-keller\u2013",
        "https://www.linkedin.com/in/anna-keller%2D/de",
        "https://www.linkedin.com/in/anna-keller…",
        "https://linkedin.cn/in/anna-keller",
        "https://www.linkedin.cn/incareer/in/anna-keller",
        "https://www.linkedin.cn/injobs/in/anna-keller",
        "https://www.linkedin.com/in/anna%2Dkeller",
        "https://www.linkedin.com/in/anna%252Dkeller/",
        "https://www.linkedin.com/in/anna-keller%20",
        "//www.linkedin.com/in/anna-keller",
        "<https://www.linkedin.com/in/anna-keller>",
        "HTTPS://WWW.LINKEDIN.COM/IN/ANNA-KELLER",
        "https://www.linkedin.com//in//anna-keller//",
        "https://www.linkedin.com:443/in/anna-keller",
        "https://www.linkedin.com./in/anna-keller",
        "https://www.linkedin.com/in/anna-keller/details/experience/",
        "https://www.linkedin.com/in/anna-keller#about",
        "https://www.linkedin.com/in/\u200banna-keller",
        "https://www.linkedin.com/in/anna-keller/overlay/contact-info",
        "(https://www.linkedin.com/in/anna-keller)",
        "https://www.linkedin.com/in/anna-keller&trk=people",
        "https://www.linkedin.com/in/anna-keller%3Ftrk%3Dpeople",
        "https://www.linkedin.com/in/anna-keller;jsessionid=1",
        "https://www.linkedin.com/in/anna-keller’s",
        "https://www.linkedin.com/in/anna‐keller",
        "https://www.linkedin.com/in/anna–keller",
        "https://www.linkedin.com/public-profile/in/anna-keller?challengeId=x",
        "https://www.linkedin.com/mwlite/profile/in/anna-keller",
    ],
)
def test_every_way_to_a_profile_is_the_same_profile(spelling: str) -> None:
    assert profile_url(spelling) == "https://linkedin.com/in/anna-keller"


@pytest.mark.parametrize(
    ("url", "form", "person"),
    [
        ("https://www.linkedin.com/in/anná", "https://linkedin.com/in/anná", True),
        ("https://www.linkedin.com/in/ann%C3%A1/", "https://linkedin.com/in/anná", True),
        ("https://www.linkedin.com/pub/anna-keller/4/5b2/1A2", "https://linkedin.com/pub/anna-keller/4/5b2/1a2", True),
        ("https://www.linkedin.com/pub/anna-keller/4/5b2/1a3", "https://linkedin.com/pub/anna-keller/4/5b2/1a3", True),
        ("https://www.linkedin.com/pub/dir/anna/keller", "https://linkedin.com/pub/dir/anna/keller", False),
        ("https://www.linkedin.com/in/unavailable", "https://linkedin.com/in/unavailable", False),
        ("https://www.linkedin.com/company/nordwerk", "https://linkedin.com/company/nordwerk", False),
        ("https://xing.com/profile/Anna_Keller/cv", "https://xing.com/profile/anna_keller", True),
        ("https://twitter.com/@AnnaK", "https://x.com/annak", True),
        ("https://x.com/annak/status/1", "https://x.com/annak/status/1", False),
        ("https://github.com/annak/project", "https://github.com/annak/project", False),
        ("https://www.facebook.com/profile.php?id=100&x=1", "https://facebook.com/profile.php?id=100", True),
        ("https://fb.com/anna.keller", "https://facebook.com/annakeller", True),
        ("https://www.CRM.example/contact/?id=1", "https://crm.example/contact?id=1", False),
        ("https://crm.example/app#/contacts/5", "https://crm.example/app#/contacts/5", False),
        ("crm.example/a%3Fb?c=D#e", "https://crm.example/a%3Fb?c=D#e", False),
        ("https://www.linkedin.com/company/nordwerk?trk=x#about", "https://linkedin.com/company/nordwerk", False),
        ("https://x.example/team", "https://x.example/team", False),
    ],
)
def test_only_a_persons_own_page_says_who_somebody_is(url: str, form: str, person: bool) -> None:
    assert profile_url(url) == form
    assert is_person_page(form) is person
    assert profile_url(form) == form


@pytest.mark.parametrize(
    "spelling",
    [
        "+49 30 123456",
        "tel:+49-30-123456",
        "tel:+49-30-123456;ext=12",
        "(+49) 30 123456",
        "'+49 30 123456",
        '="+4930123456"',
        "0049 30 123456",
        "00 49 30 123456",
        "011 49 30 123456",
        "\u202a+49 30 123456\u202c",
        "+49 (0)30 123456",
        "+49.30.123456",
        "＋４９ ３０ １２３４５６",
        "٠٠٤٩ ٣٠ ١٢٣٤٥٦",
        "+49 30 123456 (mobil)",
        "+49 30 123456 work",
        "+49 30 123456 ext. 12",
        "+49 30 123456x12",
        "Tel.: +49 30 123456",
        "T +49 30 123456",
        "Büro: 0049 30 123456",
        "https://wa.me/4930123456",
        "https://api.whatsapp.com/send?phone=4930123456",
        "+49_30_123456",
        "+49 · 30 · 123456",
    ],
)
def test_every_spelling_of_a_number_is_the_same_number(spelling: str) -> None:
    assert phone(spelling) == "+4930123456"


@pytest.mark.parametrize(
    "slug", ["null", "undefined", "n-a", "N/A", "None", "nan", "your-name", "username", "LinkedIn-Member"]
)
@pytest.mark.parametrize("page", ["https://www.linkedin.com/in/{}", "https://xing.com/profile/{}", "https://x.com/{}"])
def test_a_placeholder_is_nobodys_page(page: str, slug: str) -> None:
    try:
        url = profile_url(page.format(slug))
    except InvalidIdentifier:
        return
    assert not is_person_page(url)


def test_a_number_without_its_country_stays_national() -> None:
    assert phone("030 123456") == "030123456"
    assert phone("01123456789") == "01123456789"
    assert phone("030 123456", "DE") == "+4930123456"


def test_letters_are_keys_where_the_number_needs_them() -> None:
    assert phone("+1 (800) 555-CATS") == "+18005552287"
    assert phone("+1 212 555 0123 cell") == "+12125550123"


@pytest.mark.parametrize(
    "text", ["4.91701E+11", "4,91701e+11", "1234", "030 123@x.example", "030123%40x.example", "", "\u200b"]
)
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(InvalidIdentifier):
        phone(text)


def test_an_at_sign_alone_makes_no_address_of_a_url() -> None:
    assert profile_url("https://social.example/@anna.keller") == "https://social.example/@anna.keller"


@pytest.mark.parametrize(
    "page",
    ["x.com/tos", "x.com/privacy", "x.com/jobs", "facebook.com/help", "facebook.com/login.php", "instagram.com/about"],
)
def test_a_networks_own_page_is_nobodys(page: str) -> None:
    assert not is_person_page(profile_url(page))


def test_a_hyphen_behind_a_name_is_none_of_it_but_where_accounts_have_one() -> None:
    assert profile_url("https://www.xing.com/profile/Anna_Keller-") == "https://xing.com/profile/anna_keller"
    assert profile_url("https://bsky.app/profile/anna.example-") == "https://bsky.app/profile/anna.example"
    assert profile_url("https://github.com/anna-") != profile_url("https://github.com/anna")
    assert profile_url("https://linkedin.com/in/anna-keller-1") != profile_url("https://linkedin.com/in/anna-keller")
    with pytest.raises(InvalidIdentifier):
        profile_url("https://www.linkedin.com/in/-")
