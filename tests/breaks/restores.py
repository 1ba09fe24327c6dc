"""Breaks of what a restore may not open again."""

from tests.breaks.replacement import Break

_SETTINGS = "tests/flows/test_restore_settings.py"
_TEAM = "tests/flows/test_restore_team.py"

RESTORES = (
    Break(
        "P4",
        "chalicelib/domain/accounts/own_settings.py",
        "        earlier[:] = choices.note_member(found.actor.tenant, row.member, payload.settings, after)\n",
        "",
        f"{_SETTINGS}::test_what_was_closed_since_is_closed_again",
    ),
    Break(
        "P15",
        "chalicelib/domain/accounts/retention_settings.py",
        "        earlier[:] = choices.note_workspace(actor.tenant, payload, changed_payload)\n",
        "",
        f"{_SETTINGS}::test_fewer_days_of_a_workspace_stay_fewer",
    ),
    Break(
        "P4",
        "chalicelib/domain/certificates/replay_log.py",
        '    earlier = objects.keys(bucket, prefix=prefix)\n    _put(f"{prefix}{ids.ulid()}", entry)\n    return earlier\n',
        '    _put(f"{prefix}{ids.ulid()}", entry)\n    return objects.keys(bucket, prefix=prefix)\n',
        f"{_SETTINGS}::test_what_was_closed_since_is_closed_again",
    ),
    Break(
        "P4",
        "chalicelib/domain/accounts/restore.py",
        '            untold = _tell(row, "settings_restored", max(noted))\n',
        "            pass\n",
        f"{_SETTINGS}::test_what_was_opened_since_is_closed_and_its_member_told_once",
    ),
    Break(
        "P13",
        "chalicelib/domain/accounts/restore.py",
        "    except mails.NotTaken:\n        return 1  # logged where it was tried\n",
        "    except mails.NotTaken:\n        raise\n",
        f"{_SETTINGS}::test_a_mail_that_is_not_taken_holds_up_no_deletion_and_is_sent_by_a_later_replay",
    ),
    Break(
        "P4",
        "chalicelib/domain/accounts/team.py",
        "        earlier[:] = choices.note_workspace(tenant, before, after)\n",
        "",
        f"{_TEAM}::test_an_owner_who_was_made_a_member_is_one_again",
    ),
    Break(
        "P4",
        "chalicelib/domain/accounts/choices.py",
        " or here or payload.owners\n",
        "\n",
        f"{_TEAM}::test_a_workspace_keeps_an_owner",
    ),
    Break(
        "P13",
        "chalicelib/domain/accounts/invitations.py",
        "    replay_log.note_withdrawal(tenant, ident, payload.updated_at)\n",
        "",
        f"{_TEAM}::test_a_withdrawn_invitation_is_withdrawn_again_and_a_later_one_stays",
    ),
    Break(
        "P13",
        "chalicelib/domain/accounts/invite.py",
        '            _rewrite(row, before.model_copy(update={"updated_at": clock.now()}))\n',
        "            _rewrite(row, before)\n",
        f"{_TEAM}::test_an_old_link_that_works_again_as_no_new_mail_went_is_not_withdrawn",
    ),
    Break(
        "P13",
        "chalicelib/domain/accounts/invitations.py",
        "        _stay(row)\n",
        "",
        f"{_TEAM}::test_an_invitation_that_was_accepted_as_it_was_withdrawn_is_not_withdrawn",
    ),
    Break(
        "P13",
        "chalicelib/domain/accounts/accept.py",
        '{"claim": None, "updated_at": clock.now()}',
        '{"claim": None}',
        f"{_TEAM}::test_an_acceptance_that_comes_to_nothing_leaves_an_invitation_that_works",
    ),
    Break(
        "P13",
        "chalicelib/domain/purge/offboarding.py",
        "            at=clock.rfc3339(plan.asked_at),\n",
        "            at=clock.rfc3339(clock.now()),\n",
        f"{_TEAM}::test_who_was_removed_and_invited_again_at_once_may_come_in_after_a_replay",
    ),
    Break(
        "P13",
        "chalicelib/domain/suppression/opt_outs.py",
        "    erased = blocked_tags(tenant, entry.people)\n",
        "    erased: set[str] = set()\n",
        f"{_TEAM}::test_who_wanted_no_mail_wants_none_after_a_restore",
    ),
    Break(
        "P13",
        "chalicelib/domain/suppression/opt_outs.py",
        "    if people:\n        replay_log.note_opt_outs(",
        "    if people and not said:\n        replay_log.note_opt_outs(",
        f"{_TEAM}::test_who_wanted_no_mail_wants_none_after_a_restore",
    ),
    Break(
        "P9",
        "chalicelib/domain/connections/connect.py",
        "    if payload.mail_ended:\n",
        "    if False:\n",
        "tests/flows/test_restore_connections.py::test_a_mailbox_that_its_member_wanted_read_no_more_is_not_read_again",
    ),
    Break(
        "P13",
        "chalicelib/domain/privacy/restore.py",
        "    ended = work.run()\n",
        "    ended = True\n",
        "tests/promises/test_p13_restores.py::test_a_restore_opens_nothing_and_brings_back_nobody[1]",
    ),
    Break(
        "P4",
        "chalicelib/domain/accounts/restore.py",
        "        after = choices.private_settings(payload.settings, noted.values())\n",
        "        after = payload.settings\n",
        "tests/crash/test_crash_replay_settings.py::test_a_replay_of_settings_killed_at_any_call",
    ),
)
