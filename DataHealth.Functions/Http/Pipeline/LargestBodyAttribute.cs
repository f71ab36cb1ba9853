namespace DataHealth.Functions.Http.Pipeline;

/// <summary>An HTTP function that takes larger bodies than the rest (<see cref="RequestBody.MaxBytes"/>).</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LargestBodyAttribute(int bytes) : Attribute
{
    /// <summary>The most that it takes.</summary>
    public int Bytes => bytes;
}
