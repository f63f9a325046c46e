namespace ReSTE.Native.Host;

/// <summary>"1 thread", "2 threads".</summary>
internal static class Plural
{
    public static string Of(long count, string noun) => $"{Numbers.Text(count)} {noun}{(count == 1 ? "" : "s")}";
}
