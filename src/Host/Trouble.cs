namespace ReSTE.Native.Host;

/// <summary>An exception in words for somebody who does not know the code.</summary>
internal static class Trouble
{
    public static string Describe(Exception problem) => problem switch
    {
        OutOfMemoryException => "out of memory; a smaller --batch_size needs less",
        IOException or UnauthorizedAccessException => problem.Message,
        _ => $"unexpected {problem.GetType().Name}: {problem.Message}",
    };
}
