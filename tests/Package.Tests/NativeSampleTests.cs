namespace ReSTE.Native.Package.Tests;

/// <summary>The sample that predicts, compiled ahead of time: whatever asks for types at run time breaks there.</summary>
public sealed class NativeSampleTests
{
    private const long MostBytes = 4_000_000;

    // NuGet's ways to say that a package cannot be had.
    private static readonly string[] s_unavailable = ["NU1100", "NU1101", "NU1102", "NU1301"];

    [Theory(Explicit = true)]
    [Trait("Category", "Long")]
    [InlineData("")]
    [InlineData("native")]
    public void Compiled_ahead_of_time_it_is_small_and_predicts(string instructions)
    {
        using var folder = new TemporaryFolder();
        string project = Repository.At("samples", "Predict"), published = folder.File("published");
        // What is built goes to a folder of its own: the source tree is built in by other tests.
        string[] settings =
        [
            "--artifacts-path", folder.File("artifacts"), "--use-current-runtime", "-p:PublishAot=true",
            .. instructions.Length > 0 ? (string[])["-p:IlcInstructionSet=" + instructions] : [], "--verbosity", "quiet",
        ];
        var (exitCode, output) = DotnetProcess.Try(folder.Path, ["restore", project, .. settings]);
        Assert.SkipWhen(exitCode != 0 && s_unavailable.Any(output.Contains),
            $"the compiler's package is not to be had: {output.Trim().Split('\n')[0]}");
        Assert.True(exitCode == 0, output);
        DotnetProcess.Run(folder.Path,
            ["publish", project, "--no-restore", "--output", published, "--configuration", "Release", .. settings]);
        string program = Path.Combine(published, OperatingSystem.IsWindows() ? "Predict.exe" : "Predict");
        Assert.Equal(PredictingSample.Lines, DotnetProcess.RunProgram(program, folder.Path, PredictingSample.Files(folder.Path)));
        Assert.InRange(new FileInfo(program).Length, 1, MostBytes);
    }
}
