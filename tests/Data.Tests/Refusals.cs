using ReSTE.Native.Datasets;

namespace ReSTE.Native.Data.Tests;

internal static class Refusals
{
    /// <summary>Asserts a refusal of one line that holds every one of these texts.</summary>
    public static void AssertRefused(Action action, params string[] texts) => AssertRefused(null, action, texts);

    /// <summary>Asserts a refusal of one kind, where it is given, and of one line that holds every one of these texts.</summary>
    public static void AssertRefused(DatasetFault? kind, Action action, params string[] texts)
    {
        var refusal = Assert.Throws<DatasetException>(action);
        string message = refusal.Message;
        Assert.Equal(kind ?? refusal.Kind, refusal.Kind);
        foreach (string text in texts)
            Assert.Contains(text, message, StringComparison.Ordinal);
        AssertOneLine(message);
    }

    public static void AssertOneLine(string message) => Assert.DoesNotContain(message, char.IsControl);
}
