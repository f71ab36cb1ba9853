using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DataHealth.Functions.Composition;

/// <summary>What is wrong with the settings, for the person who set them: sentences that name each one, and nothing else.</summary>
internal static class StartFault
{
    /// <summary>What the start would fail with; null when the settings are good.</summary>
    public static string? Of(IServiceProvider services)
    {
        try
        {
            services.GetService<IStartupValidator>()?.Validate();
            return null;
        }
        // Rules give the one, the binder and SettingTextsRule the other; several rules at once come together.
        catch (Exception fault) when (fault is OptionsValidationException or InvalidOperationException)
        {
            return Told([fault]);
        }
        catch (AggregateException faults) when (faults.InnerExceptions.All(fault => fault is OptionsValidationException or InvalidOperationException))
        {
            return Told(faults.InnerExceptions);
        }
    }

    private static string Told(IEnumerable<Exception> faults) =>
        $"Data Health does not start: {string.Join(' ', faults.SelectMany(fault => fault is OptionsValidationException rules ? rules.Failures : [fault.Message]))}";
}
