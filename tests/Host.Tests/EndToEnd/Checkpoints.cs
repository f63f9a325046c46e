using ReSTE.Native.Checkpoints;

namespace ReSTE.Native.Host.Tests.EndToEnd;

/// <summary>Compares checkpoints.</summary>
internal static class Checkpoints
{
    /// <summary>Asserts that two files hold the same tensors, bit for bit.</summary>
    public static void AssertSameTensors(string expectedPath, string actualPath)
    {
        var (expected, actual) = (SafetensorsFile.Open(expectedPath), SafetensorsFile.Open(actualPath));
        Assert.Equal(expected.Tensors.Select(tensor => tensor.Name), actual.Tensors.Select(tensor => tensor.Name));
        foreach (var tensor in expected.Tensors)
            Assert.True(expected.Data(tensor.Name).SequenceEqual(actual.Data(tensor.Name)), $"{tensor.Name} differs");
    }

    /// <summary>The rows of metrics.csv without their last column, the seconds.</summary>
    public static string[] Timeless(string[] rows) => [.. rows.Select(row => row[..row.LastIndexOf(',')])];
}
