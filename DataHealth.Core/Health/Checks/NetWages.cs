namespace DataHealth.Core.Health.Checks;

/// <summary>The control account of net wages.</summary>
internal sealed class NetWages : ControlAccount
{
    public override string Key => "net-wages";

    public override string Title => "Net wages";

    protected override string Subject => "Net wages";
}
