using Azure;
using DataHealth.Core.Clients;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DataHealth.Core.Tests.Connections.Infrastructure;

/// <summary>Does something at the moment between the reading and the writing of a client's row, or right after the writing.</summary>
internal sealed class HookedWatch : IClientWatch
{
    /// <summary>Runs once, when a change has been decided and not been written.</summary>
    public Func<Task>? BeforeWrite { get; set; }

    /// <summary>Runs when a change has been written.</summary>
    public Action? AfterWrite { get; set; }

    public async Task<ChangeMark> ChangingAsync(ClientId client, CancellationToken cancellationToken)
    {
        if (BeforeWrite is { } hook)
        {
            BeforeWrite = null;
            await hook();
        }
        return new ChangeMark(client, new ETag("none"));
    }

    public Task ChangedAsync(ChangeMark mark)
    {
        AfterWrite?.Invoke();
        return Task.CompletedTask;
    }

    /// <summary>For a process of a world.</summary>
    public void In(IServiceCollection services) => services.Replace(ServiceDescriptor.Singleton<IClientWatch>(this));
}
