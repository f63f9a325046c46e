namespace ReSTE.Native.Package.Tests;

/// <summary>The sample with its own runtime and everything unused cut away: whatever works by reflection breaks there.</summary>
[Trait("Category", "Slow")]
public sealed class TrimmedSampleTests
{
    // NuGet's ways to say that a package cannot be had.
    private static readonly string[] s_unavailable = ["NU1100", "NU1101", "NU1102", "NU1301"];

    [Fact]
    public void Trimmed_it_trains_saves_loads_and_recognises()
    {
        using var folder = new TemporaryFolder();
        string project = Repository.At("samples", "Embed"), published = folder.File("published");
        // What is built goes to a folder of its own: the source tree is built in by other tests.
        string[] settings =
        [
            "--artifacts-path", folder.File("artifacts"), "--use-current-runtime",
            "-p:PublishTrimmed=true", "-p:SelfContained=true", "-p:ResteKernels=false", "--verbosity", "quiet",
        ];
        var (exitCode, output) = DotnetProcess.Try(folder.Path, ["restore", project, .. settings]);
        Assert.SkipWhen(exitCode != 0 && s_unavailable.Any(output.Contains),
            $"the runtime's package is not to be had: {output.Trim().Split('\n')[0]}");
        Assert.True(exitCode == 0, output);
        DotnetProcess.Run(folder.Path,
            ["publish", project, "--no-restore", "--output", published, "--configuration", "Release", .. settings]);
        EmbeddingSample.CheckSelfContained(Path.Combine(published, OperatingSystem.IsWindows() ? "Embed.exe" : "Embed"), folder.Path);
    }
}
