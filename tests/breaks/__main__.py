"""`make breaks`: break each promise on purpose in a copy of the tree, and see its test fail by name.

Exit 1 where one stays green.
"""

import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("app.py", ".chalice", "chalicelib", "infra", "tests", "pyproject.toml")


@dataclass(frozen=True)
class Break:
    """Replace `old` (which must be there) by `new` in `file`; then `test` must fail."""

    promise: str
    file: str
    old: str
    new: str
    test: str


BREAKS = (
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
        "P2",
        "chalicelib/domain/contacts/queries.py",
        "    return colleague.share_contacts",
        "    return bool(colleague.code)",
        "tests/promises/test_p02_private.py::test_neither_colleagues_nor_other_tenants_see_anything",
    ),
    Break(
        "P2",
        "chalicelib/domain/audit/changes.py",
        "    return entry.others\n",
        "    return entry.own\n",
        "tests/promises/test_p02_feeds.py::test_what_is_private_in_a_shared_contact_moves_no_colleagues_feed",
    ),
    Break(
        "P2",
        "chalicelib/domain/exports/archive.py",
        'f"{kind}#{actor.code}#"',
        'f"{kind}#"',
        "tests/promises/test_p02_export.py::test_an_export_holds_nothing_of_a_colleague",
    ),
    Break(
        "P3",
        "chalicelib/domain/contacts/repository.py",
        "days=actor.audit_days))])\n    return record",
        "days=actor.audit_days))])\n"
        "    class Leak(__import__('chalicelib.store.records', fromlist=['x']).PlatformRecord):\n"
        "        table, declared = 'Directory', __import__('chalicelib.store.counters', fromlist=['x']).CounterRecord.declared\n"
        "    rows.put_new(Leak.build(ident.local, 'profile', payload))\n"
        "    return record",
        "tests/promises/test_p03_not_shared.py::test_a_contact_feeds_no_directory_and_no_other_tenant",
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
        'at["sharing"] != _digest(sharing)',
        'at["sharing"] == ""',
        "tests/promises/test_p04_settings.py::test_when_somebody_who_shared_leaves_the_others_drop_their_copies",
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
        "P13",
        "chalicelib/domain/audit/log.py",
        "return owner == TEAM or payload.by is By.MEMBER",
        "return bool(owner)",
        "tests/promises/test_p02_feeds.py::test_an_erasure_reaches_every_client_and_no_log",
    ),
    Break(
        "P15",
        "chalicelib/domain/contacts/queries.py",
        "    if left is None or not retention_rules.over(left, where.lives):",
        "    if left is not None:",
        "tests/promises/test_p15_lives.py::test_a_contact_ends_36_months_after_it_came_in",
    ),
    Break(
        "P15",
        "chalicelib/domain/retention/sweep.py",
        "            if row.expired:",
        "            if row.expired and row.sealed is None:",
        "tests/promises/test_p15_lives.py::test_rows_with_a_written_end_are_not_seen_from_then_on_and_go",
    ),
    Break(
        "P7",
        "chalicelib/connectors/hubspot/people.py",
        '    "hs_email_optout": "the',
        '    "notes_last_contacted": "when somebody last spoke to the person",\n    "hs_email_optout": "the',
        "tests/promises/test_p07_crm.py::test_only_contacts_and_companies_are_asked_for_and_of_these_only_what_is_listed",
    ),
    Break(
        "P8",
        "chalicelib/connectors/vendors.py",
        '"chalicelib.connectors.salesforce.vendor",\n        PrivacyClass.OWNER_ONLY',
        '"chalicelib.connectors.salesforce.vendor",\n        PrivacyClass.SHAREABLE',
        "tests/promises/test_p08_crm_private.py::test_a_workspace_with_crms_looks_to_a_colleague_as_one_without",
    ),
    Break(
        "P9",
        "chalicelib/connectors/google/gmail.py",
        'MESSAGE_FIELDS = "id,',
        'MESSAGE_FIELDS = "snippet,id,',
        "tests/promises/test_p09_google.py::test_nothing_of_a_mail_is_kept_but_counts",
    ),
    Break(
        "P9",
        "chalicelib/domain/network/message_counter.py",
        'done.skipped["no_contact"] += 1',
        'done.skipped[min(message.parties, default="")] += 1',
        "tests/promises/test_p09_google.py::test_nothing_of_a_mail_is_kept_but_counts",
    ),
    Break(
        "P16",
        "infra/resources.yaml",
        "      KeySpec: ECC_NIST_P256",
        "      MultiRegion: true\n      KeySpec: ECC_NIST_P256",
        "tests/promises/test_p16_region.py::test_no_resource_is_or_copies_anywhere_else",
    ),
    Break(
        "P6",
        "chalicelib/domain/purge/tenant_purge.py",
        "        ring.shred(tenant)\n        payload.shredded_at",
        "        payload.shredded_at",
        "tests/promises/test_p06_purge.py::test_after_the_grace_nothing_is_left_but_the_ledger_and_the_certificate",
    ),
    Break(
        "P6",
        "chalicelib/domain/purge/tenant_purge.py",
        "        if subscription_end.confirmed_end(tenant) is None:\n            return _call_off(tenant, record)\n",
        "",
        "tests/promises/test_p06_purge.py::test_a_subscription_that_came_back_unnoticed_calls_the_purge_off",
    ),
    Break(
        "P13",
        "chalicelib/domain/suppression/tombstones.py",
        "    return [bool(group & standing) for group in keys]",
        "    return [bool(group and not standing and not keys) for group in keys]",
        "tests/promises/test_p13_forgotten.py::test_nothing_brings_an_erased_person_back",
    ),
    Break(
        "P14",
        "chalicelib/jobs/billing.py",
        'log.event("billing_read", count=len(invoices))',
        'log.event("billing_read", reason=invoices[0].number)',
        "tests/promises/test_p14_invoices.py::test_what_salesforce_holds_is_shown_and_kept_nowhere",
    ),
    Break(
        "P4",
        "chalicelib/domain/contacts/model.py",
        '"company_id": self.company_id if with_companies and not self.link_is_hidden else None,',
        '"company_id": self.company_id if not self.link_is_hidden else None,',
        "tests/promises/test_p04_each_route.py::test_what_a_colleague_sees_on_each_route",
    ),
    Break(
        "P13",
        "chalicelib/domain/privacy/erasure.py",
        "            for place in places:\n",
        "            for place in places[:0]:\n",
        "tests/promises/test_p13_invitations.py::test_an_erasure_withdraws_what_waits_for_the_person",
    ),
    Break(
        "P13",
        "chalicelib/domain/privacy/erasure.py",
        "                    record.declared.after_erasure.load()(tenant, owner)",
        "                    record.declared.after_erasure.load()",
        "tests/promises/test_p13_export.py::test_an_export_made_before_is_gone",
    ),
    Break(
        "P13",
        "chalicelib/domain/privacy/erasure.py",
        "            replay_log.note_erasure(self._entry)",
        "            log.event('not_noted')",
        "tests/flows/test_restore.py::test_other_peoples_rows_are_not_touched",
    ),
    Break(
        "P14",
        "chalicelib/connectors/paypal/model.py",
        'plan=_text(document.get("plan_id")),',
        'plan=_text((document.get("subscriber") or {}).get("email_address")),',
        "tests/promises/test_p14_payment.py::test_marks_planted_with_the_payer_are_found_nowhere",
    ),
    Break(
        "P10",
        "chalicelib/connectors/social/x.py",
        '"offline.access"),',
        '"offline.access", "tweet.write"),',
        "tests/promises/test_p10_social.py::test_no_scope_publishes",
    ),
    Break(
        "P10",
        "chalicelib/connectors/social/x.py",
        "VENDOR = X()",
        "def say(token: str, text: str) -> None:\n"
        '    http.call(PROVIDER, "POST", f"{_api()}/2/tweets", body={"text": text}, headers={"Authorization": token})\n\n\n'
        "VENDOR = X()",
        "tests/promises/test_p10_social.py::test_every_address_in_the_social_connectors_is_one_that_reads",
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
        "P7",
        "chalicelib/connectors/salesforce/people.py",
        "            fields = [name for name in self.table.fields if name not in self.hidden]\n",
        '            fields = [*(name for name in self.table.fields if name not in self.hidden), "Description"]\n',
        "tests/promises/test_p07_crm.py::test_only_contacts_and_companies_are_asked_for_and_of_these_only_what_is_listed",
    ),
    Break(
        "P7",
        "chalicelib/connectors/hubspot/people.py",
        '    "jobtitle": "who the person is at the company",\n',
        '    "jobtitle": "who the person is at the company",\n    "recent_deal_amount": "matches the person",\n',
        "tests/promises/test_p07_crm.py::test_only_contacts_and_companies_are_asked_for_and_of_these_only_what_is_listed",
    ),
    Break(
        "P8",
        "chalicelib/domain/contacts/model.py",
        '"company_id": self.company_id if with_companies and not self.link_is_hidden else None,',
        '"company_id": self.company_id if with_companies else None,',
        "tests/promises/test_p08_crm_private.py::test_a_workspace_with_crms_looks_to_a_colleague_as_one_without",
    ),
    Break(
        "P8",
        "chalicelib/domain/contacts/model.py",
        '                "created_at": self.shown_from or self.created_at,\n',
        "",
        "tests/promises/test_p08_crm_private.py::test_a_workspace_with_crms_looks_to_a_colleague_as_one_without",
    ),
    Break(
        "P10",
        "chalicelib/connectors/vendors.py",
        '"chalicelib.connectors.social.linkedin",\n        PrivacyClass.OWNER_ONLY',
        '"chalicelib.connectors.social.linkedin",\n        PrivacyClass.SHAREABLE',
        "tests/promises/test_p10_social.py::test_what_linkedin_says_feeds_no_other_member",
    ),
)


class NotThere(RuntimeError):
    """The text that a break replaces is no longer in the file: the break must be written anew."""


def noticed(broken: Break) -> bool:
    """Whether the promise's own test fails in a copy of the tree that has the break."""
    with tempfile.TemporaryDirectory(prefix="iko-break-") as folder:
        copy = Path(folder)
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, copy / name)
        target = copy / broken.file
        text = target.read_text()
        if broken.old not in text:
            raise NotThere(f"{broken.file} has no {broken.old!r}")
        target.write_text(text.replace(broken.old, broken.new))
        command = [sys.executable, "-m", "pytest", "-x", broken.test]
        ran = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
        # 1: tests ran and one failed; anything else (collection error, no test) is no proof
        return ran.returncode == 1 and f"FAILED {broken.test}" in ran.stdout


def main() -> int:
    """A line a break."""
    unnoticed = 0
    for broken in BREAKS:
        seen = noticed(broken)
        unnoticed += not seen
        print(f"{broken.promise:4} {broken.file:50} {'noticed' if seen else 'NOT NOTICED'}", flush=True)
    print(f"{len(BREAKS)} breaks, {unnoticed} not noticed")
    return 1 if unnoticed else 0


if __name__ == "__main__":
    sys.exit(main())
