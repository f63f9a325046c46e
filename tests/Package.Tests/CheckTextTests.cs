using System.Diagnostics;

namespace ReSTE.Native.Package.Tests;

/// <summary>build/check-text.sh on small files: what it finds, and what it lets pass.</summary>
public sealed class CheckTextTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Plain_text_passes()
    {
        File.WriteAllText(_folder.File("there.md"), "# There\n");
        Assert.Equal((0, ""), Check("plain.md",
            "[there](there.md#there), [elsewhere](https://example.org), [here](#here), `[no](link)`\n" +
            "```\n[no](link)\n```\n" +
            "It leaves nothing behind, hides behind an interface, and has so many words that one more is too many.\n"));
    }

    [Fact]
    public void A_line_over_140_columns_is_found_and_counted_in_characters()
    {
        string fits = new('ä', 140);
        Assert.Equal((0, ""), Check("a.cs", $"{fits}\n"));
        Assert.Equal((1, "a.cs:2: 141 columns\n"), Check("a.cs", $"{fits}\n{fits}x\n"));
    }

    [Theory]
    [InlineData("// On the way back it writes.", "a.cs:1: way back: say forward or backward\n")]
    [InlineData("// the Way There\n", "a.cs:1: way there: say forward or backward\n")]
    [InlineData("/// arrays of the way\n    /// back", "a.cs:2: way back: say forward or backward\n")]
    [InlineData("# a program of one's own", "a.cs:1: one's own: say your own\n")]
    [InlineData("// Makes room for so many channels.", "a.cs:1: so many: say a number of, or N\n")]
    [InlineData("int x; // behind the last", "a.cs:1: behind: say after or below\n")]
    public void An_odd_word_is_found(string text, string found) => Assert.Equal((1, found), Check("a.cs", text));

    [Fact]
    public void A_link_that_points_nowhere_is_found() =>
        Assert.Equal((1, "a.md:1: link to docs/gone.md, which is not there\n"), Check("a.md", "[one](a.md), [two](docs/gone.md#part)\n"));

    [Fact]
    public void A_packed_readme_has_no_relative_link()
    {
        Directory.CreateDirectory(_folder.File("src/Engine"));
        Assert.Equal((1, "src/Engine/README.md:1: link to there.md, which is in no package\n"),
            Check("src/Engine/README.md", "[there](there.md), [elsewhere](https://example.org)\n"));
    }

    [Fact]
    public void Counting_never_fails() => Assert.Equal((0, "text: 1 long lines, 1 odd words, 1 links to nowhere\n"),
        Check("a.md", new string('x', 141) + "\nThe way back.\n[gone](gone.md)\n", "--count"));

    private (int ExitCode, string Output) Check(string name, string text, params string[] flags)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs bash");
        File.WriteAllText(_folder.File(name), text);
        var start = new ProcessStartInfo("bash", [Repository.At("build", "check-text.sh"), .. flags, name])
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
