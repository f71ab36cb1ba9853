namespace DataHealth.Core.Ledger;

/// <summary>
/// What one record tells of another. Some providers put it all on the record; others keep files, statement matches, settings, terms and the accounts of items as records of their own. Filled from
/// those and applied to the rest, a ledger means the same for every provider. Pure: the same records always give the same result; a provider that needs none of it has its records back as they were.
/// </summary>
public sealed class LedgerLinks
{
    private readonly HashSet<string> _attached = new(StringComparer.Ordinal);
    private readonly HashSet<string> _reconciled = new(StringComparer.Ordinal);
    private readonly List<(DateOnly From, DateOnly To)> _windows = [];
    private readonly Dictionary<string, Item> _items = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PaymentTerms> _terms = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TaxRate> _rates = new(StringComparer.Ordinal);
    private readonly HashSet<string> _withoutStatement = new(StringComparer.Ordinal);
    private bool _hasFiles;
    private OrganisationSettings? _settings;

    /// <summary>Takes in what a record tells of others; anything that tells nothing is passed over.</summary>
    /// <param name="record">Any record that is not deleted.</param>
    public void Add(LedgerRecord record)
    {
        switch (record)
        {
            case LedgerAttachment file:
                _hasFiles = true;
                _attached.UnionWith(file.AttachedTo);
                break;
            case LedgerClearance { IsReconciled: true } clearance:
                _reconciled.Add(clearance.Of);
                break;
            case ClearanceWindow window:
                _windows.Add((window.From, window.To));
                break;
            case LedgerAccount { BankKind: BankAccountKind.None } account:
                _withoutStatement.Add(account.Id);
                break;
            case TaxRate rate:
                _rates[rate.Id] = rate;
                break;
            case Item item:
                _items[item.Id] = item;
                break;
            case PaymentTerms terms:
                _terms[terms.Id] = terms;
                break;
            case OrganisationSettings settings:
                _settings = settings;
                break;
        }
    }

    /// <summary>The record with what others tell of it. What nobody tells stays null.</summary>
    public LedgerRecord Apply(LedgerRecord record) => record switch
    {
        LedgerDocument document => Apply(document),
        LedgerBankEntry entry => Apply(entry),
        LedgerPayment payment => (payment.IsReconciled ?? IsReconciled(payment.BatchId ?? payment.Id, payment.Date, payment.AccountId)) is var isReconciled && isReconciled != payment.IsReconciled
            ? payment with { IsReconciled = isReconciled } : payment,
        LedgerTransfer transfer => transfer with
        {
            HasAttachments = transfer.HasAttachments ?? IsAttached(transfer.Id),
            FromIsReconciled = transfer.FromIsReconciled ?? IsReconciled(transfer, transfer.FromAccountId, transfer.ToAccountId),
            ToIsReconciled = transfer.ToIsReconciled ?? IsReconciled(transfer, transfer.ToAccountId, transfer.FromAccountId),
        },
        TaxRate rate when rate.SalesParts.Count + rate.PurchaseParts.Count > 0 => Reckoned(rate),
        LedgerJournal journal => journal with { HasAttachments = journal.HasAttachments ?? IsAttached(journal.Id) },
        LedgerContact contact => contact with { HasAttachments = contact.HasAttachments ?? IsAttached(contact.Id), Sales = Terms(contact.Sales), Purchases = Terms(contact.Purchases) },
        Organisation organisation when _settings is { } settings => organisation with
        {
            BaseCurrency = organisation.BaseCurrency ?? settings.BaseCurrency,
            PaysTax = organisation.PaysTax ?? settings.PaysTax,
            PeriodLock = organisation.PeriodLock ?? settings.PeriodLock,
            YearEndMonth = organisation.YearEndMonth ?? settings.YearEndMonth,
        },
        _ => record,
    };

    // A document or an entry of which nobody tells anything is most of them, where the provider puts it all on the record: it is not copied.
    private LedgerDocument Apply(LedgerDocument document)
    {
        var (hasFiles, lines) = (document.HasAttachments ?? IsAttached(document.Id), Lines(document.Lines, IsBought(document.Kind)));
        return hasFiles == document.HasAttachments && ReferenceEquals(lines, document.Lines) ? document : document with { HasAttachments = hasFiles, Lines = lines };
    }

    private LedgerBankEntry Apply(LedgerBankEntry entry)
    {
        var (hasFiles, lines) = (entry.HasAttachments ?? IsAttached(entry.PartOf ?? entry.Id), Lines(entry.Lines, entry.IsPurchase ?? entry.Direction == MoneyDirection.Out));
        var isReconciled = entry.IsReconciled ?? IsReconciled(entry.PartOf ?? entry.Id, entry.Date, entry.BankAccountId);
        return hasFiles == entry.HasAttachments && isReconciled == entry.IsReconciled && ReferenceEquals(lines, entry.Lines)
            ? entry : entry with { HasAttachments = hasFiles, IsReconciled = isReconciled, Lines = lines };
    }

    private static bool IsBought(DocumentKind kind) =>
        kind is DocumentKind.Bill or DocumentKind.SupplierCreditNote or DocumentKind.SupplierOverpayment or DocumentKind.SupplierPrepayment;

    private bool? IsAttached(string id) => _hasFiles ? _attached.Contains(id) : null;

    // Outside the days that the lists cover nobody can tell; and an account that is neither at a bank nor a card has no statement.
    private bool? IsReconciled(string id, DateOnly? date, string? account) =>
        !MayHaveStatement(account) ? null
        : _reconciled.Contains(id) ? true
        : date is { } day && _windows.Exists(window => window.From <= day && day <= window.To) ? false : null;

    // A list names the transfer, and not on which side it is matched.
    private bool? IsReconciled(LedgerTransfer transfer, string? side, string? other) =>
        _reconciled.Contains(transfer.Id) && MayHaveStatement(other) ? null : IsReconciled(transfer.Id, transfer.Date, side);

    private bool MayHaveStatement(string? account) => account is not null && !_withoutStatement.Contains(account);

    // On sales and on purchases a code may come to different rates: then no one number is its rate.
    private TaxRate Reckoned(TaxRate rate)
    {
        var (sales, purchases) = (Effective(rate.SalesParts), Effective(rate.PurchaseParts));
        var parts = rate.SalesParts.Count > 0 ? rate.SalesParts : rate.PurchaseParts;
        var effective = rate.PurchaseParts.Count == 0 ? sales : rate.SalesParts.Count == 0 ? purchases : sales == purchases ? sales : null;
        return rate with
        {
            EffectiveRate = rate.EffectiveRate ?? effective,
            DisplayRate = rate.DisplayRate ?? effective,
            Components = rate.Components.Count > 0 ? rate.Components
                : [.. parts.Select(part => (Part: part, Rate: _rates.GetValueOrDefault(part.RateId))).Where(one => one.Rate?.DisplayRate is not null)
                    .Select(one => new TaxComponent(one.Rate!.Name, one.Rate.DisplayRate!.Value, one.Part.IsCompound == true, IsNonRecoverable: false))],
        };
    }

    private decimal? Effective(IReadOnlyList<TaxPart> parts)
    {
        decimal effective = 0m;
        foreach (var part in parts.OrderBy(part => part.IsCompound))
        {
            if (part.IsCompound is not { } isCompound || _rates.GetValueOrDefault(part.RateId)?.DisplayRate is not { } own)
                return null;
            effective += isCompound ? own * (1m + (effective / 100m)) : own;
        }
        return effective;
    }

    private ContactDefaults Terms(ContactDefaults defaults) =>
        defaults is { TermsId: { } id, TermsDay: null } && _terms.TryGetValue(id, out var terms) ? defaults with { TermsDay = terms.Day, TermsType = terms.Type } : defaults;

    private IReadOnlyList<LedgerLine> Lines(IReadOnlyList<LedgerLine> lines, bool isBought)
    {
        for (var at = 0; at < lines.Count; at++)
        {
            if (lines[at] is { AccountId: null, AccountCode: null, ItemId: not null })
                return WithAccounts(lines, isBought);
        }
        return lines;
    }

    private List<LedgerLine> WithAccounts(IReadOnlyList<LedgerLine> lines, bool isBought) => [.. lines.Select(line => Account(line, isBought))];

    private LedgerLine Account(LedgerLine line, bool isBought) =>
        line is { AccountId: null, AccountCode: null, ItemId: { } id } && _items.TryGetValue(id, out var item)
            // A tracked item that is bought goes into the stock.
            ? line with { ItemCode = line.ItemCode ?? item.Code, AccountId = isBought ? (item.IsTracked ? item.StockAccountId : null) ?? item.PurchaseAccountId : item.SalesAccountId }
            : line;
}
