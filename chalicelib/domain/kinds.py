"""Every record kind of the product, gathered: what erasure, purge, export and the lives are driven by.

Importing this module loads every records module; a record class that is not reachable from here fails a test.
"""

from chalicelib.domain.accounts.records import IdentityRow, MemberRow, TenantRow
from chalicelib.domain.certificates.records import CertificateRecord, SigningKeyRecord
from chalicelib.domain.companies.records import CompanyRecord
from chalicelib.domain.contacts.records import ContactRecord
from chalicelib.domain.imports.records import MappingRecord, TurnRecord, UploadRecord
from chalicelib.domain.privacy.records import CounterRecord, ErasureRecord, PersonRecord, RequestRecord
from chalicelib.domain.suppression.records import TombstoneRecord
from chalicelib.domain.work.records import JobRecord
from chalicelib.store.due import DueRecord
from chalicelib.store.idempotency import OnceRecord
from chalicelib.store.pointers import PointerRecord
from chalicelib.store.records import SealedRecord

RECORDS: tuple[type[SealedRecord], ...] = (
    CertificateRecord,
    CompanyRecord,
    ContactRecord,
    CounterRecord,
    DueRecord,
    ErasureRecord,
    IdentityRow,
    JobRecord,
    MappingRecord,
    MemberRow,
    OnceRecord,
    PersonRecord,
    PointerRecord,
    RequestRecord,
    SigningKeyRecord,
    TenantRow,
    TombstoneRecord,
    TurnRecord,
    UploadRecord,
)
BY_KIND: dict[str, type[SealedRecord]] = {record.declared.kind: record for record in RECORDS}
