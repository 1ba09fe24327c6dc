"""Breaks of what keeps the officer's desk the officer's, its words out of reach, and its list short in a flood."""

from tests.breaks.replacement import Break

_DESK = "tests/flows/test_desk.py"
_SESSIONS = "tests/flows/test_desk_sessions.py"
_WALK = "tests/flows/test_walk.py"
_PARTS = "tests/flows/test_officer_parts.py"
_FLOODS = "tests/flows/test_floods.py"
_SESSION = "chalicelib/api/desk/session.py"
_OIDC = "chalicelib/api/desk/oidc.py"

OFFICERS_DESK = (
    Break(
        "P13",
        "chalicelib/api/desk/frame.py",
        'written = _written(call) if ours else ""',
        "written = _written(call)",
        f"{_DESK}::test_what_was_written_past_the_sessions_end_is_shown_with_the_sign_in",
    ),
    Break(
        "P12",
        "chalicelib/domain/privacy/officer.py",
        "    if file.request.intake is Intake.VERIFIED or any(",
        "    if any(",
        "tests/flows/test_no_request.py::test_whoever_is_proved_is_answered",
    ),
    Break(
        "P13",
        "chalicelib/api/desk/frame.py",
        'if call.endpoint.method == "POST" and not session.is_of(',
        'if call.endpoint.method == "PUT" and not session.is_of(',
        f"{_DESK}::test_a_form_that_the_session_did_not_get_does_nothing",
    ),
    Break(
        "P13",
        _SESSION,
        'return f"officer-session/{oidc.issuer}/{oidc.officer_audience}"',
        'return f"officer-session/{oidc.issuer}"',
        f"{_SESSIONS}::test_a_session_ends_by_time_and_is_of_its_audience",
    ),
    Break(
        "P13",
        _SESSION,
        "if found is None or found.ends <= clock.epoch():",
        "if found is None:",
        f"{_SESSIONS}::test_a_session_ends_by_time_and_is_of_its_audience",
    ),
    Break(
        "P13",
        _SESSION,
        "return None if desk_sessions.ended(found.id) else found",
        "return found",
        f"{_SESSIONS}::test_signing_out_ends_every_copy_of_the_cookie_and_no_other_session",
    ),
    Break(
        "P13",
        _SESSION,
        '_KNOWN_S, "Strict")',
        '_KNOWN_S, "Lax")',
        f"{_DESK}::test_the_sign_in_is_a_code_with_pkce_and_its_cookie_goes_with_no_foreign_link",
    ),
    Break(
        "P13",
        "chalicelib/api/desk/sign_in.py",
        'if kept is None or not oidc.is_answer_to(kept, sent.get("state", "")):',
        "if kept is None:",
        f"{_DESK}::test_a_sign_in_that_was_begun_elsewhere_or_refused_signs_nobody_in",
    ),
    Break(
        "P13",
        _OIDC,
        'if not hmac.compare_digest(str(signed_in.get("nonce", "")).encode(), str(kept["nonce"]).encode()):',
        "if not signed_in:",
        f"{_DESK}::test_an_id_token_of_another_sign_in_or_for_another_client_is_refused",
    ),
    Break(
        "P13",
        "chalicelib/domain/privacy/splitting.py",
        "unproven = Origin(way=Way.UNPROVEN, digest=file.request.origin.digest)",
        "unproven = file.request.origin",
        f"{_PARTS}::test_what_a_letter_asks_for_another_person_is_a_request_of_that_person",
    ),
    Break(
        "P13",
        "chalicelib/domain/privacy/intake.py",
        'return "#".join([way, self.language, how, ',
        'return "#".join([self.language, how, ',
        f"{_FLOODS}::test_what_joins_adds_its_words_and_asks_for_nothing_more",
    ),
    Break(
        "P13",
        "chalicelib/domain/privacy/joining.py",
        'del request.mails["first"]',
        "pass",
        f"{_FLOODS}::test_a_letter_that_joined_is_answered_anew_and_only_by_a_later_mail",
    ),
    Break(
        "P13",
        "chalicelib/domain/privacy/answering.py",
        'page = mails.link_for(record, request, 0, clock.now(), page="requests")',
        'page = mails.link_for(record, request, 0, clock.now() + _REMEMBERED, page="requests")',
        "tests/flows/test_request_status.py::test_that_link_proves_no_address_and_begins_nothing",
    ),
)
