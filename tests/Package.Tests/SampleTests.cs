namespace ReSTE.Native.Package.Tests;

/// <summary>The sample in samples/Embed, built beside the tests.</summary>
public sealed class SampleTests
{
    [Fact]
    public void It_trains_saves_loads_and_recognises()
    {
        using var folder = new TemporaryFolder();
        EmbeddingSample.Check(Path.Combine(AppContext.BaseDirectory, "Embed.dll"), folder.Path);
    }

    [Fact]
    public void Interrupted_it_saves_what_it_has()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs Unix signals");
        using var folder = new TemporaryFolder();
        using var training =
            new DotnetProcess(folder.Path, Path.Combine(AppContext.BaseDirectory, "Embed.dll"), "network.safetensors", "100000");
        training.WaitFor("epoch 1: ");
        training.Interrupt();
        string[] lines = training.Finish();
        Assert.Matches(@"^stopped in epoch \d+ after step \d+$", lines[^2]);
        Assert.Matches(@"^the saved network recognises \d+ of 256 images$", lines[^1]);
        Assert.True(File.Exists(folder.File("network.safetensors")));
    }

    [Fact]
    public void The_package_s_readme_shows_the_sample_as_it_is()
    {
        string readme = File.ReadAllText(Repository.At("src", "Engine", "README.md"));
        string sample = File.ReadAllText(Repository.At("samples", "Embed", EmbeddingSample.Source));
        Assert.Contains($"```csharp\n{sample}```", readme.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }
}
