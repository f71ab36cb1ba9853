using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Health.Checks;

/// <summary>
/// A check: one file that says what it needs, how it finds, how bad a finding is, what it means and what it weighs. Every class that derives from it is part of the product
/// (<see cref="CheckCatalog"/>); nothing lists checks by name.
/// </summary>
public abstract class HealthCheck
{
    private protected static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.Strict,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>Stable: part of finding ids, settings and addresses.</summary>
    public abstract string Key { get; }

    /// <summary>What a person reads.</summary>
    public abstract string Title { get; }

    /// <summary>What it looks for and why that matters, for a bookkeeper.</summary>
    public abstract string Explanation { get; }

    /// <summary>Weight in the default score, per cent.</summary>
    public virtual decimal DefaultWeight => 0m;

    /// <summary>Parts of the books without which it cannot judge.</summary>
    public abstract IReadOnlySet<LedgerPart> Reads { get; }

    /// <summary>What the provider's books must be able to tell.</summary>
    public virtual IReadOnlySet<Capability> Needs => new HashSet<Capability>();

    /// <summary>Its settings by default, as JSON.</summary>
    public abstract string DefaultSettings { get; }

    /// <summary>What people must know to set them, in the order in which they are declared.</summary>
    public abstract IReadOnlyList<CheckSetting> Settings { get; }

    /// <summary>Looks at settings that somebody wants to store.</summary>
    /// <param name="json">What they sent.</param>
    /// <param name="problem">What is wrong with it, in plain words; null when nothing is.</param>
    /// <returns>The settings in full, as JSON; null when they are wrong.</returns>
    public abstract string? Normalise(string json, out string? problem);

    /// <summary>Looks at settings that were stored. How many members and letters may be saved may have become fewer since: that is asked of who saves.</summary>
    /// <param name="json">As they were stored.</param>
    /// <param name="problem">What today's rules do not understand of it; null when nothing.</param>
    /// <returns>The settings in full, as JSON; null when they are not understood.</returns>
    internal abstract string? Understood(string json, out string? problem);

    internal abstract ICheckRun Start(CheckContext context, string? settings);

    private protected static IReadOnlySet<T> Set<T>(params T[] members) => members.ToFrozenSet();
}

/// <summary>A check with settings of its own type.</summary>
/// <typeparam name="TSettings">Its settings; the constructor without arguments makes the defaults.</typeparam>
internal abstract class HealthCheck<TSettings> : HealthCheck
    where TSettings : CheckSettings, new()
{
    private readonly Lazy<IReadOnlyList<CheckSetting>> _settings = new(() => CheckSetting.Of(typeof(TSettings), JsonSerializer.SerializeToElement(new TSettings(), Json)));

    public sealed override string DefaultSettings => JsonSerializer.Serialize(new TSettings(), Json);

    public sealed override IReadOnlyList<CheckSetting> Settings => _settings.Value;

    public sealed override string? Normalise(string json, out string? problem) => Whole(json, isStored: false, out problem);

    internal sealed override string? Understood(string json, out string? problem) => Whole(json, isStored: true, out problem);

    private string? Whole(string json, bool isStored, out string? problem)
    {
        try
        {
            var settings = JsonSerializer.Deserialize<TSettings>(json, Json);
            problem = settings is null ? "The settings are empty." : Settings.Select(setting => setting.Problem(settings, isStored)).FirstOrDefault(wrong => wrong is not null) ?? settings.Problem();
            return problem is null ? JsonSerializer.Serialize(settings, Json) : null;
        }
        catch (JsonException unreadable)
        {
            problem = Unreadable(unreadable.Path ?? "$");
            return null;
        }
    }

    // What belongs where the reading stopped: <c>$.returns[2].filedOn</c>.
    private string Unreadable(string path)
    {
        var (known, place) = (Settings, "");
        foreach (var step in path.Split('.').Skip(1))
        {
            var key = step.Split('[')[0];
            if (known.FirstOrDefault(setting => setting.Key == key) is not { } setting)
                return known.Count == 0 ? $"'{Title}' has no settings." : $"{place}{key}: there is no such setting; there are {string.Join(", ", known.Select(one => one.Key))}.";
            if (setting.Fields.Count == 0 || step == path.Split('.')[^1])
                return place + setting.Refusal;
            (known, place) = (setting.Fields, $"{place}{step}.");
        }
        return $"The settings of '{Title}' cannot be read at '{path}'.";
    }

    internal sealed override ICheckRun Start(CheckContext context, string? settings)
    {
        if (settings is null)
            return Start(context, new TSettings());
        // Stored settings were looked at when they were stored; a rule that has moved on since must not judge by settings that it does not understand.
        return Understood(settings, out var problem) is { } whole ? Start(context, JsonSerializer.Deserialize<TSettings>(whole, Json)!) : throw new InvalidDataException(problem);
    }

    protected abstract ICheckRun Start(CheckContext context, TSettings settings);
}

/// <summary>Settings of a check.</summary>
internal abstract record CheckSettings
{
    /// <summary>What is wrong, in plain words; null: nothing.</summary>
    public virtual string? Problem() => null;
}

/// <summary>For checks without settings.</summary>
internal sealed record NoSettings : CheckSettings;

/// <summary>One check at work on one set of books.</summary>
internal interface ICheckRun
{
    /// <summary>Takes in a record of a part that the check reads. The organisation, accounts, tax rates and asset types have come before (<see cref="CheckContext.Chart"/>).</summary>
    void Take(LedgerRecord record);

    /// <summary>Says what was found. The order in which records came makes no difference to it.</summary>
    CheckOutcome Finish();
}
