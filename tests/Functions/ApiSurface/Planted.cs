// Declarations that differ from the published ones on purpose, for the test of the check itself.
#pragma warning disable IDE0130 // The namespaces have to be those of the published types.
namespace Microsoft.Azure.Functions.Worker.Http
{
    public interface IHttpCookie
    {
        string Domain { get; }

        string? Path { get; }

        string Value { get; set; }
    }
}

namespace Microsoft.Azure.Functions.Worker
{
    [AttributeUsage(AttributeTargets.Method)]
    public sealed class InventedAttribute : Attribute;

    [AttributeUsage(AttributeTargets.Method)]
    public sealed class FixedDelayRetryAttribute(int maxRetries, string delayInterval = "1") : Attribute
    {
        public string DelayInterval { get; } = $"{delayInterval}{maxRetries}"[..1];
    }
}
