using System.Text.Json;
using DataHealth.Core.Clients;
using DataHealth.Core.Connections;
using DataHealth.Core.Ledger;
using DataHealth.Core.Practices;
using DataHealth.Core.Providers;
using DataHealth.Core.Sync;
using DataHealth.Functions.Http.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace DataHealth.Functions.Http.Data;

/// <summary>The copy of a client's books, also after a disconnect.</summary>
public sealed class DataFunctions(ClientDoor door, ConnectionStore connections, ProviderCatalog providers, LedgerStore ledger, ReadProgress progress)
{
    // Records can be a megabyte each; an answer stops growing here.
    private const int EnoughBytes = 4 * 1024 * 1024;
    private const int ReadAtATime = 50;

    [Function("ListDatasets")]
    public async Task<IResult> DatasetsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "clients/{clientId}/data")] HttpRequest request, string clientId, CancellationToken cancellationToken)
    {
        var (client, problem) = await door.OpenAsync(clientId, Permissions.ViewClients, cancellationToken);
        if (client is null)
            return problem!;
        if (await ProviderAsync(client, cancellationToken) is not { } provider)
            return Answer.Ok(new DatasetListBody(null, []), ApiJson.Default.DatasetListBody);
        var held = (await ledger.CountsAsync(client.Id, cancellationToken)).ToDictionary(count => count.Dataset);
        var lately = (await progress.ExecuteAsync(client.Id, cancellationToken))?.Datasets.ToDictionary(dataset => dataset.Dataset) ?? [];
        return Answer.Ok(
            new DatasetListBody(provider.Key, [.. provider.Datasets.Select(dataset => new DatasetBody(
                dataset.Name,
                dataset.Title,
                held.GetValueOrDefault(dataset.Name)?.Held ?? 0,
                held.GetValueOrDefault(dataset.Name)?.UpTo?.ToUniversalTime(),
                lately.GetValueOrDefault(dataset.Name)?.Unavailable))]),
            ApiJson.Default.DatasetListBody);
    }

    [Function("ListRecords")]
    public async Task<IResult> RecordsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "clients/{clientId}/data/{dataset}")] HttpRequest request,
        string clientId,
        string dataset,
        CancellationToken cancellationToken)
    {
        var (client, problem) = await door.OpenAsync(clientId, Permissions.ViewClients, cancellationToken);
        if (client is null)
            return problem!;
        if (!await HasAsync(client, dataset, cancellationToken))
            return Problems.NoDataset;
        if (Paging.Read(request, out var paging) is { } wrong)
            return wrong;
        if (paging.Continuation is { } from && !LedgerStore.IsContinuation(from))
            return Problems.BadContinuation;
        List<RecordBody> records = [];
        var next = paging.Continuation;
        for (var bytes = 0; records.Count < paging.Take && bytes < EnoughBytes;)
        {
            var page = await ledger.ListAsync(client.Id, dataset, next, Math.Min(ReadAtATime, paging.Take - records.Count), cancellationToken);
            records.AddRange(page.Records.Select(Of));
            bytes += page.Records.Sum(record => record.Json.Length);
            next = page.Continuation;
            if (next is null)
                break;
        }
        return Answer.Ok(new RecordListBody(records, next), ApiJson.Default.RecordListBody);
    }

    [Function("GetRecord")]
    public async Task<IResult> RecordAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "clients/{clientId}/data/{dataset}/{recordId}")] HttpRequest request,
        string clientId,
        string dataset,
        string recordId,
        CancellationToken cancellationToken)
    {
        var (client, problem) = await door.OpenAsync(clientId, Permissions.ViewClients, cancellationToken);
        if (client is null)
            return problem!;
        if (!await HasAsync(client, dataset, cancellationToken))
            return Problems.NoDataset;
        return CouldBeRecord(recordId) && await ledger.GetAsync(client.Id, dataset, recordId, cancellationToken) is { } record
            ? Answer.Ok(Of(record), ApiJson.Default.RecordBody)
            : Problems.NoRecord;
    }

    private static RecordBody Of(StoredRecord record) => new(record.Id, record.UpdatedAt?.ToUniversalTime(), record.IsDeleted, JsonElement.Parse(record.Json.Span));

    // Table keys cannot hold these, so no record has such an id.
    private static bool CouldBeRecord(string id) => id.Length is > 0 and <= 200 && !id.Any(letter => char.IsControl(letter) || char.IsSurrogate(letter) || letter is '/' or '\\' or '#' or '?');

    private async Task<bool> HasAsync(Client client, string dataset, CancellationToken cancellationToken) =>
        await ProviderAsync(client, cancellationToken) is { } provider && provider.Datasets.Any(known => known.Name == dataset);

    private async Task<IAccountingProvider?> ProviderAsync(Client client, CancellationToken cancellationToken) =>
        (await connections.GetAsync(client.Id, cancellationToken)).Organisation is { } organisation ? providers.Find(organisation.Provider) : null;
}
