using DataHealth.Core.Connections.Vault;

namespace DataHealth.Core.Tests.Connections.Vault;

public sealed class LocalTokenVaultTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "dh-" + Guid.NewGuid().ToString("N"));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task What_is_written_is_read_by_another_process_until_it_is_deleted()
    {
        var (one, two) = (new LocalTokenVault(_folder), new LocalTokenVault(_folder));
        (await one.GetAsync("a", Cancellation)).ShouldBeNull();
        await one.SetAsync("a", "first", Cancellation);
        await one.SetAsync("a", "second", Cancellation);

        (await two.GetAsync("a", Cancellation)).ShouldBe("second");
        (await two.DeleteAsync("a", Cancellation)).ShouldBe(SecretRemoval.Gone);
        (await one.DeleteAsync("a", Cancellation)).ShouldBe(SecretRemoval.Gone);
        (await one.GetAsync("a", Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task Processes_that_begin_together_agree_on_one_key()
    {
        var vaults = Enumerable.Range(0, 16).Select(_ => new LocalTokenVault(_folder)).ToList();
        await Task.WhenAll(vaults.Select((vault, number) => Task.Run(() => vault.SetAsync($"name-{number}", $"value-{number}", Cancellation), Cancellation)));

        for (var number = 0; number < vaults.Count; number++)
            (await vaults[^(number + 1)].GetAsync($"name-{number}", Cancellation)).ShouldBe($"value-{number}");
        Directory.GetFiles(_folder, "*.tmp").ShouldBeEmpty();
    }

    [Fact]
    public async Task Readers_during_writes_see_a_whole_secret()
    {
        var (writer, reader) = (new LocalTokenVault(_folder), new LocalTokenVault(_folder));
        await writer.SetAsync("a", new string('0', 2000), Cancellation);
        var writing = Task.Run(async () =>
        {
            for (var round = 1; round <= 100; round++)
                await writer.SetAsync("a", new string((char)('0' + (round % 10)), 2000), Cancellation);
        }, Cancellation);
        while (!writing.IsCompleted)
            (await reader.GetAsync("a", Cancellation))!.Distinct().Count().ShouldBe(1);
        await writing;
    }

    [Fact]
    public async Task Nothing_on_the_disk_is_readable_and_only_the_owner_may_try()
    {
        await new LocalTokenVault(_folder).SetAsync("a", "the-secret-value", Cancellation);

        foreach (var file in Directory.GetFiles(_folder))
        {
            System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, Cancellation)).ShouldNotContain("secret-value");
            if (!OperatingSystem.IsWindows())
                File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Fact]
    public async Task A_damaged_a_renamed_and_a_foreign_file_are_errors_that_say_what_to_do()
    {
        var vault = new LocalTokenVault(_folder);
        await vault.SetAsync("a", "value", Cancellation);
        var file = Path.Combine(_folder, "a.secret");
        File.Copy(file, Path.Combine(_folder, "b.secret"));
        var bytes = await File.ReadAllBytesAsync(file, Cancellation);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(file, bytes, Cancellation);
        await File.WriteAllTextAsync(Path.Combine(_folder, "c.secret"), "x", Cancellation);

        foreach (var name in (string[])["a", "b", "c"])
            (await Should.ThrowAsync<VaultException>(() => vault.GetAsync(name, Cancellation))).Message.ShouldContain("reconnect");
    }

    [Theory]
    [InlineData("")]
    [InlineData("../a")]
    [InlineData("a.b")]
    public Task A_name_that_is_none_is_refused(string name) =>
        Should.ThrowAsync<ArgumentException>(() => new LocalTokenVault(_folder).GetAsync(name, Cancellation));
}
