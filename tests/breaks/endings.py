"""Breaks of what is decided only when something ends: by PayPal's word, by the settings and tags of that moment."""

from tests.breaks.replacement import Break

ENDINGS = (
    Break(
        "P6",
        "chalicelib/domain/subscription/cancel.py",
        "    if payload.state.live:\n        return _ask_until_it_ends(actor)\n",
        "",
        "tests/flows/test_subscription_unconfirmed.py::test_a_yes_of_paypals_is_read_again",
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
)
