"""Breaks of what a restore may not open again."""

from tests.breaks.replacement import Break

_SETTINGS = "tests/flows/test_restore_settings.py"

RESTORES = (
    Break(
        "P4",
        "chalicelib/domain/accounts/membership.py",
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
        '    earlier = objects.under(bucket, prefix)\n    _put(f"{prefix}{ids.ulid()}", entry)\n    return earlier\n',
        '    _put(f"{prefix}{ids.ulid()}", entry)\n    return objects.under(bucket, prefix)\n',
        f"{_SETTINGS}::test_what_was_closed_since_is_closed_again",
    ),
    Break(
        "P4",
        "chalicelib/domain/accounts/restore.py",
        '            _tell(row, "settings_restored", max(noted))\n',
        "            pass\n",
        f"{_SETTINGS}::test_what_was_opened_since_is_closed_and_its_member_told_once",
    ),
)
