using DataHealth.Core.Health.Sharing;
using Microsoft.AspNetCore.WebUtilities;

namespace DataHealth.Functions.Http.Sharing;

/// <summary>How long a link is to last.</summary>
public sealed record ShareInput(int? Days);

/// <summary>What opens a link.</summary>
public sealed record OpenShareInput(string? Code);

/// <summary>Where a link stands.</summary>
public enum ShareState
{
    Open,
    Expired,
    Revoked,
}

/// <summary>A link in answers. Its code, and the link made of it, are told once.</summary>
public sealed record ShareBody(
    string Id, ShareState State, DateTimeOffset CreatedAt, string CreatedBy, string CreatedByName, DateTimeOffset ExpiresAt, DateTimeOffset? RevokedAt, string? Code = null, Uri? Link = null)
{
    public static ShareBody Of(OverviewShare share, DateTimeOffset now) => new(
        share.Id.Value, share.RevokedAt is not null ? ShareState.Revoked : share.IsOpen(now) ? ShareState.Open : ShareState.Expired,
        share.CreatedAt.ToUniversalTime(), share.CreatedBy.Value, share.CreatedByName, share.ExpiresAt.ToUniversalTime(), share.RevokedAt?.ToUniversalTime());

    /// <param name="code">What opens it.</param>
    /// <param name="page">The page that shows it; null: there is none.</param>
    public ShareBody With(string code, Uri? page) => this with
    {
        Code = code,
        // After the #: a browser sends that part to nobody, so that the code is in no log and no referrer.
        Link = page is null ? null : new Uri($"{page.AbsoluteUri}#{QueryHelpers.AddQueryString("", "code", code)[1..]}"),
    };
}

/// <summary>A client's links.</summary>
public sealed record ShareListBody(IReadOnlyList<ShareBody> Shares);
