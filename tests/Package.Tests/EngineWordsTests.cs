using System.Text.RegularExpressions;

namespace ReSTE.Native.Package.Tests;

/// <summary>The libraries' errors are data: their texts know no flag of the command, and the command takes no text apart.</summary>
public sealed partial class EngineWordsTests
{
    [Theory]
    [InlineData("Engine")]
    [InlineData("Data")]
    [InlineData("Images")]
    public void No_text_of_a_library_names_a_flag(string library) => Assert.Empty(Found(library, FlagInText()));

    [Fact]
    public void The_command_takes_no_message_apart() => Assert.Empty(Found("Host", MessageTakenApart()));

    [Theory]
    [InlineData("""throw new Exception($"it is {x}; a lower --lr helps");""", true)]
    [InlineData("""throw new Exception("give --model");""", true)]
    [InlineData("""i--; var a = "b" + --c;""", false)]
    [InlineData("""/// what --resume needs: "--resume" """, false)]
    public void A_flag_is_found_in_texts_only(string line, bool found) => Assert.Equal(found, IsCode(line) && FlagInText().IsMatch(line));

    [Theory]
    [InlineData("if (e.Message.Contains(\"x\"))", true)]
    [InlineData("var at = problem.Message.IndexOf(':');", true)]
    [InlineData("var end = problem.Message[3..];", true)]
    [InlineData("Regex.Match(problem.Message, x)", true)]
    [InlineData("switch (problem.Message)", true)]
    [InlineData("new(problem.Message, problem)", false)]
    public void A_message_taken_apart_is_found(string line, bool found) => Assert.Equal(found, MessageTakenApart().IsMatch(line));

    private static IEnumerable<string> Found(string project, Regex pattern) =>
        from file in Directory.EnumerateFiles(Repository.At("src", project), "*.cs", SearchOption.AllDirectories)
        where !Path.GetRelativePath(Repository.At("src"), file).Split(Path.DirectorySeparatorChar)
            .Any(folder => folder is "obj" or "bin")
        from line in File.ReadLines(file).Where(IsCode)
        where pattern.IsMatch(line)
        select $"{file}: {line.Trim()}";

    private static bool IsCode(string line) => !line.TrimStart().StartsWith("//", StringComparison.Ordinal);

    // A word of the form of a flag with an odd number of quotation marks before it on its line.
    [GeneratedRegex("""^[^"]*"([^"]*"[^"]*")*[^"]*--[a-z]""")]
    private static partial Regex FlagInText();

    [GeneratedRegex("""
        \.Message\s*(\.(IndexOf|LastIndexOf|Contains|StartsWith|EndsWith|Split|Substring|Replace|Equals|AsSpan)\b|\[|==|!=)
        |(Match|IsMatch|switch)\s*\([^()]*\.Message\b
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex MessageTakenApart();
}
