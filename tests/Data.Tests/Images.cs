using ReSTE.Native.Datasets;

namespace ReSTE.Native.Data.Tests;

internal static class Images
{
    public static (int Label, byte[] Pixels) At(Dataset set, int index)
    {
        byte[] pixels = new byte[set.Shape.Bytes];
        int label = set.Read(index, pixels);
        return (label, pixels);
    }

    public static IEnumerable<(int Label, byte[] Pixels)> All(Dataset set) => Enumerable.Range(0, set.Count).Select(i => At(set, i));

    /// <summary>How many images each class has.</summary>
    public static int[] CountByClass(Dataset set)
    {
        int[] counts = new int[set.Classes];
        foreach (var (label, _) in All(set))
            counts[label]++;
        return counts;
    }

    public static void AssertSame(Dataset expected, Dataset actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (int i = 0; i < expected.Count; i++)
        {
            var (label, pixels) = At(expected, i);
            var other = At(actual, i);
            Assert.True(label == other.Label && pixels.AsSpan().SequenceEqual(other.Pixels), $"image {i} of {expected.Name} differs");
        }
    }
}
