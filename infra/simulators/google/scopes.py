"""The scopes that this simulator knows, in the words of Google's consent page.

https://developers.google.com/identity/protocols/oauth2/scopes. `email` and `profile` are short for their long forms.
"""

_BASE = "https://www.googleapis.com/auth/"
OPENID = "openid"
EMAIL, PROFILE = _BASE + "userinfo.email", _BASE + "userinfo.profile"
CONTACTS, CONTACTS_READONLY = _BASE + "contacts", _BASE + "contacts.readonly"
MAIL = "https://mail.google.com/"
MODIFY, READONLY, METADATA = _BASE + "gmail.modify", _BASE + "gmail.readonly", _BASE + "gmail.metadata"
SEND, COMPOSE, LABELS = _BASE + "gmail.send", _BASE + "gmail.compose", _BASE + "gmail.labels"

SIGN_IN = {
    OPENID: "Associate you with your personal info on Google",
    EMAIL: "See your primary Google Account email address",
    PROFILE: "See your personal info, including any personal info you've made publicly available",
}
OTHERS = {
    CONTACTS: "See, edit, download, and permanently delete your contacts",
    CONTACTS_READONLY: "See and download your contacts",
    MAIL: "Read, compose, send, and permanently delete all your email from Gmail",
    MODIFY: "Read, compose, and send emails from your Gmail account",
    READONLY: "View your email messages and settings",
    METADATA: "View your email message metadata such as labels and headers, but not the email body",
    SEND: "Send email on your behalf",
    COMPOSE: "Manage drafts and send emails",
    LABELS: "See and edit your email labels",
}
_SHORT = {"email": EMAIL, "profile": PROFILE}


def named(text: str) -> tuple[str, ...]:
    """The scopes of a request's `scope`, in their long forms, each once."""
    return tuple(dict.fromkeys(_SHORT.get(each, each) for each in text.split()))
