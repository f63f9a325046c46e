using System.IO.Enumeration;
using ReSTE.Native.Devices;
using ReSTE.Native.Messages;

namespace ReSTE.Native.Host;

/// <summary>Which kernels are timed: those whose name or layer holds a text, or fits a pattern with * and ?, in any case.</summary>
internal sealed class KernelFilter(string flag, string? pattern)
{
    public bool Fits(KernelLaunch launch) => pattern is null || Fits(launch.Kernel) || Fits(launch.Layer);

    /// <summary>Refuses a pattern that nothing fits.</summary>
    public void RequireAny(IReadOnlyList<KernelLaunch> launches)
    {
        if (pattern is null || launches.Any(Fits))
            return;
        throw HostException.Misuse($"{flag}: no kernel and no layer fits '{pattern}'",
            NearestName.Hint(pattern, [.. launches.Select(l => l.Kernel).Distinct()]));
    }

    private bool Fits(string name) => pattern!.AsSpan().ContainsAny('*', '?')
        ? FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: true)
        : name.Contains(pattern!, StringComparison.OrdinalIgnoreCase);
}
