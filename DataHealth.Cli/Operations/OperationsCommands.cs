using System.CommandLine;
using Azure;
using Azure.Identity;
using DataHealth.Core.Backup;

namespace DataHealth.Cli.Operations;

/// <summary><c>datahealth ops …</c>: backup and restore, on the storage itself (docs/operations.md).</summary>
internal sealed class OperationsCommands(Surroundings surroundings)
{
    private readonly OperationsStorage _storage = new(surroundings);
    private readonly Argument<string> _place = new("place") { Description = "A folder, or https://ACCOUNT.blob.core.windows.net/CONTAINER/FOLDER." };

    public static Command Create(Surroundings surroundings)
    {
        var commands = new OperationsCommands(surroundings);
        return new Command("ops", "For operators: backup and restore of the product's tables. Needs access to the storage, and no API.")
        {
            commands._storage.Tables,
            commands._storage.Prefix,
            commands.Backup("backup", "Copies all tables, while the product runs.", BackupKind.Full),
            commands.Backup("backup-deletions", "Copies only what says which clients were deleted: small, for every hour.", BackupKind.Deletions),
            commands.Verify(),
            commands.Restore(),
        };
    }

    private Command Backup(string name, string description, BackupKind kind)
    {
        var command = new Command(name, description) { _place };
        command.SetAction((parsed, cancellationToken) => CarryOutAsync(async () =>
        {
            var manifest = await new MakeBackup(_storage.Open(parsed), TimeProvider.System).ExecuteAsync(_storage.Place(parsed.GetRequiredValue(_place)), kind, Told("copied"), cancellationToken);
            Line($"Backup {manifest.Id} holds what was there at {manifest.StartedAt:u}: {manifest.Files.Sum(file => file.Rows):N0} rows in {manifest.Files.Count} files, {manifest.Files.Sum(file => file.Bytes):N0} bytes.");
            if (manifest.Restless > 0)
                Line($"{manifest.Restless} clients' scores were being written all the time; they are calculated anew after a restore.");
        }));
        return command;
    }

    private Command Verify()
    {
        var command = new Command("verify", "Proves that a backup is whole and unchanged.") { _place };
        command.SetAction((parsed, cancellationToken) => CarryOutAsync(async () =>
        {
            var manifest = await VerifyBackup.ExecuteAsync(_storage.Place(parsed.GetRequiredValue(_place)), Told("right"), cancellationToken);
            Line($"Backup {manifest.Id} ({manifest.Kind}) of {manifest.StartedAt:u}, made by {manifest.Product}, is whole: {manifest.Files.Sum(file => file.Rows):N0} rows.");
        }));
        return command;
    }

    private Command Restore()
    {
        var deleted = new Option<string?>("--deleted") { Description = "A later backup of any kind: what was deleted since the one to be restored stays deleted." };
        var nothing = new Option<bool>("--nothing-deleted-since") { Description = "You know that no client was deleted since, or accept that those come back." };
        var command = new Command("restore", "Puts a backup into an empty storage. Stop the functions first.") { _place, deleted, nothing };
        command.SetAction((parsed, cancellationToken) => CarryOutAsync(async () =>
        {
            var later = parsed.GetValue(deleted) is { } place ? _storage.Place(place) : null;
            var result = await new RestoreBackup(_storage.Open(parsed), TimeProvider.System)
                .ExecuteAsync(_storage.Place(parsed.GetRequiredValue(_place)), later, parsed.GetValue(nothing), Told("written"), cancellationToken);
            Line($"The storage holds what the backup of {result.Backup.StartedAt:u} held.");
            if (result.DeletionsKnownUpTo is { } known)
                Line($"Deletions are known up to {known:u}: a client that was deleted after that is back. Ask the practices, or look into the audit where it survived.");
            Line($"{result.DeletedAgain} deletions are carried out again once the functions run; until then what they deleted exists for nobody.");
            Line($"{result.OpenRuns} runs are in flight or did not succeed; the sweeper starts the former again from their checkpoints. {result.PassesBegunAnew} datasets are read from their first page again, {result.MadeDue} clients are due now.");
            Line("Next: start the functions on an empty task hub (docs/operations.md).");
        }));
        return command;
    }

    private static async Task<int> CarryOutAsync(Func<Task> action)
    {
        try
        {
            await action();
            return 0;
        }
        catch (BackupException refused)
        {
            throw new CommandFailedException(refused.Message);
        }
        catch (RequestFailedException refused) when (refused.Status is 403)
        {
            throw new CommandFailedException(
                $"The storage refused: {refused.Message.Split('\n')[0].Trim()} Who is signed in lacks the role there (it counts some minutes after it was given), or this machine's address is not let in (DATAHEALTH_OPERATOR_ADDRESSES).");
        }
        catch (Exception refused) when (refused is RequestFailedException or AuthenticationFailedException or AggregateException)
        {
            throw new CommandFailedException($"The storage refused or did not answer: {refused.Message.Split('\n')[0].Trim()} Run the command again once it does.");
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(failed.Message);
        }
    }

    private Printed Told(string what) => new Printed(surroundings.Output, what);

    private void Line(FormattableString text) => surroundings.Output.WriteLine(FormattableString.Invariant(text));

    private void Line(string text) => surroundings.Output.WriteLine(text);

    // Progress<T> would print from other threads, and after the end.
    private sealed class Printed(TextWriter output, string what) : IProgress<BackupFile>
    {
        public void Report(BackupFile value) => output.WriteLine(FormattableString.Invariant($"{value.Name,-32} {value.Rows,12:N0} rows {what}"));
    }
}
