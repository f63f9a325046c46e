namespace ReSTE.Native.Messages;

/// <summary>The layer whose operation failed: it goes with the exception, whatever that is.</summary>
internal static class FailureLayer
{
    private const string Key = "ReSTE.Native.Layer";

    /// <summary>A filter that lets every exception pass, once it has noted where it came from.</summary>
    public static bool Note(Exception problem, string layer)
    {
        if (!problem.Data.Contains(Key))
            problem.Data.Add(Key, layer);
        return false;
    }

    /// <summary>The layer; null where none was noted.</summary>
    public static string? Of(Exception problem) => problem.Data[Key] as string;
}
