namespace DataHealth.Core.Providers.Limits;

/// <summary>A provider's id as part of a table key: the few characters that keys forbid are written as per cent codes.</summary>
internal static class TableKey
{
    /// <summary>The key's part.</summary>
    public static string Of(string id) => id.AsSpan().IndexOfAnyExcept(Plain) < 0 ? id : Uri.EscapeDataString(id);

    private static readonly System.Buffers.SearchValues<char> Plain =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");
}
