using System.Diagnostics;

namespace ReSTE.Native.Host.Tests.EndToEnd;

/// <summary>build/check-torch-files.sh, where there is PyTorch: whether it takes what `convert` writes.</summary>
public sealed class TorchScriptTests
{
    private const int NoPyTorch = 77;

    [Fact]
    public void PyTorch_opens_what_convert_writes_and_the_published_network_loads_it_strictly()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the script is for Linux");
        // The system's own Python is the one that Debian's package belongs to.
        var run = Run("/usr/bin/python3") is { ExitCode: not NoPyTorch } system ? system : Run("python3");
        Assert.SkipWhen(run.ExitCode == NoPyTorch, "no PyTorch: apt-get install python3-torch, on Debian");
        TestContext.Current.TestOutputHelper?.WriteLine(run.Output);
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        Assert.Matches("theirs.pth.tar: logits .* from the recorded ones", run.Output);
        Assert.Matches("ours.pth.tar: .* 121 tensors, strict, in the network's order", run.Output);
    }

    private static Reste.Finished Run(string python)
    {
        var start = new ProcessStartInfo("bash", [Script()]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PYTHON"] = python;
        start.Environment["RESTE"] = Reste.Library;
        using var process = Process.Start(start)!;
        return Reste.Finish(process, TimeSpan.FromMinutes(5));
    }

    private static string Script()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "build", "check-torch-files.sh")))
            folder = folder.Parent;
        Assert.SkipWhen(folder is null, "the tests do not lie in the source tree");
        return Path.Combine(folder!.FullName, "build", "check-torch-files.sh");
    }
}
