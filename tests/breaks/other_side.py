"""Breaks of what is done where the other side refuses for good, prepares, hides, counts or is silent: points that no other module
breaks."""

from tests.breaks.replacement import Break

_FINAL = "tests/contract/test_final_refusals.py"
_STREAMS = "tests/flows/test_unreadable_streams.py"
_FIELDS = "chalicelib/connectors/salesforce/fields.py"
_SILENT = "tests/flows/test_brake_silent.py"
_MAILS = "tests/flows/test_silent_connections.py"
_ANNOTATED = "tests/flows/test_annotated_contacts.py"
_UNCONFIRMED = "tests/flows/test_subscription_unconfirmed.py"

OTHER_SIDE = (
    Break(
        "P7",
        "chalicelib/connectors/google/vendor.py",
        '    "admin_policy_enforced": oauth.Final("admin_forbids", forbidden=True),\n',
        "",
        f"{_FINAL}::test_a_vendor_s_table_says_which_refusals_are_final",
    ),
    Break(
        "P7",
        "chalicelib/connectors/oauth.py",
        '("error_subtype", "status", "error")',
        '("status", "error")',
        f"{_FINAL}::test_a_vendor_s_table_says_which_refusals_are_final",
    ),
    Break(
        "P7",
        "chalicelib/connectors/oauth.py",
        '        "disabled_client",\n',
        "",
        f"{_FINAL}::test_a_refusal_of_our_registration_is_no_member_s",
    ),
    Break(
        "P7",
        "chalicelib/connectors/salesforce/vendor.py",
        '    "inactive_org": oauth.Final("account_inactive", forbidden=True),\n',
        "",
        f"{_FINAL}::test_a_vendor_s_table_says_which_refusals_are_final",
    ),
    Break(
        "P7",
        "chalicelib/connectors/hubspot/vendor.py",
        '    "BAD_REFRESH_TOKEN": oauth.Final("grant_ended"),\n',
        "",
        f"{_FINAL}::test_a_vendor_s_table_says_which_refusals_are_final",
    ),
    Break(
        "P7",
        "chalicelib/connectors/social/x.py",
        '{**oauth.FINAL, _GONE: oauth.Final("grant_ended")}',
        "{**oauth.FINAL}",
        f"{_FINAL}::test_a_vendor_s_table_says_which_refusals_are_final",
    ),
    Break(
        "P7",
        "chalicelib/connectors/social/x.py",
        "final=_FINAL, read=_words)",
        'final={**_FINAL, "invalid_request": oauth.Final("grant_ended")}, read=_words)',
        f"{_FINAL}::test_other_words_end_nothing",
    ),
    Break(
        "P7",
        "chalicelib/domain/sync/worker.py",
        "(2, 5, 15, 60)",
        "(2, 5, 30, 60)",
        "tests/flows/test_not_ready.py::test_no_data_in_the_first_day_is_asked_for_again_and_is_no_pass",
    ),
    Break(
        "P7",
        _FIELDS,
        'Field("matches the person; where outreach may write to")',
        'Field("matches the person; where outreach may write to", Absent.TITLE_UNKNOWN, "emails")',
        f"{_STREAMS}::test_a_hidden_field_that_is_required_makes_its_stream_unreadable_and_nothing_else",
    ),
    Break(
        "P7",
        _FIELDS,
        ', Absent.COMPANY_UNKNOWN, "company_external_id")',
        ")",
        f"{_STREAMS}::test_a_hidden_field_that_is_optional_is_said_and_what_was_known_stays",
    ),
    Break(
        "P7",
        _FIELDS,
        ', Absent.OPT_OUT_UNKNOWN, "opted_out")',
        ")",
        "tests/flows/test_unshown_mails.py::test_a_hidden_field_is_told_once_and_again_after_it_was_shown",
    ),
    Break(
        "P7",
        "chalicelib/domain/connections/hidden_opt_outs.py",
        "        if Absent.OPT_OUT_UNKNOWN in hidden:\n",
        "        if False:\n",
        f"{_STREAMS}::test_opt_outs_that_are_hidden_are_said_where_somebody_asks_whom_to_write_to",
    ),
    Break(
        "P14",
        "chalicelib/connectors/salesforce/billing.py",
        "            fields.remove(_CURRENCY_FIELD)\n",
        "            raise\n",
        "tests/flows/test_billing.py::test_an_org_with_one_currency_shows_its_invoices_without_it",
    ),
    Break(
        "P7",
        "chalicelib/connectors/google/people.py",
        "            renamed |= dict.fromkeys(former, ident)\n",
        "            pass\n",
        "tests/contract/test_google_connector.py::test_contacts_come_whole_then_as_changes",
    ),
    Break(
        "P7",
        "chalicelib/domain/sync/stream_pass.py",
        '            log.failure("count_failed", error, tenant=self.checkpoint.tenant)\n            return None\n',
        '            log.failure("count_failed", error, tenant=self.checkpoint.tenant)\n            raise\n',
        "tests/contract/test_salesforce_slow.py::test_a_pass_is_complete_without_a_count",
    ),
    Break(
        "P5",
        "chalicelib/connectors/salesforce/vendor.py",
        "(?:salesforce\\.mil|force\\.mil|",
        "(?:force\\.mil|",
        "tests/contract/test_salesforce_grants.py::test_nobody_is_sent_to_sign_in_elsewhere",
    ),
    Break(
        "P9",
        "chalicelib/connectors/vendors.py",
        "for tier in of(provider).tiers if tier.offered)",
        "for tier in of(provider).tiers)",
        "tests/promises/test_p09_google.py::test_no_member_is_asked_for_what_nothing_uses_yet",
    ),
    Break(
        "P15",
        "chalicelib/domain/sync/worker.py",
        "            moves = () if why == RunOutcome.PAGES_REPEAT else self._streams.got_on\n",
        "            moves = [*Stream] if self._run.tally.pages else []\n",
        f"{_SILENT}::test_what_is_held_counts_as_unseen_once_nothing_answers_for_a_day",
    ),
    Break(
        "P15",
        "chalicelib/domain/sync/streams.py",
        "            self._got_on |= {stream} if self._tally.pages > before else set()\n",
        "            pass\n",
        f"{_SILENT}::test_a_stream_that_goes_on_bit_by_bit_is_not_silent",
    ),
    Break(
        "P15",
        "chalicelib/domain/connections/notices.py",
        "if payload.health.held else []",
        "if not payload.health.held else []",
        f"{_SILENT}::test_its_member_is_told_what_becomes_of_what_is_held",
    ),
    Break(
        "P6",
        "chalicelib/domain/subscription/notices.py",
        "if row is None or asked is None or clock.now() - asked.since < PATIENCE:",
        "if row is None or asked is None or True:",
        f"{_UNCONFIRMED}::test_after_three_days_owners_and_operator_are_told_once_and_it_is_still_tried",
    ),
    Break(
        "P14",
        "chalicelib/connectors/paypal/client.py",
        '            raise _refusal(refused, "show") from None\n',
        "            raise\n",
        f"{_UNCONFIRMED}::test_what_paypal_refuses_when_it_is_asked_how_it_stands",
    ),
    Break(
        "P15",
        "chalicelib/domain/connections/silence.py",
        "    found.contacts += left.kind != COMPANY\n",
        "    found.contacts += 2 * (left.kind != COMPANY)\n",
        f"{_MAILS}::test_the_mail_about_a_connection_that_stops_says_what_goes_and_what_stays",
    ),
    Break(
        "P15",
        "chalicelib/domain/connections/silence.py",
        "        found.kept_contacts += left.by_words and left.kind != COMPANY\n",
        "        found.kept_contacts += 2 * (left.kind != COMPANY)\n",
        f"{_MAILS}::test_the_mail_about_a_connection_that_stops_says_what_goes_and_what_stays",
    ),
    Break(
        "P15",
        "chalicelib/domain/connections/left_over.py",
        "by_words = kept is not None and annotated.without(contact, self._gone) is None",
        "by_words = kept is not None",
        f"{_ANNOTATED}::test_what_stands_without_the_member_s_words_is_not_counted_among_what_they_keep",
    ),
    Break(
        "P15",
        "chalicelib/domain/contacts/queries.py",
        "        if ends_at is None or tagged",
        "        if ends_at is not None or tagged",
        f"{_ANNOTATED}::test_what_no_connection_shows_and_nobody_annotated_is_announced",
    ),
    Break(
        "P4",
        "chalicelib/domain/accounts/membership.py",
        "    if place_of(digest):\n        raise already()\n",
        "    if place_of(digest):\n        raise Conflict(code=Code.ALREADY_MEMBER)\n",
        "tests/flows/test_identity_address.py::test_the_refusal_of_a_second_workspace_says_what_to_do",
    ),
    Break(
        "P13",
        "chalicelib/domain/connections/disconnect.py",
        "    replay_log.early(lambda: replay_log.note_disconnection(actor.tenant, connection_id, keeps=keeps))\n",
        "",
        "tests/flows/test_restore_team.py::test_a_disconnection_that_was_asked_for_just_before_the_loss_is_done",
    ),
)
