"""Domains: which are a mail provider's that is open to all, and which one somebody registered."""

# Where anybody can have a mailbox, and nobody can write from another's with DMARC PASS. Whoever is missing here has the limit of
# one domain for all of its mailboxes: its mails wait longer on a busy day.
OPEN_TO_ALL = frozenset(
    [
        *(
            "gmail.com",
            "outlook.com",
            "hotmail.com",
            "live.com",
            "msn.com",
            "icloud.com",
            "me.com",
            "mac.com",
            "aol.com",
        ),
        *(
            "hotmail.fr",
            "hotmail.de",
            "hotmail.it",
            "hotmail.es",
            "hotmail.co.uk",
            "live.fr",
            "live.co.uk",
            "outlook.fr",
        ),
        *("yahoo.com", "yahoo.fr", "yahoo.de", "yahoo.es", "yahoo.it", "yahoo.co.uk", "yahoo.co.jp", "yahoo.co.in"),
        *(
            "ymail.com",
            "proton.me",
            "protonmail.com",
            "pm.me",
            "fastmail.com",
            "zoho.com",
            "gmx.com",
            "mail.com",
            "tutanota.com",
        ),
        *("gmx.de", "gmx.net", "gmx.at", "gmx.ch", "web.de", "t-online.de", "freenet.de", "posteo.de", "bluewin.ch"),
        *(
            "orange.fr",
            "wanadoo.fr",
            "free.fr",
            "sfr.fr",
            "laposte.net",
            "bbox.fr",
            "neuf.fr",
            "skynet.be",
            "telenet.be",
        ),
        *("libero.it", "virgilio.it", "tiscali.it", "alice.it", "telefonica.net", "sapo.pt", "ziggo.nl", "kpnmail.nl"),
        *("mail.ru", "yandex.ru", "ya.ru", "wp.pl", "o2.pl", "onet.pl", "seznam.cz", "centrum.cz", "abv.bg", "ukr.net"),
        *("btinternet.com", "sky.com", "comcast.net", "verizon.net", "att.net", "cox.net", "bigpond.com", "rogers.com"),
        *(
            "qq.com",
            "163.com",
            "126.com",
            "sina.com",
            "naver.com",
            "daum.net",
            "hanmail.net",
            "docomo.ne.jp",
            "ezweb.ne.jp",
        ),
        *("softbank.ne.jp", "i.softbank.jp", "rediffmail.com", "uol.com.br", "bol.com.br", "terra.com.br"),
    ]
)
_SHORT = 3  # letters: co.uk, com.au, ne.jp


def above(domain: str) -> str:
    """Return the domain that somebody registered, by its form: two labels, three where a short one stands before a country's.

    Taken for one where two had to be told apart, they share a limit: mails wait, none is lost.
    """
    labels = domain.split(".")
    kept = 3 if len(labels[-1]) == 2 and len(labels[-2]) <= _SHORT else 2  # noqa: PLR2004 - a country's code
    return ".".join(labels[-kept:])
