using System.Globalization;
using System.Text.RegularExpressions;

namespace ReSTE.Native.Package.Tests;

/// <summary>What samples/Embed prints, and nothing beside it: the library itself says nothing.</summary>
internal static partial class EmbeddingSample
{
    public const string Source = "Program.cs";

    private const string Checkpoint = "network.safetensors";

    /// <summary>Runs the program and checks every line of its output.</summary>
    public static void Check(string program, string folder) => Check(DotnetProcess.Run(folder, program, Checkpoint), folder);

    /// <summary>Runs the program as one that brings its own runtime along, and checks every line of its output.</summary>
    public static void CheckSelfContained(string program, string folder) =>
        Check(DotnetProcess.RunProgram(program, folder, Checkpoint), folder);

    private static void Check(string[] lines, string folder)
    {
        Assert.Equal(3 * 3 + 1, lines.Length);
        for (int epoch = 0; epoch < 3; epoch++)
        {
            Assert.Matches(@"^step 8 of 16: loss \d\.\d{3}$", lines[3 * epoch]);
            Assert.Matches(@"^step 16 of 16: loss \d\.\d{3}$", lines[3 * epoch + 1]);
            Assert.Matches($@"^epoch {epoch + 1}: training loss \d\.\d{{3}}, \d+\.\d % of the test images$", lines[3 * epoch + 2]);
        }

        Match result = Result().Match(lines[^1]);
        Assert.True(result.Success, lines[^1]);
        Assert.InRange(int.Parse(result.Groups[1].Value, CultureInfo.InvariantCulture), 243, 256);
        Assert.True(File.Exists(Path.Combine(folder, Checkpoint)));
    }

    [GeneratedRegex(@"^the saved network recognises (\d+) of 256 images$")]
    private static partial Regex Result();
}
