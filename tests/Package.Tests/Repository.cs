namespace ReSTE.Native.Package.Tests;

/// <summary>
/// The source tree the tests were built in. Where they run without it, as on a machine that got only programs, what needs it skips visibly.
/// </summary>
internal static class Repository
{
    private static readonly string? s_root = Find(new DirectoryInfo(AppContext.BaseDirectory));

    /// <summary>A path in it.</summary>
    public static string At(params ReadOnlySpan<string> path)
    {
        Assert.SkipWhen(s_root == null, "the source tree is not here");
        return Path.Combine([s_root!, .. path]);
    }

    private static string? Find(DirectoryInfo? folder) =>
        folder == null || File.Exists(Path.Combine(folder.FullName, "ReSTE.Native.sln")) ? folder?.FullName : Find(folder.Parent);
}
