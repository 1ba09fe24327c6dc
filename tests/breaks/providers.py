"""Breaks of what the backend does when a provider refuses, is slow, or says one thing and does another."""

from tests.breaks.replacement import Break

_BATCHES = "tests/contract/test_gmail_batches.py"
_MESSAGES = "chalicelib/connectors/google/messages.py"
_BRAKE = "tests/flows/test_brake_bounds.py"
_PEOPLE = "chalicelib/connectors/salesforce/people.py"
_SLOW = "tests/contract/test_salesforce_slow.py"
_ID_CHANGES = "chalicelib/domain/sync/id_changes.py"
_MERGED = "tests/flows/test_merged_records.py"
_SURPLUS = "chalicelib/domain/subscription/surplus.py"
_UNCONFIRMED = "tests/flows/test_subscription_unconfirmed.py"
_CLIENT = "chalicelib/connectors/paypal/client.py"
_REFUSED = "tests/flows/test_refused_refreshes.py"
_FORBIDDEN = "tests/flows/test_refused_reads.py"
_BILLING = "chalicelib/connectors/salesforce/billing.py"

PROVIDERS = (
    Break(
        "P9",
        _MESSAGES,
        "got.pace.slower() if any(isinstance(each, OverQuota) for each in refused) else got.pace",
        "got.pace",
        f"{_BATCHES}::test_batches_shrink_until_gmail_takes_them_and_nothing_is_asked_for_twice",
    ),
    Break(
        "P9",
        _MESSAGES,
        "        return Pace(SIZES[SIZES.index(self.size) - 1])\n",
        "        return self\n",
        f"{_BATCHES}::test_they_grow_again_slowly_in_later_passes_as_well",
    ),
    Break(
        "P9",
        _MESSAGES,
        "                self._batches = False\n",
        "                raise ProviderDown(hosts.PROVIDER) from None\n",
        f"{_BATCHES}::test_a_server_without_batches_is_asked_for_each",
    ),
    Break(
        "P9",
        "chalicelib/connectors/google/gmail.py",
        '    rest = {"rest": " ".join(got.rest)} if got.rest else {}\n',
        "    rest: dict[str, str] = {}\n",
        f"{_BATCHES}::test_what_came_before_gmail_wants_no_more_is_kept",
    ),
    Break(
        "P7",
        "chalicelib/connectors/social/linkedin.py",
        "                raise NotReady(PROVIDER)\n",
        "                pass\n",
        "tests/flows/test_not_ready.py::test_no_data_in_the_first_day_is_asked_for_again_and_is_no_pass",
    ),
    Break(
        "P7",
        _PEOPLE,
        "                    raise TooSlow from None\n                hidden",
        "                    raise self._named(refused) from None\n                hidden",
        f"{_SLOW}::test_a_query_that_takes_too_long_is_asked_for_in_smaller_pages",
    ),
    Break(
        "P7",
        _PEOPLE,
        "            if down.late:\n                raise TooSlow from None\n",
        "",
        f"{_SLOW}::test_one_that_is_not_answered_in_time_is_asked_for_in_smaller_pages_at_once",
    ),
    Break(
        "P7",
        _PEOPLE,
        "            some = asked[: self.limit]\n",
        "            some = asked\n",
        f"{_SLOW}::test_a_pass_in_small_pages_takes_nobody_for_gone",
    ),
    Break(
        "P7",
        "chalicelib/domain/sync/stream_pass.py",
        "            if self._unsaved:  # so that",
        "            if False:  # so that",
        "tests/flows/test_sync.py::test_pages_of_changes_that_showed_nothing_are_not_read_again_after_a_failure",
    ),
    Break(
        "P7",
        _PEOPLE,
        "QUERY_S = 120.0\n",
        "QUERY_S = 0.2\n",
        f"{_SLOW}::test_an_answer_is_waited_for_as_long_as_salesforce_works_at_it",
    ),
    Break(
        "P5",
        "chalicelib/connectors/salesforce/vendor.py",
        "    if not _MY_DOMAIN.fullmatch(host):\n",
        "    if not _MY_DOMAIN.match(host):\n",
        "tests/contract/test_salesforce_grants.py::test_nobody_is_sent_to_sign_in_elsewhere",
    ),
    Break(
        "P7",
        _ID_CHANGES,
        "        gone = set(origin.gone(chunk)).intersection(chunk)\n",
        "        gone: set[str] = set()\n",
        f"{_MERGED}::test_who_was_made_anew_at_the_source_is_who_it_was",
    ),
    Break(
        "P7",
        _PEOPLE,
        '(master := rest.text(r, "MasterRecordId"))',
        '(master := "")',
        f"{_MERGED}::test_what_salesforce_merges_keeps_note_and_tag",
    ),
    Break(
        "P14",
        "chalicelib/domain/subscription/rules.py",
        "    new.read_at = new.updated_at = now\n    if old.pending is not None and old.pending.paypal_id == paypal_id:\n",
        "    new.state = State.CANCELLED\n    if old.pending is not None and old.pending.paypal_id == paypal_id:\n",
        f"{_UNCONFIRMED}::test_one_that_paypal_says_it_does_not_know_is_not_said_to_have_ended",
    ),
    Break(
        "P14",
        _CLIENT,
        '            raise _refusal(refused, "create") from None\n',
        "            raise\n",
        f"{_UNCONFIRMED}::test_what_paypal_refuses_at_a_checkout_is_an_answer_of_ours_and_stops_no_later_one",
    ),
    Break(
        "P14",
        _SURPLUS,
        "    if not payload.refund:\n        return None\n",
        "    return None\n",
        "tests/flows/test_subscription_surplus.py::test_the_second_of_two_approvals_is_cancelled_and_paid_back",
    ),
    Break(
        "P14",
        _SURPLUS,
        "for each in known if each.id == paypal_id), True)",
        "for each in known if each.id == paypal_id), False)",
        "tests/flows/test_subscription_surplus.py::test_an_approval_after_the_purge_is_paid_back",
    ),
    Break(
        "P14",
        "chalicelib/connectors/paypal/model.py",
        "_ID.fullmatch(value)",
        "_ID.match(value)",
        "tests/contract/test_paypal.py::test_an_id_is_matched_whole",
    ),
    Break(
        "P14",
        _BILLING,
        '        date=_date(_known(record, "InvoiceDate")),\n',
        '        date=_date(_text(record, "InvoiceDate")),\n',
        "tests/contract/test_salesforce_billing.py::test_an_odd_invoice_is_shown_as_far_as_it_can_be_and_spoils_no_list",
    ),
    Break(
        "P14",
        _BILLING,
        '_DECIMALS.get(currency or "", _USUAL_DECIMALS)',
        "_USUAL_DECIMALS",
        "tests/contract/test_salesforce_billing.py::test_an_amount_has_the_decimals_of_its_currency_and_is_never_rounded",
    ),
    Break(
        "P14",
        "chalicelib/domain/purge/certificate.py",
        "        if not member.is_owner:\n",
        "        if False:\n",
        "tests/flows/test_identity_address.py::test_every_member_is_told_before_a_purge",
    ),
    Break(
        "P4",
        "chalicelib/domain/accounts/addresses.py",
        "    return _parsed(identity.email) if identity.email_verified else None\n",
        "    return _parsed(identity.email)\n",
        "tests/flows/test_identity_address.py::test_an_unverified_address_founds_no_workspace",
    ),
    Break(
        "P4",
        "chalicelib/domain/accounts/addresses.py",
        "    if address is None or _same(row, address):\n",
        "    if address is not None:\n",
        "tests/flows/test_identity_address.py::test_a_member_s_address_follows_its_identity",
    ),
    Break(
        "P15",
        "chalicelib/domain/contacts/retention_rules.py",
        "months_later(began, LONGEST_MONTHS)",
        "began + timedelta(days=30 * LONGEST_MONTHS)",
        "tests/unit/domain/contacts/test_retention_rules.py::test_36_months_are_months_of_the_calendar",
    ),
    Break(
        "P15",
        "chalicelib/domain/sync/stream_pass.py",
        "if not self._at.braked and not self._sweep(has_time):",
        "if not self._sweep(has_time):",
        f"{_BRAKE}::test_less_than_half_is_held",
    ),
    Break(
        "P15",
        "chalicelib/domain/sync/brake.py",
        "at.began_at >= held.again_at",
        "at.began_at > held.since",
        f"{_BRAKE}::test_what_goes_while_something_is_held_goes_with_that",
    ),
    Break(
        "P15",
        "chalicelib/domain/sync/brake.py",
        "if held is None or shown * 2 < held.shown:",
        "if held is None:",
        "tests/flows/test_brake_confirmed.py::test_what_goes_after_its_member_confirmed_is_held_anew",
    ),
    Break(
        "P15",
        "chalicelib/domain/sync/brake.py",
        "if held is None or shown * 2 < held.shown:",
        "if held is None or halves(held.shown, shown):",
        f"{_BRAKE}::test_a_rest_under_ten_that_goes_as_well_is_looked_at_twice",
    ),
    Break(
        "P15",
        "chalicelib/domain/sync/on_demand.py",
        "if if_match is None and not repeats and (before or payload.held_before):",
        "if if_match is None and not repeats and payload.held_before:",
        "tests/flows/test_brake_confirmed.py::test_the_same_call_covers_nothing_that_another_stream_holds_beside_it",
    ),
    Break(
        "P15",
        "chalicelib/domain/connections/held.py",
        'f"{_MAIL}.{each.stream}.{each.since.isoformat()}"',
        'f"{_MAIL}.{each.stream}"',
        "tests/flows/test_brake_mails.py::test_what_is_held_anew_is_told_anew",
    ),
    Break(
        "P15",
        "chalicelib/domain/connections/held.py",
        "except mails.NotTaken as error:",
        "except VersionConflict as error:",
        "tests/flows/test_brake_mails.py::test_a_mail_that_is_not_taken_comes_with_the_next_run",
    ),
    Break(
        "P15",
        "chalicelib/domain/sync/disconnect_cleanup.py",
        "payload.ending is None or payload.ending.keeps",
        "True",
        "tests/flows/test_annotated_contacts.py::test_a_disconnection_asks_first_and_removes_what_was_annotated_where_it_is_told_to",
    ),
    Break(
        "P7",
        "chalicelib/connectors/oauth.py",
        "filter(final.__contains__, read(error.answer))",
        "filter(FINAL.__contains__, read(error.answer))",
        f"{_REFUSED}::test_a_final_refusal_stops_the_connection_and_is_told_once",
    ),
    Break(
        "P7",
        "chalicelib/domain/sync/worker.py",
        "(since is not None and clock.now() - since > lasts)",
        "False",
        f"{_REFUSED}::test_an_unknown_refusal_is_believed_after_a_day",
    ),
    Break(
        "P7",
        "chalicelib/domain/sync/worker.py",
        "            return self._forbidden(refused)\n",
        "            return self._fails(refused)\n",
        f"{_FORBIDDEN}::test_two_refusals_end_nothing",
    ),
    Break(
        "P7",
        "chalicelib/domain/connections/suspension.py",
        "            return _TRIED_EVERY\n",
        "            pass\n",
        f"{_FORBIDDEN}::test_what_has_failed_is_tried_once_a_day_for_a_week",
    ),
    Break(
        "P7",
        "chalicelib/domain/connections/suspension.py",
        "    payload.refused_since = payload.forbidden_since = None\n",
        "",
        f"{_FORBIDDEN}::test_a_good_answer_begins_the_hour_anew",
    ),
    Break(
        "P15",
        "chalicelib/store/records.py",
        "            log.failure(event, error, tenant=self.tenant, kind=self.declared.kind)\n            return None\n",
        "            raise\n",
        "tests/flows/test_silent_connections.py::test_a_row_that_cannot_be_read_keeps_no_connection_from_stopping",
    ),
    Break(
        "P7",
        "chalicelib/domain/sync/stream_pass.py",
        "            self.stored.merged.update(self._pass_log.merged)\n",
        "",
        "tests/crash/test_crash_renaming.py::test_a_sync_of_renamed_records_killed_at_any_call",
    ),
)
