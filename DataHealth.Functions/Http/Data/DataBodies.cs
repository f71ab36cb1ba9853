using System.Text.Json;

namespace DataHealth.Functions.Http.Data;

/// <summary>What we hold of a client's books.</summary>
public sealed record DatasetListBody(string? Provider, IReadOnlyList<DatasetBody> Items);

/// <summary>What we hold of one dataset.</summary>
/// <param name="Dataset">Its name in addresses.</param>
/// <param name="Title">What a person reads.</param>
/// <param name="Records">Records held that count as records.</param>
/// <param name="UpTo">Complete up to this time of the provider; absent before the first complete pass.</param>
/// <param name="Unavailable">The code of the reason why the last sync could not read it.</param>
public sealed record DatasetBody(string Dataset, string Title, int Records, DateTimeOffset? UpTo, string? Unavailable);

/// <summary>A page of a dataset. It may hold fewer records than asked for where they are large.</summary>
public sealed record RecordListBody(IReadOnlyList<RecordBody> Items, string? Continuation);

/// <summary>A record of the copy.</summary>
/// <param name="Id">The provider's id.</param>
/// <param name="UpdatedAt">The provider's time of last change, where it gives one.</param>
/// <param name="IsDeleted">It no longer counts as a record of the books.</param>
/// <param name="Record">The provider's own JSON.</param>
public sealed record RecordBody(string Id, DateTimeOffset? UpdatedAt, bool IsDeleted, JsonElement Record);
