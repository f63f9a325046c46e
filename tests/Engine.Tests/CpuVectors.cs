using ReSTE.Native.Simd;

namespace ReSTE.Native.Engine.Tests;

/// <summary>The vector widths of the CPU device that this machine can run, in bits: each is a code path of its own.</summary>
internal static class CpuVectors
{
    public static IReadOnlyList<int> Available { get; } =
        [.. new[] { 512, 256, 128, 32 }.Where(bits => bits <= VectorWidth.Widest)];

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
