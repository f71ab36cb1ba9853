namespace DataHealth.Core.Providers.Xero;

/// <summary>Reads Xero books.</summary>
public sealed class XeroBooksReader : IBooksReader
{
    /// <inheritdoc />
    public Task<PageOutcome> ReadPageAsync(Books books, Dataset dataset, PageRequest request, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <inheritdoc />
    public Task<PageOutcome> CountAsync(Books books, Dataset dataset, CallPriority priority, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <inheritdoc />
    public Task<LimitHeadroom> HeadroomAsync(OrganisationId organisation, CancellationToken cancellationToken) => throw new NotImplementedException();
}
