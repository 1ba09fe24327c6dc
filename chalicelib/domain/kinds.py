"""Every record kind of the product, gathered: what erasure, purge, export, retention and replay walk.

Importing this module loads every records module; a record class that is not reachable from here fails a test.
"""

from chalicelib.domain.accounts.records import (
    AccountAddressRow,
    IdentityRow,
    InvitationRow,
    InvitedRow,
    MemberRow,
    TenantRow,
)
from chalicelib.domain.audit.records import JournalRecord, RestoredRecord, ShownRecord
from chalicelib.domain.certificates.records import CertificateRecord, SigningKeyRecord
from chalicelib.domain.companies.records import CompanyRecord, LentNamesRecord
from chalicelib.domain.connections.records import ConnectionRecord, ConsentRow, CredentialRecord, MailboxRow
from chalicelib.domain.contacts.records import ContactRecord, ExchangeRecord, WriterLockRecord
from chalicelib.domain.directory.records import FeedRecord, ListingRecord, ProfileRecord, ProfileTokenRecord
from chalicelib.domain.exports.records import ExportingRecord, ExportRecord
from chalicelib.domain.imports.records import MappingRecord, UploadRecord
from chalicelib.domain.ingest.records import TypedRecord
from chalicelib.domain.matching.records import ApartRecord, BlockRecord, IndexRecord, MatchingRecord, MatchRecord
from chalicelib.domain.network.records import HeardRecord, IntroductionRecord, IntroductionRequestRecord
from chalicelib.domain.privacy.asking_records import AskedRecord, OwnPartRecord, TaskRecord
from chalicelib.domain.privacy.records import (
    AnsweredRecord,
    ErasureRecord,
    OfficerActionRecord,
    OfficerMailRecord,
    OpenRequestRecord,
    PersonRecord,
    RequestRecord,
    SignedOutRecord,
    TracesRecord,
)
from chalicelib.domain.purge.records import LeavingRecord, LedgerRecord, PurgeRecord
from chalicelib.domain.retention.records import LivesRecord
from chalicelib.domain.signals.records import SignalRecord
from chalicelib.domain.sources.records import SourceLinkRecord
from chalicelib.domain.subscription.records import EventRow, PayPalRow, SubscriptionRow, SurplusRow
from chalicelib.domain.suppression.records import OptOutRecord, TombstoneRecord, WishRecord
from chalicelib.domain.sync.records import CheckpointRecord, PassRecord, RunRecord
from chalicelib.domain.work.records import JobRecord
from chalicelib.store.counters import CounterRecord
from chalicelib.store.due import DueRecord
from chalicelib.store.idempotency import OnceRecord
from chalicelib.store.pointers import PointerRecord
from chalicelib.store.records import SealedRecord

RECORDS: tuple[type[SealedRecord], ...] = (
    AccountAddressRow,
    AnsweredRecord,
    ApartRecord,
    AskedRecord,
    BlockRecord,
    CertificateRecord,
    CheckpointRecord,
    CompanyRecord,
    ConnectionRecord,
    ConsentRow,
    ContactRecord,
    SourceLinkRecord,
    CounterRecord,
    CredentialRecord,
    DueRecord,
    ErasureRecord,
    EventRow,
    SurplusRow,
    ExchangeRecord,
    ExportingRecord,
    ExportRecord,
    FeedRecord,
    HeardRecord,
    IdentityRow,
    IndexRecord,
    IntroductionRecord,
    IntroductionRequestRecord,
    InvitationRow,
    InvitedRow,
    JobRecord,
    JournalRecord,
    LeavingRecord,
    LedgerRecord,
    LentNamesRecord,
    ListingRecord,
    LivesRecord,
    MailboxRow,
    MappingRecord,
    MatchingRecord,
    MatchRecord,
    MemberRow,
    OfficerActionRecord,
    OfficerMailRecord,
    OnceRecord,
    OpenRequestRecord,
    OptOutRecord,
    OwnPartRecord,
    PassRecord,
    PayPalRow,
    PersonRecord,
    PointerRecord,
    ProfileRecord,
    ProfileTokenRecord,
    PurgeRecord,
    RequestRecord,
    RestoredRecord,
    RunRecord,
    ShownRecord,
    SignedOutRecord,
    SignalRecord,
    SigningKeyRecord,
    SubscriptionRow,
    TaskRecord,
    TenantRow,
    TombstoneRecord,
    TracesRecord,
    TypedRecord,
    WishRecord,
    WriterLockRecord,
    UploadRecord,
)
BY_KIND: dict[str, type[SealedRecord]] = {record.declared.kind: record for record in RECORDS}
