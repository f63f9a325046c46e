using ReSTE.Native.Datasets;

namespace ReSTE.Native.Data.Tests;

internal static class Refusals
{
    /// <summary>Asserts a refusal of one line that holds every one of these texts.</summary>
    public static void AssertRefused(Action action, params string[] texts)
    {
        string message = Assert.Throws<DatasetException>(action).Message;
        foreach (string text in texts)
            Assert.Contains(text, message, StringComparison.Ordinal);
        AssertOneLine(message);
    }

    public static void AssertOneLine(string message) => Assert.DoesNotContain(message, char.IsControl);
}
