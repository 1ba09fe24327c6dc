"""Breaks of what a provider's refusal ends, and when; and of what a member's word lets go."""

from tests.breaks.replacement import Break

_READS = "tests/flows/test_refused_reads.py"
_CONFIRMED = "tests/flows/test_brake_confirmed.py"

REFUSALS = (
    Break(
        "P15",
        "chalicelib/domain/connections/held.py",
        "if not {*_claims(said)} <= {*held_now}:",
        "if False:",
        f"{_CONFIRMED}::test_a_call_that_comes_late_covers_nothing_that_is_held_since",
    ),
    Break(
        "P7",
        "chalicelib/connectors/google/transport.py",
        "                raise NotPermitted(StreamReason.SESSION_REFUSED)\n",
        "                raise ProviderDown(PROVIDER, sent=False)\n",
        f"{_READS}::test_tokens_of_the_moment_that_are_refused_for_a_day_are_told_once[google]",
    ),
    Break(
        "P7",
        "chalicelib/domain/connections/tokens.py",
        "raise NotPermitted(StreamReason.SESSION_REFUSED)",
        "raise GrantEnded",
        f"{_READS}::test_neither_does_a_token_that_nothing_replaces[linkedin]",
    ),
    Break(
        "P7",
        "chalicelib/domain/sync/belief.py",
        "return _SESSION if renewable and",
        "return _READING if renewable and",
        f"{_READS}::test_tokens_of_the_moment_that_are_refused_for_a_day_are_told_once[google]",
    ),
    Break(
        "P15",
        "chalicelib/domain/connections/held.py",
        "now.last_full_at < payload.held_before + _MEANT_FOR",
        "True",
        f"{_CONFIRMED}::test_what_was_held_long_ago_asks_no_more_what_was_seen",
    ),
    Break(
        "P7",
        "chalicelib/connectors/social/linkedin.py",
        "_REASONS = {_UNAUTHORIZED: StreamReason.SESSION_REFUSED, 403:",
        "_REASONS = {403:",
        "tests/contract/test_social.py::test_a_token_of_this_moment_that_is_refused_is_no_end_of_a_consent",
    ),
    Break(
        "P7",
        "chalicelib/domain/connections/tokens.py",
        "raise RefreshRefused(str(self._known().provider), sent=False)",
        "raise ProviderDown(str(self._known().provider), sent=False)",
        "tests/flows/test_refreshing.py::test_a_refused_token_that_a_refresh_brings_again_is_asked_for_once",
    ),
    Break(
        "P7",
        "chalicelib/domain/sync/worker.py",
        "if not self._streams.passes_by or self._believed(",
        "if self._believed(",
        "tests/flows/test_unreadable_streams.py::test_a_consent_without_any_scope_that_is_read_is_said_at_once",
    ),
    Break(
        "P7",
        "chalicelib/domain/sync/worker.py",
        "if not self._streams.passes_by or self._believed(",
        "if True or self._believed(",
        f"{_READS}::test_two_refusals_end_nothing",
    ),
)
