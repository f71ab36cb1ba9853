using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace DataHealth.Functions.Tests.Infrastructure;

/// <summary>Everything that is logged, with scopes and exceptions, as one line each.</summary>
public sealed class LogCapture : ILoggerProvider, ISupportExternalScope
{
    private IExternalScopeProvider? _scopes;

    public ConcurrentQueue<string> Lines { get; } = new();

    public ILogger CreateLogger(string categoryName) => new Writer(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
    }

    private sealed class Writer(LogCapture capture, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => capture._scopes?.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            List<string> scopes = [];
            capture._scopes?.ForEachScope((scope, into) => into.Add(scope is IEnumerable<KeyValuePair<string, object>> pairs ? string.Join(",", pairs) : $"{scope}"), scopes);
            capture.Lines.Enqueue($"{logLevel} {category}: {formatter(state, exception)} {string.Join(' ', scopes)} {exception}");
        }
    }
}
