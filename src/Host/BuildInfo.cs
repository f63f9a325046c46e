using System.Reflection;

namespace ReSTE.Native.Host;

/// <summary>Which build this is.</summary>
internal static class BuildInfo
{
    /// <summary>Version and, where the build knew it, the commit.</summary>
    public static string Version { get; } =
        typeof(BuildInfo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
