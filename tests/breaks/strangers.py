"""Breaks of what holds against strangers: their mails, their forms, their floods."""

from tests.breaks.replacement import Break

_READING = "tests/unit/domain/privacy/test_adversarial_mail.py"
_ODD = "tests/unit/domain/privacy/test_odd_mails.py"
_SENDER = "tests/unit/domain/privacy/test_sender.py"
_LANGUAGE = "tests/unit/domain/privacy/test_language.py"
_ANSWERS = "tests/flows/test_language_of_answers.py"
_LIMITS = "tests/flows/test_mail_limits.py"
_REPEATED = "tests/unit/store/test_repeated_writes.py"
_OFFICER = "tests/flows/test_officer.py"
_CLOCK = "tests/flows/test_request_clock.py"

STRANGERS = (
    Break(
        "P13",
        "chalicelib/domain/redaction/folding.py",
        'WORD = re.compile(rf"[^\\W\\d_](?:[^\\W\\d_]|[{MARKS}])*")',
        'WORD = re.compile(r"[^\\W\\d_]+")',
        "tests/unit/domain/redaction/test_prose.py::test_names_with_what_other_languages_write_into_them",
    ),
    Break(
        "P13",
        "chalicelib/domain/ingest/identity.py",
        '_WORD = re.compile(rf"[^\\W_](?:[^\\W_]|[{MARKS}])*")',
        '_WORD = re.compile(r"[^\\W_]+")',
        "tests/unit/domain/ingest/test_identity.py"
        "::test_names_agree_where_one_is_missing_shorter_turned_or_spelt_otherwise",
    ),
    Break(
        "P13",
        "chalicelib/domain/contacts/merge.py",
        "[self.source_id] if self.source_id else []) + self.meant",
        "[self.source_id] if self.source_id else [])",
        "tests/promises/test_p13_cells.py::test_no_record_of_a_connection",
    ),
    Break(
        "P13",
        "chalicelib/domain/redaction/likeness.py",
        "    if address.is_usual:",
        "    if address.exact:",
        "tests/unit/domain/imports/test_meant.py::test_rubbish_before_an_address_and_lists_hide_nobody",
    ),
    Break(
        "P13",
        "chalicelib/domain/imports/parsing/values.py",
        "odd = names_somebody = _AT",
        "odd, names_somebody = False, _AT",
        "tests/unit/domain/imports/test_meant.py::test_a_row_still_names_whom_a_torn_address_beside_its_number_means",
    ),
    Break(
        "P13",
        "chalicelib/domain/contacts/repository.py",
        "[*held, *marks_of(meant)]",
        "[*held]",
        "tests/flows/test_refused_addresses.py::test_rubbish_before_an_erased_address_is_that_address",
    ),
    Break(
        "P13",
        "chalicelib/domain/privacy/parsing/folding.py",
        'r" ?\\n ?", "\\n", re.sub(r"[^\\S\\n]+", " ", _QUOTED.sub(" ", folded(text)))',
        'r"\\s*\\n\\s*", "\\n", _QUOTED.sub(" ", folded(text))',
        f"{_READING}::test_every_mail_is_read_in_bounded_time",
    ),
    Break(
        "P13",
        "chalicelib/domain/privacy/parsing/intent.py",
        "certain = certain and not _in_doubt(letter, found, text, plain(writer.address))",
        "pass",
        "tests/unit/domain/privacy/test_doubts.py::test_a_wish_in_doubt_is_not_acted_on",
    ),
    Break(
        "P13",
        "chalicelib/domain/privacy/parsing/charsets.py",
        "    return name if name in _CHARSETS else",
        "    return name if name else",
        f"{_READING}::test_every_mail_is_read_in_bounded_time",
    ),
    Break(
        "P13",
        "chalicelib/domain/privacy/parsing/mime.py",
        'self.unread.add("depth")',
        'self.unread.discard("depth")',
        f"{_READING}::test_what_was_not_read_is_told",
    ),
    Break(
        "P13",
        "chalicelib/domain/privacy/parsing/mime.py",
        'unfolded.decode("utf-8", "replace") if known == "from" else',
        'unfolded.decode("latin-1") if known == "from" else',
        f"{_SENDER}::test_what_could_be_read_in_two_ways_names_nobody",
    ),
    Break(
        "P13",
        "chalicelib/domain/privacy/parsing/sender.py",
        'if _UNREADABLE in joined or "=?" in joined or not _as_it_is(joined):',
        "if _UNREADABLE in joined:",
        f"{_SENDER}::test_what_could_be_read_in_two_ways_names_nobody",
    ),
    Break(
        "P13",
        "chalicelib/domain/privacy/parsing/mail.py",
        "or froms not in (None, len(written)) or",
        "or",
        f"{_ODD}::test_line_ends_that_hide_a_from_name_nobody",
    ),
    Break(
        "P13",
        "chalicelib/domain/privacy/parsing/language.py",
        "counts = weight / heaviest * (",
        "counts = (",
        f"{_LANGUAGE}::test_the_persons_own_words_tell",
    ),
    Break(
        "P13",
        "chalicelib/jobs/inbound_mail.py",
        "language=answering(found.language)",
        'language=answering("")',
        f"{_ANSWERS}::test_the_answer_is_in_a_language_that_we_have",
    ),
    Break(
        "P13",
        "chalicelib/core/languages.py",
        '"cs", "ro", "el", "hr"]',
        '"cs", "ro", "hr"]',
        f"{_ANSWERS}::test_who_asks_in_a_language_is_led_to_the_end_in_it[el]",
    ),
    Break(
        "P13",
        "chalicelib/texts/render.py",
        'words = catalogue(PERSONS, language)["day"]',
        'words = catalogue(PERSONS, "en")["day"]',
        "tests/unit/texts/test_catalogues.py::test_days_are_written_as_people_write_them[hr]",
    ),
    Break(
        "P13",
        "chalicelib/domain/privacy/parsing/mail.py",
        'return "\\n".join(plain_texts)',
        "return plain_texts[0]",
        f"{_ODD}::test_a_text_in_two_with_a_picture_between_is_read_whole",
    ),
    Break(
        "P13",
        "chalicelib/store/counters.py",
        "attribute_not_exists(uses) OR uses < {_OPERAND}",
        "attribute_not_exists(uses) OR uses <= {_OPERAND}",
        f"{_LIMITS}::test_counters_take_exactly_the_limit",
    ),
    Break(
        "P13",
        "chalicelib/domain/privacy/limits.py",
        '("mail-to", address.base)',
        '("mail-to", address.exact)',
        f"{_LIMITS}::test_proven_mails_of_aliases_count_for_their_mailbox",
    ),
    Break(
        "P13",
        "chalicelib/domain/privacy/limits.py",
        "most - FOR_THE_MAILBOX_ITSELF - first.alias",
        "most - first.alias",
        f"{_LIMITS}::test_spellings_without_end_leave_the_mailbox_its_own_mail",
    ),
    Break(
        "P13",
        "chalicelib/domain/privacy/limits.py",
        "most - first.mailbox",
        "most",
        "tests/flows/test_mail_turns.py::test_a_flood_of_other_mails_for_an_address",
    ),
    Break(
        "P13",
        "chalicelib/domain/privacy/mail_domains.py",
        "if proven and sender.domain in OPEN_TO_ALL:",
        "if False:",
        f"{_LIMITS}::test_who_answers_for_a_proven_mail",
    ),
    Break(
        "P13",
        "chalicelib/domain/privacy/limits.py",
        "MAILS_IN_ALL[origin.way] // 2",
        "MAILS_IN_ALL[origin.way]",
        f"{_LIMITS}::test_one_stranger_stops_nobody",
    ),
    Break(
        "P13",
        "chalicelib/domain/privacy/workflow.py",
        "outcomes.append(_answer(*found) or _remind(*found))",
        "outcomes.append(_remind(*found))",
        f"{_LIMITS}::test_fifty_at_once_beyond_the_limit_of_their_network",
    ),
    Break(
        "P13",
        "chalicelib/api/pages.py",
        'return _page("received" if answered else "received_later", _language(call))',
        'return _page("received", _language(call))',
        f"{_LIMITS}::test_fifty_at_once_for_one_address",
    ),
    Break(
        "P13",
        "chalicelib/store/rows.py",
        "record.save(condition=condition | done)",
        "record.save(condition=condition)",
        f"{_REPEATED}::test_a_row_over_what_was_read",
    ),
    Break(
        "P13",
        "chalicelib/store/rows.py",
        "done = (kind.written == record.written) & (kind.lock == int(record.lock))",
        "done = kind.written == record.written",
        f"{_REPEATED}::test_what_another_has_written_since_stays",
    ),
    Break(
        "P1",
        "chalicelib/api/identity.py",
        'or audience not in str(proved.get("audiences", "")).split():',
        "or not audience:",
        f"{_OFFICER}::test_only_the_officers_audience_opens_anything",
    ),
    Break(
        "P13",
        "chalicelib/domain/privacy/watch.py",
        "if level is not None and (told is None or level < told):",
        "if level is not None and told is None:",
        f"{_CLOCK}::test_what_nobody_decides_is_kept_and_told_of_for_a_year",
    ),
    Break(
        "P13",
        "chalicelib/domain/privacy/model.py",
        "Intake.RECEIVED if others else Intake.LAPSED",
        "Intake.LAPSED",
        "tests/unit/domain/privacy/test_states.py::test_a_request_that_nobody_confirms_ends_but_for_what_our_officer_decides",
    ),
    Break(
        "P13",
        "chalicelib/domain/privacy/officer.py",
        'file.owe("answered", rights, "", text)',
        "pass",
        f"{_OFFICER}::test_an_answer_is_mailed_once_and_closes_the_request",
    ),
    Break(
        "P13",
        "chalicelib/domain/privacy/replies.py",
        "        right.move(RightState.FOR_OFFICER)\n",
        "        pass\n",
        f"{_OFFICER}::test_the_person_is_asked_the_clock_stands_and_the_reply_joins",
    ),
    Break(
        "P13",
        "chalicelib/api/pages.py",
        'if not other and pressed in (first, button_value(token, "erase")):',
        "if not other:",
        "tests/flows/test_privacy_request.py::test_looking_at_the_link_changes_nothing_and_using_it_twice_does_no_harm",
    ),
)
