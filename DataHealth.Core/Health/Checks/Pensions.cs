namespace DataHealth.Core.Health.Checks;

/// <summary>The control account of pension contributions.</summary>
internal sealed class Pensions : ControlAccount
{
    public override string Key => "pensions";

    public override string Title => "Pensions";

    protected override string Subject => "Pension contributions";
}
