"""Every code that the API answers, with its meaning: the one list from which code, schema and docs are made."""

from enum import StrEnum
from typing import Self


class Code(StrEnum):
    """`code` of every error: stable, so switch on it. With its status, and what it means to the one who meets it."""

    status: int
    meaning: str

    def __new__(cls, value: str, status: int, meaning: str) -> Self:
        member = str.__new__(cls, value)
        member._value_, member.status, member.meaning = value, status, meaning
        return member

    BAD_REQUEST = "bad_request", 400, "The request cannot be read: its path or query is not encoded as it must be."
    INVALID_JSON = "invalid_json", 400, "The body is not JSON in UTF-8, or not as we read it; `detail` says where."
    INVALID_FORM = "invalid_form", 400, "The body is not a form in UTF-8."
    INVALID_CURSOR = (
        "invalid_cursor",
        400,
        "The cursor is another list's, filter's or member's, or none. Start without one.",
    )
    INVALID_IDEMPOTENCY_KEY = "invalid_idempotency_key", 400, "An Idempotency-Key has 1 to 255 characters."
    WEBHOOK_NOT_VERIFIED = "webhook_not_verified", 400, "The sender of a webhook is not who it says."
    UNAUTHENTICATED = "unauthenticated", 401, "There is no valid token. Sign in."
    FRESH_SIGN_IN_REQUIRED = "fresh_sign_in_required", 401, "The last sign-in is too long ago for this. Sign in again."
    FORBIDDEN = "forbidden", 403, "The request is not allowed."
    OWNER_ONLY = "owner_only", 403, "Only an owner of the workspace may do this."
    NOT_OWNER = "not_owner", 403, "A colleague shares this; only its owner changes it."
    NO_MEMBERSHIP = "no_membership", 403, "The account is not a member of any workspace."
    WORKSPACE_CLOSED = "workspace_closed", 403, "The workspace is being closed; nobody may do anything in it."
    WORKSPACE_LOCKED = (
        "workspace_locked",
        403,
        "The subscription stopped: reading and exporting go on, everything else waits.",
    )
    OTHER_ADDRESS = "other_address", 403, "The invitation was sent to another address than the one that is signed in."
    EMAIL_UNVERIFIED = "email_unverified", 403, "The caller's own address is not verified."
    NOT_FOUND = (
        "not_found",
        404,
        "There is nothing here: unknown, another workspace's, or a colleague's private resource.",
    )
    INVITATION_NOT_FOUND = "invitation_not_found", 404, "The invitation is not valid, or no longer."
    METHOD_NOT_ALLOWED = "method_not_allowed", 405, "The path does not offer this method."
    CONFLICT = (
        "conflict",
        409,
        "Others are changing this at the same time, or its state does not allow it. Read it, then try again.",
    )
    ADDRESS_NOT_STORABLE = (
        "address_not_storable",
        409,
        "The address cannot be stored. The answer is the same whatever the reason is.",
    )
    ALREADY_THERE = "already_there", 409, "The caller has this already, as the resource `id`."
    ALREADY_MEMBER = (
        "already_member",
        409,
        "The account or address belongs to a workspace already. One person is in one: leave that one, or use another account.",
    )
    TOO_MANY_INVITATIONS = "too_many_invitations", 409, "As many invitations wait as may. Withdraw one first."
    TEAM_FULL = "team_full", 409, "The workspace has as many members as it may have."
    ALREADY_DECIDED = (
        "already_decided",
        409,
        "The request is over, or nothing that is named waits for this. Read how it stands.",
    )
    EXTENSION_TOO_LATE = (
        "extension_too_late",
        409,
        "A request is extended once, before its first month is over.",
    )
    LAST_OWNER = "last_owner", 409, "A workspace needs an owner. Make another member an owner first."
    INVITATION_ACCEPTED = "invitation_accepted", 409, "The invitation is being accepted or sent again right now."
    IDEMPOTENCY_IN_PROGRESS = (
        "idempotency_in_progress",
        409,
        "The first request with this key is still running. Try again in a moment.",
    )
    NOT_UPLOADED = "not_uploaded", 409, "The file has not been uploaded yet."
    EXPORT_NOT_READY = "export_not_ready", 409, "The export is still being made. Try again in a moment."
    EXPORT_FAILED = "export_failed", 409, "The export failed. Start a new one."
    NOT_CONNECTABLE = "not_connectable", 409, "The provider permits nothing that we could do with its consent."
    NOT_OFFERED = "not_offered", 409, "The tier is not offered yet; `detail` and GET /v1/providers say which are."
    PROVIDER_NOT_REGISTERED = "provider_not_registered", 409, "The operator has no registration at this provider."
    NEEDS_CONSENT = "needs_consent", 409, "The provider gives no access any more. Connect the account again."
    NOTHING_HELD = "nothing_held", 409, "The connection holds no deletions back, or no longer."
    ALREADY_SUBSCRIBED = "already_subscribed", 409, "The workspace has a subscription already."
    STILL_DISCONNECTING = (
        "still_disconnecting",
        409,
        "The account is being disconnected just now. Try again in a moment.",
    )
    ACCOUNT_UNKNOWN = "account_unknown", 409, "The provider did not say which account consented. Try again."
    GONE = "gone", 410, "This no longer exists."
    CURSOR_EXPIRED = (
        "cursor_expired",
        410,
        "The cursor is too old, or somebody who shared has left, or tables were restored: drop every copy, and read anew.",
    )
    EXPORT_EXPIRED = "export_expired", 410, "The file's day is over. Start a new export."
    CONSENT_UNKNOWN = "consent_unknown", 410, "The consent has expired or was used."
    PRECONDITION_FAILED = "precondition_failed", 412, "The resource has changed since its ETag was read."
    TOO_LARGE = "too_large", 413, "The body is larger than allowed."
    UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type", 415, "The content type is not supported here."
    INVALID = "invalid", 422, "Some fields are invalid: `errors` lists each of them."
    IDEMPOTENCY_KEY_REUSED = "idempotency_key_reused", 422, "The Idempotency-Key was used for another request."
    BAD_MAPPING = "bad_mapping", 422, "The mapping gives too little, or one of our fields twice."
    EMPTY_FILE = "empty_file", 422, "The file is empty."
    NOT_A_TABLE = "not_a_table", 422, "The file is neither CSV nor vCard."
    NOT_A_VCARD = "not_a_vcard", 422, "The file does not begin as a vCard does."
    TOO_MANY_COLUMNS = "too_many_columns", 422, "The first row names more than 500 columns."
    TOO_MANY_ROWS = "too_many_rows", 422, "The file has more rows or cards than allowed."
    UNKNOWN_COLUMNS = "unknown_columns", 422, "None of the columns is known. Name them, or send a mapping."
    UNKNOWN_FORMAT = "unknown_format", 422, "There is no such format. Leave it out."
    UNREADABLE_ENCODING = "unreadable_encoding", 422, "The characters of the file cannot be read. Save it as UTF-8."
    TOO_MANY_REQUESTS = "too_many_requests", 429, "Wait as long as Retry-After says."
    TOO_MANY_PROFILES = "too_many_profiles", 429, "The directory has shown you as many profiles today as it may."
    INTERNAL_ERROR = "internal_error", 500, "Something went wrong on our side."
    SEAL_BROKEN = "seal_broken", 500, "Something went wrong on our side: a record cannot be opened."
    KEY_SHREDDED = "key_shredded", 500, "Something went wrong on our side: a record's key is gone."
    VERSION_CONFLICT = "version_conflict", 500, "Something went wrong on our side: a record was changed meanwhile."
    PROVIDER_REFUSED = (
        "provider_refused",
        502,
        "The provider answered, and refuses what we ask of it. Nothing was done; the operator must look at it.",
    )
    UNAVAILABLE = "unavailable", 503, "A service that we need does not answer. Try again later."
    PROVIDER_UNAVAILABLE = "provider_unavailable", 503, "The provider does not answer. Try again later."
    BILLING_UNAVAILABLE = "billing_unavailable", 503, "Billing information cannot be read right now."
    SUBSCRIPTIONS_NOT_SET_UP = "subscriptions_not_set_up", 503, "This installation has no subscriptions."
    TIMEOUT = "timeout", 504, "The request took too long. Read whether it was done before you repeat it."


class Told(StrEnum):
    """A stable word, with what it means to the one who meets it."""

    meaning: str

    def __new__(cls, value: str, meaning: str) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.meaning = meaning
        return member


class FieldCode(Told):
    """What is wrong with one field of a request: `errors[].code` of a 422."""

    MISSING = "missing", "The field must be sent, and must not be empty."
    UNKNOWN_FIELD = "unknown_field", "There is no such field here; `suggestion` names one that is spelled alike."
    REPEATED = "repeated", "A query parameter stands twice."
    NULL_NOT_ALLOWED = "null_not_allowed", "Null means nothing here. Leave the field out."
    NOT_A_BOOLEAN = "not_a_boolean", "Only true and false are allowed: no text, no number."
    NOT_AN_INTEGER = "not_an_integer", "Only a whole number is allowed: no text, no boolean."
    NOT_A_NUMBER = "not_a_number", "Only a number is allowed: no text, no boolean."
    NOT_A_STRING = "not_a_string", "Only text is allowed."
    NOT_A_LIST = "not_a_list", "Only a list is allowed."
    NOT_AN_OBJECT = "not_an_object", "Only an object is allowed."
    NOT_A_TIME = "not_a_time", "Only a time in the form of RFC 3339 is allowed, or a date where a date is asked for."
    WRONG_TYPE = "wrong_type", "The value has none of the types that are allowed."
    NOT_A_CHOICE = "not_a_choice", "The value is none of those that the message lists."
    OUT_OF_RANGE = "out_of_range", "The number is smaller or larger than allowed."
    TOO_SHORT = "too_short", "The text has fewer characters than allowed."
    TOO_LONG = "too_long", "The text has more characters than allowed."
    TOO_FEW = "too_few", "The list or object has fewer entries than allowed."
    TOO_MANY = "too_many", "The list or object has more entries than allowed."
    WRONG_FORM = "wrong_form", "The text does not have the form that is asked for."
    UNUSABLE_CHARACTER = "unusable_character", "The text holds a control character or a sign that turns the direction."
    LINE_BREAK = "line_break", "The text must be one line."
    INVALID = "invalid", "The value is not what the field is for; the message says what is."
    NOT_AN_ADDRESS = "not_an_address", "The text is no e-mail address."
    HOLDS_ADDRESS = "holds_address", "E-mail addresses and profile pages are not allowed in this field."
    NOBODY = "nobody", "A contact needs a name, an e-mail address, a phone number or a profile."
    UNKNOWN_COMPANY = "unknown_company", "The caller has no such company."
    UNKNOWN_TIER = "unknown_tier", "The provider has no such tier."
    UNKNOWN_LOGIN = "unknown_login", "Nobody signs in to the provider there."
    LOGIN_NOT_OFFERED = "login_not_offered", "Accounts of this cloud of the provider cannot be connected here."
    NOT_FOUND = "not_found", "The caller has nothing with this id."
    NOT_ALLOWED = "not_allowed", "We may not redirect to this address."


_NOT_STORABLE = "The address cannot be stored. The code is the same whatever the reason is."


class RowCode(Told):
    """Why a row or card of a file was not taken: `result.rejected[].code` of a job."""

    NO_IDENTITY = (
        "no_identity",
        "The row says of nobody who it is: no name, address, number or profile; or a company without a name.",
    )
    ADDRESS_NOT_STORABLE = "address_not_storable", _NOT_STORABLE
    ROW_INCOMPLETE = (
        "row_incomplete",
        "The file ends within the row, a card says nothing before it does, or a quote never ends.",
    )
    TOO_MANY_CELLS = "too_many_cells", "The row has more cells than the file has columns."
    TOO_LONG = "too_long", "Nothing but a name of more than 200 characters."
    TOO_MANY_VALUES = "too_many_values", "More values of one kind than a contact has room for, or than are looked at."
    NOT_A_PERSON = "not_a_person", "A card of a group, an organisation or a place."


class CellCode(Told):
    """Why a value was not taken while its row was: `result.dropped[].code` of a job."""

    NOT_AN_ADDRESS = "not_an_address", "The text is no e-mail address."
    NOT_A_NUMBER = "not_a_number", "The text is no phone number, or one that a spreadsheet has rounded."
    NO_TELEPHONE = "no_telephone", "A fax or a pager."
    NO_PERSONS_PAGE = "no_persons_page", "The page is not known to be one person's."
    NO_TITLE = "no_title", "A form of address, no title."
    NOT_AN_ID = "not_an_id", "The text is no id."
    NOT_A_PROPERTY = "not_a_property", "A line of a vCard that is none."
    ADDRESS_NOT_STORABLE = "address_not_storable", "A function's mailbox, beside another identifier of the person."
    ALREADY_GIVEN = "already_given", "Another column or line has said something else."
    FURTHER_VALUE = "further_value", "The first value of the cell was taken, and there are more."
    ADDRESS_IN_TEXT = "address_in_text", "An id that holds an address."
    TOO_LONG = "too_long", "The text has more characters than allowed."
    TOO_MANY_VALUES = "too_many_values", "A contact has room for 20 of a kind."
    NOT_A_TEXT = "not_a_text", "Of an export of ours: a value that is no text."
    NOT_A_DOMAIN = "not_a_domain", "Of an export of ours: no domain."
    NOT_A_COUNTRY = "not_a_country", "Of an export of ours: no country."
    NOT_A_SIZE = "not_a_size", "Of an export of ours: no size of a company."
    NOT_A_TAG = "not_a_tag", "Of an export of ours: no tag."
    SEEN_BY_COLLEAGUES = (
        "seen_by_colleagues",
        "Of an export of ours: a tag that colleagues would see, of a company that they see already.",
    )


class JobFailure(Told):
    """Why a job failed: `failure`. Of a sync that is the outcome of its run."""

    IMPORT_FAILED = "import_failed", "The import failed on our side. Send the file again."
    EXPORT_FAILED = "export_failed", "The export failed. Start a new one."
    NOT_UPLOADED = "not_uploaded", "The file was not uploaded."
    OTHER_SIZE = "other_size", "The file has another size than was announced."
    TOO_LARGE = "too_large", "The file is larger than allowed."
    BAD_MAPPING = "bad_mapping", Code.BAD_MAPPING.meaning
    EMPTY_FILE = "empty_file", Code.EMPTY_FILE.meaning
    NOT_A_TABLE = "not_a_table", Code.NOT_A_TABLE.meaning
    NOT_A_VCARD = "not_a_vcard", Code.NOT_A_VCARD.meaning
    TOO_MANY_COLUMNS = "too_many_columns", Code.TOO_MANY_COLUMNS.meaning
    TOO_MANY_ROWS = "too_many_rows", Code.TOO_MANY_ROWS.meaning
    UNKNOWN_COLUMNS = "unknown_columns", Code.UNKNOWN_COLUMNS.meaning
    UNKNOWN_FORMAT = "unknown_format", Code.UNKNOWN_FORMAT.meaning
    UNREADABLE_ENCODING = "unreadable_encoding", Code.UNREADABLE_ENCODING.meaning


class RunOutcome(Told):
    """How a run of a connection ended: `outcome`."""

    COMPLETE = "complete", "Every stream was read to its end."
    TO_BE_CONTINUED = "to_be_continued", "The next run goes on."
    RUNNING = "running", "The run has not ended."
    KILLED = "killed", "The run never said how it ended; the next one goes on."
    TAKEN_OVER = "taken_over", "Another run goes on instead."
    WAITS_FOR_ITS_TURN = "waits_for_its_turn", "Another import or sync of the member is writing; it is tried again."
    UNAVAILABLE = "unavailable", "A service that we need did not answer; it is tried again."
    OVER_QUOTA = "over_quota", "The provider wants us to wait; it is tried again."
    NOT_READY = "not_ready", "The provider is still preparing what it gives of the account; it is asked again."
    PAGES_REPEAT = "pages_repeat", "The provider's pages repeat themselves; it is tried again."
    PROVIDER_UNAVAILABLE = "provider_unavailable", "The provider did not answer; it is tried again."
    PROVIDER_REFUSED = "provider_refused", "The provider refused a request; it is tried again."
    APP_MISSING = "app_missing", "The operator has no registration at this provider; it is tried again."
    APP_REFUSED = "app_refused", "The provider refuses the operator's registration; it is tried again."
    API_OFF = "api_off", "The operator's project may not use the provider's interface; it is tried again."
    NEEDS_CONSENT = "needs_consent", "The provider gives no access any more. Connect the account again."
    NOT_PERMITTED = "not_permitted", "The provider permits none of what is to be read; it is tried again, for a while."


class SkipCode(Told):
    """Why a provider's record or message is not stored: the names in `skipped`."""

    ADDRESS_NOT_STORABLE = "address_not_storable", _NOT_STORABLE
    NOBODY = "nobody", "The record says of nobody who it is."
    TOO_MANY_VALUES = "too_many_values", "The record names more than 100 addresses."
    DROPPED_HERE = "dropped_here", "The member deleted here what was made of the record."
    LIFE_ENDED = "life_ended", "The life of what was made of the record has ended."
    NO_CONTACT = "no_contact", "Of a message: with nobody whom the member has as a contact."
    AUTOMATIC = "automatic", "Of a message: written by no person."
    TOO_OLD = "too_old", "Of a message: older than messages are counted."
    NOT_YET = "not_yet", "Of a message: dated in the future."
