"""Breaks of what is decided only when something ends: by PayPal's word, by the settings and tags of that moment."""

from tests.breaks.replacement import Break

_SURPLUS = "tests/flows/test_subscription_surplus.py"
_SILENT = "tests/flows/test_silent_connections.py"

ENDINGS = (
    Break(
        "P6",
        "chalicelib/domain/subscription/cancel.py",
        "    if payload.state.live:\n        return _ask_until_it_ends(actor)\n",
        "",
        "tests/flows/test_subscription_unconfirmed.py::test_a_yes_of_paypals_is_read_again",
    ),
    Break(
        "P14",
        "chalicelib/domain/subscription/reconcile.py",
        "            notices.watch_cancelling(tenant)  # silence",
        "            pass  # silence",
        "tests/flows/test_subscription_unconfirmed.py::test_who_gets_no_answer_of_paypals_for_three_days_is_told_as_well",
    ),
    Break(
        "P14",
        "chalicelib/domain/subscription/surplus.py",
        "        if not overdue:\n            raise\n        payload.payments[_UNLISTED]",
        "        if True:\n            raise\n        payload.payments[_UNLISTED]",
        f"{_SURPLUS}::test_payments_that_paypal_does_not_list_for_days_are_for_a_person",
    ),
    Break(
        "P14",
        "chalicelib/domain/subscription/surplus.py",
        "        _tell_unconfirmed(turn.id, row, payload)  # silence",
        "        pass  # silence",
        f"{_SURPLUS}::test_a_surplus_one_that_paypal_says_nothing_of_for_days_is_told_of",
    ),
    Break(
        "P14",
        "chalicelib/domain/subscription/surplus.py",
        '"surplus_unconfirmed", "operator_cancellation_unconfirmed")',
        '"cancellation_unconfirmed", "operator_cancellation_unconfirmed")',
        f"{_SURPLUS}::test_a_surplus_one_that_paypal_does_not_end_for_days_is_told_of_as_what_it_is",
    ),
    Break(
        "P14",
        "chalicelib/domain/subscription/notices.py",
        "return _AFTERWARDS if age >= PATIENCE else",
        "return 3 * _AFTERWARDS if age >= PATIENCE else",
        f"{_SURPLUS}::test_a_surplus_one_that_paypal_does_not_end_for_days_is_told_of_as_what_it_is",
    ),
    Break(
        "P15",
        "chalicelib/domain/contacts/annotated.py",
        "    if linked or payload.notes is not None or _is_typed(payload):\n        return True\n",
        "    if linked:\n        return True\n",
        "tests/flows/test_annotated_contacts.py::test_what_its_member_annotated_stays_and_says_so",
    ),
    Break(
        "P15",
        "chalicelib/domain/contacts/expire.py",
        "    return sum(end(each) for row in ending for each in due(tenant, [row.row], lives))\n",
        "    return sum(end(each) for each in ending)\n",
        "tests/flows/test_lives_changed_meanwhile.py::test_a_setting_that_is_put_back_while_the_pass_runs_keeps_all_that_is_left",
    ),
    Break(
        "P15",
        "chalicelib/domain/retention/sweep.py",
        "        self._something_ends = True\n",
        "",
        "tests/flows/test_lives_changed_meanwhile.py::test_a_setting_that_is_put_back_between_two_parts_of_a_pass_keeps_the_rest",
    ),
    Break(
        "P15",
        "chalicelib/domain/contacts/expire.py",
        ", holding=ending.company)",
        ")",
        "tests/flows/test_lives_changed_meanwhile.py::test_a_company_that_becomes_a_client_at_the_last_moment_keeps_its_contact",
    ),
    Break(
        "P13",
        "chalicelib/jobs/replay.py",
        "    restored.mark()\n",
        "",
        "tests/flows/test_restore.py::test_a_phone_begins_anew_after_a_restore",
    ),
    Break(
        "P15",
        "chalicelib/domain/connections/notices.py",
        "    if loss.first_at - BEFORE > clock.now():",
        "    if False:",
        f"{_SILENT}::test_a_second_mail_comes_7_days_before_once",
    ),
    Break(
        "P15",
        "chalicelib/domain/connections/notices.py",
        "later(min(loss.first_at - BEFORE, clock.now() + _APART))",
        "later(loss.first_at - BEFORE)",
        f"{_SILENT}::test_the_second_mail_comes_in_time_where_copies_are_kept_for_fewer_days_meanwhile",
    ),
    Break(
        "P15",
        "chalicelib/domain/connections/notices.py",
        " or not _shows_nothing(payload):",
        ":",
        f"{_SILENT}::test_no_second_mail_comes_where_the_connection_is_back_or_gone_meanwhile",
    ),
    Break(
        "P15",
        "chalicelib/domain/connections/silence.py",
        "frozenset({source, *_stopped(actor)})",
        "frozenset({source})",
        f"{_SILENT}::test_what_another_connection_shows_goes_when_that_stops_as_well",
    ),
    Break(
        "P13",
        "chalicelib/domain/accounts/addresses.py",
        "return rows.Put(account_index.moved(tenant, found.member, payload.email, address.text))",
        "return rows.Put()",
        "tests/flows/test_account_in_copy.py::test_it_is_found_by_the_address_that_it_has_now",
    ),
)
