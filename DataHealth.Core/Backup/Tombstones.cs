using System.Text.Json;
using Azure.Data.Tables;
using DataHealth.Core.Clients.Deletion;
using DataHealth.Core.Practices.Deletion;
using DataHealth.Core.Practices.Members;

namespace DataHealth.Core.Backup;

/// <summary>
/// The deletions of several sources as one table: of each deletion the state that got furthest. Those that ended after the backup was begun are open again, so that the sweeper carries
/// them out once more on what was restored; until then their clients bear the deletion's mark and exist for nobody.
/// </summary>
internal sealed class Tombstones(DateTimeOffset backupStartedAt)
{
    // Machines' clocks differ by less. What ended a little before the backup began is erased once more, which finds nothing.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    private readonly Dictionary<(string Practice, string Id), ClientDeletion> _clients = [];
    private readonly Dictionary<string, PracticeDeletion> _practices = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Partition, string Row), TableEntity> _indexed = [];
    private readonly HashSet<DeletionId> _overtaken = [];
    private Dictionary<string, List<ClientDeletion>> _marks = [];

    /// <summary>Deletions of clients and practices that will be carried out again.</summary>
    public int Again { get; private set; }

    /// <summary>Takes a row of the table of deletions from one of the sources.</summary>
    public void Add(TableEntity row)
    {
        switch (row.PartitionKey)
        {
            case DeletionStore.Open:
                break;
            case DeletionStore.Done:
                _indexed[(row.PartitionKey, row.RowKey)] = row;
                break;
            case PracticeDeletionStore.Partition:
                var practice = JsonSerializer.Deserialize(row.GetString("Body"), PracticeDeletionJson.Default.PracticeDeletion)!;
                if (!_practices.TryGetValue(row.RowKey, out var known) || known.CompletedAt is null)
                    _practices[row.RowKey] = practice;
                break;
            default:
                var deletion = JsonSerializer.Deserialize(row.GetString("Body"), DeletionJson.Default.ClientDeletion)!;
                if (!_clients.TryGetValue((row.PartitionKey, row.RowKey), out var earlier) || earlier.CompletedAt is null)
                    _clients[(row.PartitionKey, row.RowKey)] = deletion;
                break;
        }
    }

    /// <summary>All sources are read.</summary>
    public void Settle() => _marks = _clients.Values.Where(IsToDo).GroupBy(deletion => deletion.Client.Value).ToDictionary(client => client.Key, client => client.OrderBy(one => one.RequestedAt).ToList());

    /// <summary>Puts the mark of a deletion that is to be carried out on the row of its client.</summary>
    public void Mark(TableEntity client)
    {
        if (!_marks.TryGetValue(client.RowKey, out var deletions))
            return;
        foreach (var deletion in deletions.Where(one => one.Practice.Value == client.PartitionKey))
        {
            // Made anew after it was deleted, by the same consent of a person: not what was deleted.
            if (deletion.CompletedAt is not null && client.GetDateTimeOffset("CreatedAt") > deletion.RequestedAt)
                _overtaken.Add(deletion.Id);
            else
                client[deletion.Kind is DeletionKind.Client ? DeletionMarks.OfClient : DeletionMarks.OfData] = deletion.Id.Value;
        }
    }

    /// <summary>The table's rows, after all clients were given to <see cref="Mark"/>.</summary>
    public IEnumerable<TableEntity> Rows()
    {
        foreach (var deletion in _clients.Values)
        {
            var again = IsToDo(deletion);
            var open = again && deletion.CompletedAt is not null
                ? deletion with { CompletedAt = null, Scope = null, Provider = ProviderPart.Pending, FoundAgain = deletion.FoundAgain + 1 }
                : deletion;
            yield return DeletionStore.BodyRow(open);
            if (!again)
                continue;
            Again++;
            yield return DeletionStore.OpenRow(open);
        }
        foreach (var deletion in _practices.Values)
        {
            var again = IsToDo(deletion.CompletedAt);
            Again += again ? 1 : 0;
            yield return PracticeDeletionStore.Row(again ? deletion with { CompletedAt = null } : deletion);
        }
        // One that is carried out again is counted when it ends, and not twice.
        var reopened = _clients.Values.Where(IsToDo).Select(deletion => deletion.Id.Value).ToHashSet(StringComparer.Ordinal);
        foreach (var row in _indexed.Values.Where(row => !reopened.Contains(row.RowKey[(row.RowKey.LastIndexOf('|') + 1)..])))
            yield return row;
    }

    /// <summary>False for a row of a practice that is about to be deleted, which lets somebody in other than who asked for the deletion.</summary>
    public bool MayComeBack(TableEntity member) =>
        !_practices.TryGetValue(member.PartitionKey, out var deletion) || !IsToDo(deletion.CompletedAt) || MemberStore.MemberOf(member) is not { } id || id == deletion.RequestedBy;

    /// <summary>True for a client that is about to be erased.</summary>
    public bool IsMarked(string client) => _marks.TryGetValue(client, out var deletions) && deletions.Exists(IsToDo);

    private bool IsToDo(ClientDeletion deletion) => !_overtaken.Contains(deletion.Id) && IsToDo(deletion.CompletedAt);

    private bool IsToDo(DateTimeOffset? completedAt) => completedAt is null || completedAt >= backupStartedAt - Margin;
}
