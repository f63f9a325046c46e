using System.Globalization;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Devices.Reference;
using ReSTE.Native.Engine.Tests.Cuda;

namespace ReSTE.Native.Engine.Tests.Reference;

/// <summary>
/// Every recorded binary convolution, through a sealed tape, on the reference, on the CPU device at every vector width, and on the
/// GPU or its emulator.
/// </summary>
[Trait("Category", "Reference")]
public sealed class LayerReferenceTests
{
    // ||ours - recorded|| / ||recorded||. The recordings are float32 sums of up to 1170 products: about ten roundings.
    private const double Tolerance = 1e-5;

    public static TheoryData<string> Files => ReferenceFiles.Matching("layer.conv.*.safetensors");

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_device_agrees(string name)
    {
        var layer = new LayerCase(name);
        using (var device = new ReferenceDevice())
            Check(name, "reference", layer, layer.Run(device));
        foreach (int bits in CpuVectors.Available)
            foreach (int threads in new[] { 1, 3 })
            {
                using var device = new CpuDevice(threads, bits);
                Check(name, device.Description, layer, layer.Run(device));
            }

        foreach (string order in GpuUnderTest.Orders)
            GpuUnderTest.Use(order, device => Check(name, $"{device.Description}, {order}", layer, layer.Run(device)));
    }

    private static void Check(string file, string device, LayerCase layer, LayerResult result)
    {
        if (!layer.RealActivations)
            CheckCounts(file, device, layer, result.Output);
        Check(file, device, "output", result.Output, layer);
        Check(file, device, "grad_input", result.InputGradient, layer);
        Check(file, device, "grad_weight", result.WeightGradient, layer);
    }

    /// <summary>Output divided by scale is a whole number, the same on both sides.</summary>
    private static void CheckCounts(string file, string device, LayerCase layer, double[] output)
    {
        double scale = layer.Weights.Average(w => (double)Math.Abs(w));
        double[] recorded = layer.File.ReadFloat64("output");
        for (int i = 0; i < recorded.Length; i++)
        {
            double count = output[i] / scale, whole = Math.Round(count);
            // Scale and product are each rounded to float32: 2e-7 of at most 1170.
            Assert.True(Math.Abs(count - whole) <= 3e-4 && whole == Math.Round(recorded[i] / scale),
                string.Create(CultureInfo.InvariantCulture,
                    $"{file}, output at {i}, {device}: {count:r} counts, recorded {recorded[i] / scale:r}"));
        }
    }

    private static void Check(string file, string device, string tensor, double[] ours, LayerCase layer)
    {
        double[] recorded = layer.File.ReadFloat64(tensor);
        double distance = ModelCase.Distance(ours, recorded);
        Assert.True(distance <= Tolerance, string.Create(CultureInfo.InvariantCulture,
            $"{file}, {tensor}, {device}: distance {distance:e2}, tolerance {Tolerance:e0}; "
            + $"first value {ours[0]:r}, recorded {recorded[0]:r}"));
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{tensor}, {device}: distance {distance:e2}"));
    }
}
