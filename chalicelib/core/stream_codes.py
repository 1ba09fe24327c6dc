"""What is said of a stream that cannot be read, or not whole: stable words, like those of core/codes."""

from chalicelib.core.codes import Told


class StreamReason(Told):
    """Why a stream of a connection cannot be read: `reason` in its health."""

    SCOPE_MISSING = "scope_missing", "Your consent does not include it. Connect the account again, and allow it."
    FIELDS_HIDDEN = "fields_hidden", "The account hides fields without which it is not read. Ask its administrator."
    NO_ACCESS = "no_access", "You may not see these records in the account. Ask its administrator."
    ADMIN_FORBIDS = "admin_forbids", "The account's administrator does not allow it."
    API_DISABLED = "api_disabled", "The account's interface for programs is switched off. Ask its administrator."
    SESSION_REFUSED = "session_refused", "The provider refuses our access to it. Ask the account's administrator."
    NO_MAILBOX = "no_mailbox", "The account has no mailbox."
    NOT_OPEN_TO_THIS_MEMBER = "not_open_to_this_member", "The provider does not offer it to you."
    FORBIDDEN = (
        "forbidden",
        "The provider forbids it, and does not say why. Often an administrator or the plan does not allow it.",
    )
    REFUSED = (
        "refused",
        "The provider refuses it, and does not say why. Often an administrator or the plan does not allow it.",
    )


class Absent(Told):
    """What it means that an account does not show a field of a stream: `code` of one in `hidden_fields`."""

    NOT_READ = "not_read", "Without it nothing of the stream is read. What came before stays as it was."
    OPT_OUT_UNKNOWN = "opt_out_unknown", "Whether a person wants no mail is not known. Opt-outs known before stand."
    TITLE_UNKNOWN = "title_unknown", "Job titles are not read. Those known before stay."
    COMPANY_UNKNOWN = "company_unknown", "At which company a person is, is not read. Links known before stay."
    DOMAIN_UNKNOWN = "domain_unknown", "Companies' websites are not read. Those known before stay."
    MERGES_UNKNOWN = (
        "merges_unknown",
        "Which record another was merged into is not read: what you added to that other one does not move on.",
    )
