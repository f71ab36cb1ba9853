using DataHealth.Core;
using DataHealth.Core.Practices;
using DataHealth.Core.Practices.Members;
using DataHealth.Core.Providers;
using Microsoft.AspNetCore.Http;

namespace DataHealth.Functions.Http;

/// <summary>The catalogue of our problems: stable codes and their words. A code is never reused for something else.</summary>
internal static class Problems
{
    public static Problem NotJson { get; } = new(StatusCodes.Status415UnsupportedMediaType, "unsupported-media-type", "The body is not JSON.",
        "Send the body as application/json in UTF-8, uncompressed, with one content-type header.");

    public static Problem BodyTooLarge { get; } = new(StatusCodes.Status413PayloadTooLarge, "body-too-large", "The body is too large.",
        $"No request of this API needs more than {RequestBody.MaxBytes / 1024} KB, a webhook {Webhooks.WebhookFunction.MaxBytes / 1024} KB. Send less.");

    public static Problem UnknownAddress { get; } = new(StatusCodes.Status404NotFound, "unknown-address", "There is nothing at this address.",
        "See openapi.yaml for the addresses of this API.");

    public static Problem NoClient { get; } = new(StatusCodes.Status404NotFound, "client-not-found", "There is no such client.",
        "It does not exist, or you may not see it. The list of clients shows those that you may see.");

    /// <summary>The same to our staff, for whom clients exist only in a practice that they have opened.</summary>
    public static Problem NoClientOutside { get; } = NoClient with { Detail = $"For our support a client exists only in a practice that it has opened. {HowToOpen}" };

    public static Problem BeingDeleted { get; } = new(StatusCodes.Status410Gone, "client-being-deleted", "This client is being deleted.",
        "Nothing of it can be seen or done any more. The list of deletions shows how far it is, and the certificate at its end.");

    public static Problem BeingCleared { get; } = new(StatusCodes.Status409Conflict, "client-being-cleared", "This client's data is being deleted.",
        "Wait for the end of the deletion, which the list of deletions shows; then do it again.");

    public static Problem NoDeletion { get; } = new(StatusCodes.Status404NotFound, "deletion-not-found", "There is no such deletion.",
        "The list of deletions shows those of this practice.");

    public static Problem NoRun { get; } = new(StatusCodes.Status404NotFound, "run-not-found", "There is no such sync run.",
        "The client's list of runs shows those that exist.");

    public static Problem RunOutdated { get; } = new(StatusCodes.Status409Conflict, "run-outdated", "A newer sync of this client has ended since.",
        "There is nothing to repeat. If the newer one failed too, replay that.");

    public static Problem RunOver { get; } = new(StatusCodes.Status409Conflict, "run-over", "This sync run has ended already.",
        "Replay it, or press Sync, to begin a new one.");

    public static Problem TooManySkipped { get; } = new(StatusCodes.Status409Conflict, "too-many-skipped", "As many records of this client are left out as may be.",
        $"More than {Core.Sync.SkippedRecords.Most} that cannot be read are no poisoned records but a fault of ours: have it mended, then replay the run.");

    public static Problem NoBatch { get; } = new(StatusCodes.Status404NotFound, "replay-not-found", "There is no such bulk replay.",
        "Its id is in the answer that began it.");

    public static Problem NeverSynced { get; } = new(StatusCodes.Status404NotFound, "run-not-found", "This client has not been synced yet.",
        "Connect it to its books, or press Sync once it is connected.");

    public static Problem NoProvider { get; } = new(StatusCodes.Status404NotFound, "provider-not-found", "There is no such provider.",
        "The list of providers shows those that this installation knows.");

    public static Problem NoDataset { get; } = new(StatusCodes.Status404NotFound, "dataset-not-found", "There is no such dataset.",
        "The client's data page lists its datasets.");

    public static Problem NoRecord { get; } = new(StatusCodes.Status404NotFound, "record-not-found", "There is no such record in our copy.",
        "It was never copied, or it was deleted at the provider.");

    public static Problem NotJudged { get; } = new(StatusCodes.Status404NotFound, "health-not-calculated", "This client's health has not been calculated yet.",
        "It is at the end of the first sync. Press Recalculate where the books are copied already.");

    public static Problem NoRecomputation { get; } = new(StatusCodes.Status404NotFound, "recomputation-not-found", "Nobody has had this client's history recomputed yet.",
        "Who may manage clients can ask for it.");

    public static Problem Recomputing(string by) => new(StatusCodes.Status409Conflict, "recomputing-already", "Other months of this client are being recomputed.",
        $"{by} asked for them. Wait until that is done, which its page shows; then ask again.");

    public static Problem NoCheck { get; } = new(StatusCodes.Status404NotFound, "check-not-found", "There is no such check.",
        "The client's list of checks shows those that there are.");

    public static Problem NoFinding { get; } = new(StatusCodes.Status404NotFound, "finding-not-found", "There is no such finding.",
        "The list of findings shows those that there are; what is no longer found is forgotten after 90 days.");

    public static Problem NoScore { get; } = new(StatusCodes.Status409Conflict, "no-score", "One of the two days has no score.",
        "None of the score's checks could judge the books then; the history shows the days that have one.");

    public static Problem NoPoint(DateTimeOffset before) => new(StatusCodes.Status404NotFound, "health-point-not-found", $"The health was not calculated before {before:yyyy-MM-dd'T'HH:mm:ss'Z'}.",
        "The history shows the days on which it was.");

    public static Problem PointTooOld(DateTimeOffset before) => new(StatusCodes.Status409Conflict, "health-point-too-old", $"What was found by the last calculation before {before:yyyy-MM-dd'T'HH:mm:ss'Z'} is no longer kept.",
        "Changes can be taken apart for 400 days; the scores themselves stay in the history.");

    public static Problem TooManyFavourites { get; } = new(StatusCodes.Status409Conflict, "too-many-favourites", "You have as many favourites as there may be.",
        $"Take one off before you add another; a member has at most {Core.Clients.Overview.Favourites.Most}.");

    public static Problem BadContinuation => BadField("continuation", "the value that the previous page gave.");

    public static Problem NotSignedIn { get; } = new(StatusCodes.Status401Unauthorized, "not-signed-in", "Nobody is signed in.",
        "Sign in (again), then repeat the request.");

    public static Problem FindingsChanged { get; } = new(StatusCodes.Status409Conflict, "findings-changed", "The findings have been recalculated since you looked at them.",
        "Nothing was changed. Load the list again, look at what is new, and dismiss what you mean.");

    public static Problem NoShare { get; } = new(StatusCodes.Status404NotFound, "share-not-found", "There is no such share link.",
        "The client's list of share links shows those that there are; one that has ended is forgotten after a month.");

    public static Problem TooManyShares { get; } = new(StatusCodes.Status409Conflict, "too-many-shares", "As many share links of this client are open as may be.",
        $"Take one back before you make another; a client has at most {Core.Health.Sharing.OverviewShare.Most}.");

    public static Problem NoSharedOverview { get; } = new(StatusCodes.Status404NotFound, "shared-overview-not-found", "This link shows nothing.",
        "It is not whole, has expired or was taken back. Whoever sent it can send a new one.");

    public static Problem NotConnected { get; } = new(StatusCodes.Status409Conflict, "not-connected", "This client is not connected to its books.",
        "Someone who may connect clients presses Connect. Data copied earlier stays.");

    public static Problem ResultUnknown { get; } = new(StatusCodes.Status409Conflict, "result-unusable", "This result code cannot be used.",
        "It was used already, is older than ten minutes, or belongs to another person. Press Connect again.");

    public static Problem ConsentDenied { get; } = new(StatusCodes.Status409Conflict, "consent-denied", "The consent was cancelled at the provider.",
        "Nothing was changed. Press Connect again when you are ready to allow the access.");

    public static Problem ConsentExpired { get; } = new(StatusCodes.Status409Conflict, "consent-expired", "The consent took too long or was used already.",
        "Nothing was changed. Press Connect again; it is good for ten minutes.");

    public static Problem ConsentUnknown { get; } = new(StatusCodes.Status409Conflict, "consent-unknown", "This answer of the provider does not belong to a consent that we began.",
        "Nothing was changed. It may have been opened a second time, or from an old link. Press Connect again.");

    public static Problem NotOffered { get; } = new(StatusCodes.Status409Conflict, "organisation-not-offered", "The consent does not reach that organisation.",
        "Choose one of the organisations that confirming the consent listed.");

    public static Problem ConnectionChanged { get; } = new(StatusCodes.Status409Conflict, "connection-changed", "Somebody else connected or disconnected this client meanwhile.",
        "Nothing was overwritten. Look at the client's connection; if this consent is still meant, confirm it again with the same result: then it is asked whether the books may change.");

    public static Problem ResultForMany { get; } = new(StatusCodes.Status409Conflict, "result-for-many", "This consent is for many clients.",
        "Send the result to connections/offer, and match its organisations to clients.");

    public static Problem NoOrganisation { get; } = new(StatusCodes.Status409Conflict, "no-organisation", "The consent added no organisation.",
        "Press Connect again and choose an organisation at the provider that you may use.");

    public static Problem Changed { get; } = new(StatusCodes.Status412PreconditionFailed, "changed-meanwhile", "Someone else changed it meanwhile.",
        "Read it again and repeat your change.");

    public static Problem Busy { get; } = new(StatusCodes.Status503ServiceUnavailable, "our-storage", "Our own storage did not answer.",
        "Nothing was lost. Try again in a moment; if it stays, our support can see why.")
    { RetryAfter = TimeSpan.FromSeconds(5) };

    public static Problem CutShort { get; } = new(StatusCodes.Status503ServiceUnavailable, "cut-short", "This took too long, or this instance is being stopped.",
        "Look whether it was done before you repeat it; repeating it is harmless unless its description says otherwise.")
    { RetryAfter = TimeSpan.FromSeconds(5) };

    public static Problem TooManyPasses { get; } = new(StatusCodes.Status503ServiceUnavailable, "busy-judging", "Other books are being gone over at the moment.",
        "Nothing was changed. Try again in a moment.")
    { RetryAfter = TimeSpan.FromSeconds(10) };

    public static Problem Unexpected { get; } = new(StatusCodes.Status500InternalServerError, "unexpected", "Something went wrong on our side.",
        "Try again. If it stays, give our support the request id.");

    public static Problem BadJson(string detail) => new(StatusCodes.Status400BadRequest, "invalid-json", "The body cannot be read.", detail);

    public static Problem BadField(string field, string words) => new(StatusCodes.Status400BadRequest, "invalid-request", "The request is not right.",
        $"{field}: {words}")
    { Errors = new Dictionary<string, string> { [field] = words } };

    /// <summary>Privileges were sent for a role that has what it has: dropping them would look like giving them.</summary>
    public static Problem TakesNoPrivileges(Role role) => BadField("privileges", role switch
    {
        Role.ClientAdmin => "only a Standard member is given them one by one; a Client Admin may do all of these already. Leave them out, or say role standard.",
        Role.PracticeAdmin => "only a Standard member is given them one by one; a Practice Admin may do all of these already. Leave them out, or say role standard.",
        _ => "only a Standard member is given them one by one. Leave them out.",
    });

    public static Problem NotAMember { get; } = new(StatusCodes.Status403Forbidden, "not-a-member", "You are signed in, but not a member here.",
        "An admin of the practice invites you, and you accept with the link in the invitation. GET me shows where you are a member.");

    public static Problem Suspended { get; } = new(StatusCodes.Status403Forbidden, "suspended", "Your membership is suspended.",
        "An admin of the practice can let you in again.");

    public static Problem NoMember { get; } = new(StatusCodes.Status404NotFound, "member-not-found", "There is no such member.",
        "The list of members shows those of your practice.");

    public static Problem NoPractice { get; } = new(StatusCodes.Status404NotFound, "practice-not-found", "There is no such practice.",
        "It does not exist, or you may not see it.");

    public static Problem LastAdmin { get; } = new(StatusCodes.Status409Conflict, "last-admin", "This is the last admin of the practice.",
        "Make somebody else a Practice Admin first.");

    public static Problem AlreadyAMember { get; } = new(StatusCodes.Status409Conflict, "already-a-member", "There is a member with that e-mail address or sign-in already.",
        "Change that member, or make a new link if they have not accepted yet.");

    public static Problem TooManyMembers { get; } = new(StatusCodes.Status409Conflict, "too-many-members", "The practice has as many members as it can.",
        $"A practice has at most {MemberStore.MostMembers}, removed ones included. Our support can help.");

    public static Problem InvitationRefused { get; } = new(StatusCodes.Status409Conflict, "invitation-unusable", "This invitation cannot be used.",
        "It was used already, was replaced or withdrawn, or is too old. An admin of the practice can make a new link.");

    public static Problem InvitationOfAnother { get; } = new(StatusCodes.Status403Forbidden, "invitation-of-another", "This invitation is for another e-mail address.",
        "Sign in with the address to which it was sent, or ask an admin of the practice to invite this one.");

    public static Problem EmailNotVerified { get; } = new(StatusCodes.Status403Forbidden, "email-not-verified", "Your sign-in does not prove your e-mail address.",
        "Have it verified where you sign in, sign in anew, and open the invitation again.");

    public static Problem BodyTooSlow { get; } = new(StatusCodes.Status408RequestTimeout, "body-too-slow", "The body did not arrive in time.",
        $"A body must be here within {RequestBody.Patience.TotalSeconds:0} seconds. Send it again.");

    public static Problem TooManyRequests(TimeSpan wait) => new(StatusCodes.Status429TooManyRequests, "too-many-requests", "Too many requests.",
        "Nothing was done. Wait as long as Retry-After says, then go on more slowly.")
    { RetryAfter = wait };

    public static Problem ChoosePractice(IReadOnlyList<PracticeId> practices) => new(StatusCodes.Status400BadRequest, "choose-practice", "You work for several practices.",
        $"Say for which this is, in the header {Access.SignedInMember.PracticeHeader}: {string.Join(", ", practices)}.");

    /// <summary>Who leaves authorised connections: which, and how to go on.</summary>
    public static Problem AuthorisesConnections(Member member, IReadOnlyList<Core.Clients.Overview.ClientSummary> clients)
    {
        const int Named = 20;
        var names = string.Join(", ", clients.Take(Named).Select(client => client.Name)) + (clients.Count > Named ? $" and {clients.Count - Named} more" : "");
        return new(StatusCodes.Status409Conflict, "authorises-connections", $"{member.Name} authorised the connection of {clients.Count} client{(clients.Count == 1 ? "" : "s")}.",
            $"These stop being read when that person loses access at the provider: {names}. Someone else with access there takes each over (GET connections?authorisedBy={member.Id} lists them). "
            + "To go on before that, repeat the request with confirm=true.");
    }

    public static Problem WrongMemberState(MemberState state) => new(StatusCodes.Status409Conflict, "wrong-member-state", $"The member is {state.ToString().ToLowerInvariant()}.",
        "That cannot be done in this state. Read the member again.");

    /// <summary>What the member sees and may not do, with who can.</summary>
    public static Problem MayNot(Actor actor, Permissions wanted)
    {
        const string Title = "Your role does not include this.";
        if (actor.Role is Role.Support && actor.Practice == Practice.Staff && (RolePermissions.InsideAnotherPractice & wanted) == wanted)
            return new(StatusCodes.Status403Forbidden, "not-allowed", "This is done inside a practice, and none is named.", $"Our support can do it in a practice that it has opened. {HowToOpen}");
        var roles = RolePermissions.With(wanted).Select(role => role switch
        {
            Role.PracticeAdmin => "a Practice Admin",
            Role.ClientAdmin => "a Client Admin",
            Role.Standard => "any member",
            Role.Support => "our support",
            _ => throw new InvalidOperationException($"{role} has no words."),
        });
        var who = string.Join(" or ", roles);
        var more = actor.Role is Role.Support ? " Our support looks at a practice that it has opened and mends its syncs; it changes nothing else there."
            : (wanted & RolePermissions.Privileges) == wanted ? " A Practice Admin can give a Standard member the right."
            : "";
        return new(StatusCodes.Status403Forbidden, "not-allowed", Title, $"{char.ToUpperInvariant(who[0])}{who[1..]} can do it.{more}");
    }

    /// <summary>One of our staff names a practice that they have not opened, or no longer.</summary>
    public static Problem PracticeNotOpen { get; } = new(StatusCodes.Status403Forbidden, "practice-not-open", "You have not opened this practice, or your access has ended.", HowToOpen);

    private const string HowToOpen = $"Open it yourself with POST practices/{{practiceId}}/support-access and {{\"reason\": \"…\", \"minutes\": 60}}, without {Access.SignedInMember.PracticeHeader}; nobody has to grant it, "
        + $"and its admins read the reason in their audit. Then name it in the header {Access.SignedInMember.PracticeHeader}. GET practices lists them.";

    public static Problem NotThatRecord { get; } = new(StatusCodes.Status409Conflict, "not-that-record", "That run did not fail because of that record.",
        "Only a record that the run's error names can be left out. Copy dataset and record id from there.");

    public static Problem WrongMethod(string allow) => new(StatusCodes.Status405MethodNotAllowed, "method-not-allowed", "This address does not take that method.",
        $"It takes {allow}.")
    { Allow = allow };

    public static Problem AlreadyConnected(string organisation, string? client) => new(StatusCodes.Status409Conflict, "organisation-in-use",
        client is null or "another client" ? $"{organisation} is already connected to another client." : $"{organisation} is already connected to the client {client}.",
        "One set of books belongs to one client. Open that client, or disconnect it there first.");

    public static Problem AppFull(string provider, Core.Costs.CapUse use) => new(StatusCodes.Status409Conflict, "app-full",
        $"Our app may hold {use.Most} organisations at {provider} and holds {use.Used}.",
        "This client has to wait: disconnect one that no longer needs it, or an operator moves the app to a higher tier. Clients that are connected are not concerned.");

    public static Problem ReadsUsedUp(string provider, DateTimeOffset until) => new(StatusCodes.Status409Conflict, "reads-used-up",
        $"Our app has used up this month's reads of its tier at {provider}.",
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Syncs of clients there wait and go on by themselves on {until.UtcDateTime:d MMMM yyyy}. Sooner, within the hour, if an operator moves the app to a higher tier."));

    public static Problem OneAtATime(string provider) => new(StatusCodes.Status409Conflict, "one-company-a-consent", $"A consent of {provider} is for one company.",
        "Connect the clients one by one.");

    public static Problem OtherOrganisation(string organisation) => new(StatusCodes.Status409Conflict, "other-organisation", $"Your consent does not reach {organisation}.",
        "A connection is taken over only for the same books, and nothing was changed. Sign in at the provider as someone with access to them, and press Take over again.");

    /// <summary>What a provider refused or failed to do, in its own words.</summary>
    public static Problem Of(ProviderFault fault, string provider)
    {
        var words = FaultWords.For(fault.Kind, provider);
        var status = fault.Kind is FaultKind.ProviderUnavailable or FaultKind.OrganisationOffline or FaultKind.OurStorage
            ? StatusCodes.Status503ServiceUnavailable
            : fault.Kind is FaultKind.BadAnswer or FaultKind.RequestRefused or FaultKind.ClientCredentialsWrong
                ? StatusCodes.Status502BadGateway
                : StatusCodes.Status409Conflict;
        return new(status, words.Code, words.Title, words.Detail) { ReconnectMends = words.ReconnectMends };
    }
}
