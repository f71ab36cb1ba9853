namespace DataHealth.Local.Sandbox.Books;

/// <summary>What a record made by an edit shall be, where that is not left to chance.</summary>
internal sealed record Wish(bool? Sale, string? State)
{
    /// <summary>From an edit's <c>sale</c> (true, false) and <c>state</c>.</summary>
    public static Wish Of(BooksEdit edit) => new(
        edit.Set?.GetValueOrDefault("sale") is { } sale ? bool.Parse(sale) : null, edit.Set?.GetValueOrDefault("state"));
}
