using System.Runtime.Intrinsics;

namespace ReSTE.Native.Engine.Tests;

/// <summary>The vector widths of the CPU device that this machine can run, in bits: each is a code path of its own.</summary>
internal static class CpuVectors
{
    public static IReadOnlyList<int> Available { get; } =
        [.. new[] { (512, Vector512.IsHardwareAccelerated), (256, Vector256.IsHardwareAccelerated), (32, true) }
            .Where(v => v.Item2).Select(v => v.Item1)];

    /// <summary>Each name with each width.</summary>
    public static TheoryData<string, int> Each(IEnumerable<string> names)
    {
        var data = new TheoryData<string, int>();
        foreach (string name in names)
            foreach (int bits in Available)
                data.Add(name, bits);
        return data;
    }
}
