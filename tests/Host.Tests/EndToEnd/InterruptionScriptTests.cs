using System.Diagnostics;

namespace ReSTE.Native.Host.Tests.EndToEnd;

/// <summary>build/interruptions.sh, with few interruptions: it is the long version that counts.</summary>
public sealed class InterruptionScriptTests
{
    [Fact(Explicit = true)]
    [Trait("Category", "Long")]
    public void A_few_interruptions_at_random_moments_change_nothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the script is for Linux");
        var start = new ProcessStartInfo("bash", [Script(), "12", "1"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["RESTE"] = Path.Combine(AppContext.BaseDirectory, "reste");
        using var process = Process.Start(start)!;
        var run = Reste.Finish(process, TimeSpan.FromMinutes(10));
        TestContext.Current.TestOutputHelper?.WriteLine(run.Output);
        Assert.True(run is { ExitCode: 0, Error: "" }, run.Output + run.Error);
        Assert.Matches("^interruptions: 12 .* 0 failures", run.Output);
    }

    private static string Script()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "build", "interruptions.sh")))
            folder = folder.Parent;
        Assert.SkipWhen(folder is null, "the tests do not lie in the source tree");
        return Path.Combine(folder!.FullName, "build", "interruptions.sh");
    }
}
