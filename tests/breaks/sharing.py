"""Breaks of the promises on who learns what (P1 to P5)."""

from tests.breaks.replacement import Break

SHARING = (
    Break(
        "P1",
        "chalicelib/vault/sealing.py",
        "if dict(header.encryption_context) != context.as_dict():",
        "if dict(header.encryption_context) == {}:",
        "tests/promises/test_p01_confidential.py::test_a_ciphertext_moved_to_another_item_is_refused",
    ),
    Break(
        "P1",
        "chalicelib/core/log.py",
        '"error": type(error).__name__,',
        '"error": str(error.__cause__ or error),',
        "tests/promises/test_p01_confidential.py::test_an_exception_that_quotes_a_value_reaches_no_log",
    ),
    Break(
        "P1",
        "chalicelib/domain/imports/worker.py",
        "    objects.delete_prefix(settings.current().buckets.imports, file_parts.prefix(turn.due.tenant, turn.due.about))",
        "    objects.is_there(settings.current().buckets.imports, file_parts.prefix(turn.due.tenant, turn.due.about))",
        "tests/promises/test_p01_large_imports.py::test_nothing_of_an_uploaded_file_stands_open_when_its_job_has_ended",
    ),
    Break(
        "P1",
        "chalicelib/domain/connections/connect.py",
        "    payload.account, payload.address, payload.base_url = grant.account, grant.address, grant.base_url\n",
        "    payload.account, payload.address, payload.base_url = grant.account, grant.address, grant.base_url\n"
        "    payload.reason = grant.refresh_token\n",
        "tests/promises/test_p01_connections.py::test_tokens_stand_sealed_in_one_place_and_nothing_personal_stands_open",
    ),
    Break(
        "P1",
        "chalicelib/connectors/oauth.py",
        "        raise refusal(provider, error.status) from None\n    said =",
        "        __import__('chalicelib.core.log', fromlist=['x']).event('no', reason=str(error.answer['error']).split('@')[0])\n"
        "        raise refusal(provider, error.status) from None\n    said =",
        "tests/promises/test_p01_connections.py::test_tokens_stand_sealed_in_one_place_and_nothing_personal_stands_open",
    ),
    Break(
        "P1",
        "chalicelib/domain/connections/credentials.py",
        "    record.refreshing = record.refreshing_until = None\n",
        "    record.refreshing, record.refreshing_until = payload.access_token, None\n",
        "tests/promises/test_p01_connections.py::test_tokens_stand_sealed_in_one_place_and_nothing_personal_stands_open",
    ),
    Break(
        "P2",
        "chalicelib/domain/contacts/queries.py",
        "    return colleague.share_contacts",
        "    return bool(colleague.code)",
        "tests/promises/test_p02_private.py::test_neither_colleagues_nor_other_tenants_see_anything",
    ),
    Break(
        "P2",
        "chalicelib/domain/audit/journal.py",
        "    return entry.others if Share.TAGS in shared else entry.bare",
        "    return entry.own",
        "tests/promises/test_p02_feeds.py::test_what_is_private_in_a_shared_contact_moves_no_colleagues_feed",
    ),
    Break(
        "P2",
        "chalicelib/domain/exports/archive.py",
        "ids.key_range(record.declared.kind, code)",
        'f"{record.declared.kind}#"',
        "tests/promises/test_p02_export.py::test_an_export_holds_nothing_of_a_colleague",
    ),
    Break(
        "P2",
        "chalicelib/domain/ingest/typed.py",
        "identity.Holders(actor.tenant, actor.code)",
        "identity.Holders(actor.tenant, next((each.code for each in actor.colleagues), actor.code))",
        "tests/flows/test_contacts_again.py::test_a_colleagues_contact_is_never_told_of",
    ),
    Break(
        "P3",
        "chalicelib/domain/contacts/repository.py",
        "*(pointer.as_record() for pointer in within)])\n    return record",
        "*(pointer.as_record() for pointer in within)])\n"
        "    class Leak(__import__('chalicelib.store.records', fromlist=['x']).PlatformRecord):\n"
        "        table, declared = 'Directory', __import__('chalicelib.store.counters', fromlist=['x']).CounterRecord.declared\n"
        "    rows.put_new(Leak.build(ident.local, 'profile', payload))\n"
        "    return record",
        "tests/promises/test_p03_not_shared.py::test_a_contact_feeds_no_directory_and_no_other_tenant",
    ),
    Break(
        "P3",
        "chalicelib/connectors/hubspot/people.py",
        '    email = _text(record, "email")\n',
        '    email = _text(record, "email")\n'
        "    from chalicelib.connectors import http\n"
        "    from chalicelib.core import settings\n"
        '    there = settings.current().connectors.google_url + "/v1/people:searchContacts?query="\n'
        '    http.raw("google", "GET", there + email, headers={}, content=None, repeatable=False)\n',
        "tests/promises/test_p03_sync.py::test_nothing_that_one_provider_says_reaches_another_or_anybody_else",
    ),
    Break(
        "P4",
        "chalicelib/core/models.py",
        'model_config = ConfigDict(strict=True, extra="forbid")',
        'model_config = ConfigDict(strict=False, extra="forbid")',
        "tests/flows/test_strict_types.py::test_a_sharing_switch_takes_true_and_false_alone",
    ),
    Break(
        "P4",
        "chalicelib/domain/accounts/membership.py",
        'key = (row.sk, row.sealed.ciphertext if row.sealed else b"")',
        'key = (row.sk, b"")',
        "tests/promises/test_p04_settings.py::test_a_switch_holds_at_the_next_request_both_ways",
    ),
    Break(
        "P4",
        "chalicelib/domain/audit/changes.py",
        'at["void"] != _void(actor)',
        'at["void"] == ""',
        "tests/promises/test_p04_settings.py::test_when_somebody_who_shared_leaves_the_others_drop_their_copies",
    ),
    Break(
        "P4",
        "chalicelib/domain/contacts/model.py",
        '"company_id": self.company_id if with_companies and not self.link_is_hidden else None,',
        '"company_id": self.company_id if not self.link_is_hidden else None,',
        "tests/promises/test_p04_each_route.py::test_what_a_colleague_sees_on_each_route",
    ),
    Break(
        "P5",
        "chalicelib/connectors/social/linkedin.py",
        '_url or "https://api.linkedin.com"',
        '_url or "https://api.linkedin-insights.com"',
        "tests/promises/test_p05_outbound.py::test_what_can_be_called_is_what_is_listed",
    ),
    Break(
        "P5",
        "chalicelib/connectors/hubspot/vendor.py",
        '        told = {**answer, **_about(app, answer["access_token"])}\n',
        '        told = {**answer, **_about(app, answer["access_token"])}\n'
        '        http.raw("x", "POST", "https://x.com/conversions", headers={}, content=b"hub", repeatable=False)\n',
        "tests/promises/test_p05_story.py::test_who_connects_a_provider_has_it_called_and_no_other[hubspot]",
    ),
    Break(
        "P5",
        "chalicelib/texts/render.py",
        'sans-serif;max-width:40rem">{parts}</body>',
        'sans-serif;max-width:40rem">{parts}<img alt="" src="https://api.iko.example/open.gif"></body>',
        "tests/promises/test_p05_untracked.py::test_no_mail_fetches_anything_and_its_links_are_ours[en-invitation]",
    ),
    Break(
        "P5",
        "chalicelib/texts/render.py",
        '<a href="{escape(block)}">',
        '<a href="https://api.iko.example/r?to={escape(block)}">',
        "tests/promises/test_p05_untracked.py::test_no_mail_fetches_anything_and_its_links_are_ours[fr-closed]",
    ),
    Break(
        "P8",
        "chalicelib/domain/sources/provenance.py",
        'IKO_EXPORT = "iko_export", PrivacyClass.OWNER_ONLY',
        'IKO_EXPORT = "iko_export", PrivacyClass.SHAREABLE',
        "tests/promises/test_p08_own_export.py::test_nothing_of_it_is_shown_to_a_colleague",
    ),
)
