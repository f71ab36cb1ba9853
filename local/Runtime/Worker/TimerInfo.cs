namespace Microsoft.Azure.Functions.Worker;

public class TimerInfo
{
    public TimerInfo() { }

    public ScheduleStatus? ScheduleStatus { get; set; }

    public bool IsPastDue { get; set; }
}

public class ScheduleStatus
{
    public ScheduleStatus() { }

    public DateTime Last { get; set; }

    public DateTime Next { get; set; }

    public DateTime LastUpdated { get; set; }
}
