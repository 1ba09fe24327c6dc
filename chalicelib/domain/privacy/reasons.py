"""Why our officer decides as it does: closed lists, so that a refusal always has its article, and the journal nobody's words."""

from enum import StrEnum

from chalicelib.domain.privacy.states import RightKind


class Decision(StrEnum):
    """VERIFIED: whoever wrote is the person: an erasure goes its steps, other rights wait for their answer. NEEDS_MORE: the
    person is asked, and the clock stands meanwhile. REFUSED: with the reason, and where to complain.
    NO_REQUEST: nothing is asked of us; it ends without a mail."""

    VERIFIED = "verified"
    NEEDS_MORE = "needs_more"
    REFUSED = "refused"
    NO_REQUEST = "no_request"


class Opening(StrEnum):
    """Why a request is opened."""

    READ = "read"
    DECIDE = "decide"
    COMPLAINT = "complaint"
    AUTHORITY = "authority"  # a data protection authority asks


class Proof(StrEnum):
    """How our officer knows that whoever wrote is the person."""

    WROTE_FROM_ADDRESS = "wrote_from_address"
    ANSWERED_OUR_MAIL = "answered_our_mail"
    OTHER_PROOF = "other_proof"


class Question(StrEnum):
    """What the person is asked: the catalogues have its words."""

    IDENTITY = "identity"
    UNCLEAR = "unclear"
    WHICH_DATA = "which_data"
    ABOUT_WHOM = "about_whom"


class Refusal(StrEnum):
    """Why a right is refused: the catalogues have its words, with the article of the GDPR. No machine chooses one."""

    IDENTITY_UNPROVEN = "identity_unproven"
    NO_AUTHORITY = "no_authority"
    MANIFESTLY_UNFOUNDED = "manifestly_unfounded"
    EXCESSIVE = "excessive"
    OTHERS_RIGHTS = "others_rights"
    LEGAL_OBLIGATION = "legal_obligation"
    LEGAL_CLAIMS = "legal_claims"
    COMPELLING_GROUNDS = "compelling_grounds"
    ACCURATE = "accurate"
    NOT_APPLICABLE = "not_applicable"

    def fits(self, kind: RightKind) -> bool:
        """Return whether the law lets a right of that kind be refused for it."""
        only = _ONLY_FOR.get(self)
        return only is None or kind.value in only


class NoRequest(StrEnum):
    """Why what came is no request."""

    SPAM = "spam"
    MISDIRECTED = "misdirected"  # for somebody else, or for another firm
    NOTHING_ASKED = "nothing_asked"  # of us, about anybody's data


class Extension(StrEnum):
    """Why the answer takes two months more (article 12(3)): the catalogues have its words."""

    COMPLEXITY = "complexity"
    NUMBER = "number"


REASONS: dict[Decision, type[StrEnum]] = {
    Decision.VERIFIED: Proof,
    Decision.NEEDS_MORE: Question,
    Decision.REFUSED: Refusal,
    Decision.NO_REQUEST: NoRequest,
}
_ONLY_FOR: dict[Refusal, frozenset[str]] = {
    Refusal.OTHERS_RIGHTS: frozenset({"access", "source", "portability"}),  # art. 15(4), 20(4)
    Refusal.LEGAL_OBLIGATION: frozenset({"erasure"}),  # art. 17(3)(b)
    Refusal.LEGAL_CLAIMS: frozenset({"erasure", "objection"}),  # art. 17(3)(e), 21(1)
    Refusal.COMPELLING_GROUNDS: frozenset({"objection"}),  # art. 21(1)
    Refusal.ACCURATE: frozenset({"rectification"}),  # art. 16
    Refusal.NOT_APPLICABLE: frozenset(
        {"erasure", "restriction", "portability", "automated_decisions"}
    ),  # art. 17(1), 18(1), 20(1), 22(1)
}
