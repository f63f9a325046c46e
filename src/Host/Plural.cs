namespace ReSTE.Native.Host;

/// <summary>"1 thread", "2 threads", "3 launches".</summary>
internal static class Plural
{
    public static string Of(long count, string noun, string? plural = null) =>
        $"{Numbers.Text(count)} {(count == 1 ? noun : plural ?? noun + "s")}";
}
