using System.Text;
using DataHealth.Core.Health.Records;

namespace DataHealth.Core.Tests.Health.Records;

/// <summary>What checks remember comes back word for word.</summary>
public class KeptMemoryTests
{
    [Fact]
    public void Each_check_s_own_json_comes_back_as_it_was()
    {
        var memory = new Dictionary<string, string>
        {
            ["closed-period-changes"] = """{"records":{"Bill:1":{"h":"00ff","n":"A \"B\" & Çö {[,"}},"balances":{}}""",
            ["lock-dates"] = "[1,[2,{}],\"]}\"]",
            ["empty"] = "{}",
        };

        KeptMemory.Read(KeptMemory.Write(memory)).ShouldBe(memory);
        KeptMemory.Read(KeptMemory.Write(new Dictionary<string, string>())).ShouldBeEmpty();
    }

    [Fact]
    public void What_a_backup_of_before_holds_as_texts_is_read_as_well() =>
        KeptMemory.Read(Encoding.UTF8.GetBytes("""{"lock-dates":"{\"since\":\"2026-01-31\"}"}""")).ShouldBe(new Dictionary<string, string> { ["lock-dates"] = """{"since":"2026-01-31"}""" });
}
