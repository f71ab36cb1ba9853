// What the demo must know of each provider: how its sandbox gives a short limit, and which collections hold the records of our datasets.

// The reports and the split lists have no list of records to compare with. What a provider changes without telling follows with a weekly full pass.
export const Xero = {
  key: 'xero',
  name: 'Xero',
  sandbox: at => at.sandbox,
  records: 60_000,
  collections: {
    organisation: ['Organisation', 'OrganisationID'], users: ['Users', 'UserID'], accounts: ['Accounts', 'AccountID'], 'tax-rates': ['TaxRates', 'TaxType'],
    'tracking-categories': ['TrackingCategories', 'TrackingCategoryID'], currencies: ['Currencies', 'Code'], items: ['Items', 'ItemID'],
    contacts: ['Contacts', 'ContactID'], invoices: ['Invoices', 'InvoiceID'], 'credit-notes': ['CreditNotes', 'CreditNoteID'],
    overpayments: ['Overpayments', 'OverpaymentID'], prepayments: ['Prepayments', 'PrepaymentID'], payments: ['Payments', 'PaymentID'],
    'batch-payments': ['BatchPayments', 'BatchPaymentID'], 'bank-transactions': ['BankTransactions', 'BankTransactionID'],
    'bank-transfers': ['BankTransfers', 'BankTransferID'], 'manual-journals': ['ManualJournals', 'ManualJournalID'],
    'repeating-invoices': ['RepeatingInvoices', 'RepeatingInvoiceID'], assets: ['Assets', 'assetId'], 'asset-types': ['AssetTypes', 'assetTypeId'],
  },
  silent: { contacts: ['Balances', 'IsSupplier', 'IsCustomer'], invoices: ['DueDate', 'DueDateString', 'SentToContact'], 'bank-transactions': ['IsReconciled'], payments: ['IsReconciled'] },
  // What the next sync sees; matching with the bank and merges are told later.
  mended: ['aged-balances', 'attachments', 'contact-defaults', 'draft-documents', 'duplicate-transactions', 'lock-dates'],
  async shorten(sandbox, organisation) {
    const { daySeconds } = await sandbox.get('limits');
    // Few enough that a slow machine meets the limit too.
    await sandbox.patch('limits', { daySeconds: 60 });
    await sandbox.put(`limits/tenants/${organisation.tenantId}`, { day: 30, minute: 1000 });
    return {
      words: 'Xero gives our app 30 calls a "day", and a day here lasts 60 seconds.',
      async restore() {
        await sandbox.patch('limits', { daySeconds });
        await sandbox.delete(`limits/tenants/${organisation.tenantId}`);
      },
    };
  },
};

const entity = name => [name, 'Id'];

export const QuickBooks = {
  key: 'quickbooks',
  name: 'QuickBooks',
  sandbox: at => at.quickBooks,
  records: 20_000,
  collections: {
    company: entity('CompanyInfo'), preferences: entity('Preferences'), 'tax-codes': entity('TaxCode'), 'tax-rates': entity('TaxRate'), 'tax-agencies': entity('TaxAgency'),
    accounts: entity('Account'), currencies: entity('CompanyCurrency'), classes: entity('Class'), departments: entity('Department'), terms: entity('Term'), items: entity('Item'),
    customers: entity('Customer'), vendors: entity('Vendor'), employees: entity('Employee'), invoices: entity('Invoice'), 'sales-receipts': entity('SalesReceipt'),
    'credit-memos': entity('CreditMemo'), 'refund-receipts': entity('RefundReceipt'), bills: entity('Bill'), 'vendor-credits': entity('VendorCredit'), payments: entity('Payment'),
    'bill-payments': entity('BillPayment'), purchases: entity('Purchase'), deposits: entity('Deposit'), transfers: entity('Transfer'), 'journal-entries': entity('JournalEntry'),
    attachments: entity('Attachable'),
  },
  silent: {
    accounts: ['CurrentBalance', 'CurrentBalanceWithSubAccounts'], customers: ['Balance', 'BalanceWithJobs'], vendors: ['Balance', 'BalanceWithJobs'],
  },
  mended: ['aged-balances', 'attachments', 'duplicate-transactions', 'lock-dates'],
  async shorten(sandbox) {
    const [{ minute, minuteSeconds }, { retryAfter }] = [await sandbox.get('limits'), await sandbox.get('switches')];
    await sandbox.patch('limits', { minute: 12, minuteSeconds: 20 });
    await sandbox.patch('switches', { retryAfter: true });
    return {
      words: 'QuickBooks has no daily limit; here it gives our app 12 calls a "minute", and a minute lasts 20 seconds.',
      async restore() {
        await sandbox.patch('limits', { minute, minuteSeconds });
        await sandbox.patch('switches', { retryAfter });
      },
    };
  },
};
