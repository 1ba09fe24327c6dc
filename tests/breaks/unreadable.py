"""Breaks of what is done where an account does not show all that is read of it."""

from tests.breaks.replacement import Break

_STREAMS = "tests/flows/test_unreadable_streams.py"
_LIVES = "tests/flows/test_unread_lives.py"
_RULES = "chalicelib/domain/companies/retention_rules.py"

UNREADABLE = (
    Break(
        "P7",
        "chalicelib/domain/contacts/merge.py",
        "        if told or (all_told and name not in draft.untold):\n",
        "        if told or all_told:\n",
        f"{_STREAMS}::test_a_hidden_field_that_is_optional_is_said_and_what_was_known_stays",
    ),
    Break(
        "P7",
        "chalicelib/connectors/salesforce/people.py",
        "            raise self._not_permitted(StreamReason.FIELDS_HIDDEN)\n",
        "            pass\n",
        f"{_STREAMS}::test_a_hidden_field_that_is_required_makes_its_stream_unreadable_and_nothing_else",
    ),
    Break(
        "P7",
        "chalicelib/domain/sync/hidden.py",
        "    return any(each.field not in names for each in before) and not (at.full and at.page == at.first)\n",
        "    return False\n",
        f"{_STREAMS}::test_what_changed_while_a_field_was_hidden_is_read_once_it_is_shown",
    ),
    Break(
        "P7",
        "chalicelib/domain/connections/unshown.py",
        "if believed and name not in left]",
        "if believed]",
        "tests/flows/test_unshown_mails.py::test_a_hidden_field_is_told_once_and_again_after_it_was_shown",
    ),
    Break(
        "P15",
        _RULES,
        "        if unread is not None and not unread.until:\n            return None\n",
        "        if unread is not None and not unread.until:\n            unread = None\n",
        f"{_LIVES}::test_contacts_whose_stream_cannot_be_read_do_not_expire",
    ),
    Break(
        "P15",
        _RULES,
        " + timedelta(days=lives.copy_days) + _unknown(unread, at)\n",
        " + timedelta(days=lives.copy_days)\n",
        f"{_LIVES}::test_when_the_grant_ends_after_that_only_the_time_before_and_after_counts",
    ),
    Break(
        "P15",
        "chalicelib/domain/sync/worker.py",
        "        unread.stop(self._record, self._lives)\n",
        "",
        f"{_LIVES}::test_when_the_grant_ends_after_that_only_the_time_before_and_after_counts",
    ),
    Break(
        "P15",
        "chalicelib/domain/sync/worker.py",
        "            unread.stop(self._record, self._lives, {*moves",
        "            unread.stop(self._record, self._lives, {*Stream, *moves",
        f"{_LIVES}::test_a_provider_that_then_answers_no_more_is_silent_from_then_on",
    ),
    Break(
        "P15",
        "chalicelib/domain/sync/worker.py",
        "unread.note(self._record, self._lives, self._streams.tried, {",
        "unread.note(self._record, self._lives, payload.health.streams, {",
        f"{_LIVES}::test_a_daily_try_that_fails_says_nothing_of_a_stream_that_it_did_not_try",
    ),
    Break(
        "P15",
        "chalicelib/domain/sync/disconnect_cleanup.py",
        "        unread.forget(record)\n",
        "        pass\n",
        f"{_LIVES}::test_after_a_disconnection_a_connection_of_the_same_account_begins_anew",
    ),
)
