namespace DataHealth.Core.Health.Checks;

/// <summary>The control account of PAYE and national insurance.</summary>
internal sealed class Paye : ControlAccount
{
    public override string Key => "paye";

    public override string Title => "PAYE";

    protected override string Subject => "PAYE and national insurance";

    public override decimal DefaultWeight => 10m;
}
