"""The objects of a simulated org and a part of their fields: what is read, and much that never may be.

https://developer.salesforce.com/docs/platform/object-reference/references/standard-objects/ (object-account.html,
object-contact.html, object-invoice.html, object-opportunity.html, …); IKO_Tenant__c is the custom field that the README tells
the operator to make. The fields of SYSTEM are those of every object (system_fields.htm).
"""

SYSTEM = ("Id", "IsDeleted", "CreatedDate", "LastModifiedDate", "SystemModstamp")
_OWN = {
    "Account": (
        "Name AccountNumber Phone AnnualRevenue Industry NumberOfEmployees Website Description BillingCity Rating OwnerId "
        "IKO_Tenant__c MasterRecordId IsPersonAccount PersonContactId PersonEmail"
    ),
    "Contact": (
        "FirstName LastName Email Title AccountId HasOptedOutOfEmail Phone MobilePhone Department Description Birthdate "
        "MailingStreet MailingCity LeadSource OwnerId MasterRecordId IsPersonAccount"
    ),
    "Invoice": (
        "BillingAccountId BillToContactId InvoiceNumber DocumentNumber InvoiceDate DueDate TotalAmount TotalTaxAmount "
        "TotalAmountWithTax Balance CurrencyIsoCode Status Description"
    ),
    "Opportunity": "Name AccountId Amount StageName CloseDate Probability ForecastCategory NextStep Description",
    "OpportunityLineItem": "OpportunityId Quantity UnitPrice TotalPrice Description",
    "Task": "Subject Description WhoId WhatId ActivityDate Status",
    "Event": "Subject Description Location WhoId WhatId StartDateTime",
    "EmailMessage": "Subject TextBody FromAddress ToAddress RelatedToId",
    "ContentDocument": "Title Description FileType",
    "Note": "Title Body ParentId",
    "Case": "Subject Description ContactId Status",
    "Lead": "FirstName LastName Company Email Description",
}
# Of an org that has person accounts; in any other these are no fields.
PERSON_ACCOUNTS = frozenset(
    {"Account.IsPersonAccount", "Account.PersonContactId", "Account.PersonEmail", "Contact.IsPersonAccount"}
)
FIELDS = {name: (*SYSTEM, *own.split()) for name, own in _OWN.items()}
MOMENTS = frozenset({"CreatedDate", "LastModifiedDate", "SystemModstamp"})
YES_OR_NO = frozenset({"IsDeleted", "HasOptedOutOfEmail", "IsPersonAccount"})
KEYS = frozenset(
    {
        "Id",
        "MasterRecordId",
        "AccountId",
        "OwnerId",
        "BillingAccountId",
        "OpportunityId",
        "WhoId",
        "WhatId",
        "ParentId",
        "ContactId",
        "PersonContactId",
    }
)
KEY_PREFIX = {
    "Account": "001",
    "Contact": "003",
    "Invoice": "3tt",
    "Opportunity": "006",
    "OpportunityLineItem": "00k",
    "Task": "00T",
    "Event": "00U",
    "EmailMessage": "02s",
    "ContentDocument": "069",
    "Note": "002",
    "Case": "500",
    "Lead": "00Q",
}
