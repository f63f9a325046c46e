using System.Globalization;
using System.Runtime.InteropServices;
using ReSTE.Native.Devices;
using ReSTE.Native.Devices.Reference;
using ReSTE.Native.Engine.Tests.Cuda;
using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>
/// Runs one operation on the reference, on the CPU device at every vector width, with one thread and with three, and on the GPU or
/// its emulator, with the threads of a block in every order, and compares what came out: with the reference within the tolerance of
/// each tensor, one device's ways to get there bit by bit. Guard words are checked after each run.
/// </summary>
internal static class Comparison
{
    /// <summary>Numbers of threads: none beside the caller, and more than this machine may have.</summary>
    private static readonly int[] Threads = [1, 3];

    // Below the normal range float32 is no finer than this, whatever the tensor's size.
    private const double Denormal = 4 * float.Epsilon;

    /// <summary>
    /// Compares an operation; <paramref name="define"/> makes its tensors on the bench and returns what runs it. Where
    /// <paramref name="hasPlainKernel"/>, the GPU does it without tensor cores too.
    /// </summary>
    public static void Run(int seed, Func<KernelBench, Action<IKernels>> define, bool hasPlainKernel = false)
    {
        using var reference = new ReferenceDevice();
        Result expected = Execute(reference, seed, define);
        foreach (int bits in CpuVectors.Available)
        {
            var results = new List<Result>();
            foreach (int threads in Threads)
                DevicePool.Use(bits, threads, device => results.Add(Execute(device, seed, define)));
            Compare(string.Create(CultureInfo.InvariantCulture, $"{bits} bits, seed {seed}"), expected, results, "one thread and three");
        }

        RunOnGpu(seed, define, expected);
        if (hasPlainKernel)
            RunOnGpu(seed, define, expected, plainKernels: true);
    }

    /// <summary>Runs an operation on one device and gives its outputs as doubles, by name.</summary>
    public static Dictionary<string, double[]> Outputs(Device device, int seed, Func<KernelBench, Action<IKernels>> define) =>
        Execute(device, seed, define).Outputs.ToDictionary(o => o.Tensor.Name, o => o.Values);

    /// <summary>Runs an action with every CPU device of the comparison, and with the reference.</summary>
    public static void OnEveryDevice(Action<Device> action)
    {
        using var reference = new ReferenceDevice();
        action(reference);
        foreach (int bits in CpuVectors.Available)
            foreach (int threads in Threads)
                DevicePool.Use(bits, threads, action);
        foreach (string order in GpuUnderTest.Orders)
            GpuUnderTest.Use(order, action);
    }

    /// <summary>Compares something that only the reference and the GPU can do.</summary>
    public static void RunOnCuda(int seed, Func<KernelBench, Action<IKernels>> define)
    {
        using var reference = new ReferenceDevice();
        RunOnGpu(seed, define, Execute(reference, seed, define));
    }

    private static void RunOnGpu(int seed, Func<KernelBench, Action<IKernels>> define, Result expected, bool plainKernels = false)
    {
        var results = new List<Result>();
        // Without tensor cores in one order: the kernels for other channels run in all of them.
        foreach (string order in plainKernels ? GpuUnderTest.Orders.TakeLast(1) : GpuUnderTest.Orders)
            GpuUnderTest.Use(order, device => results.Add(Execute(device, seed, define)), plainKernels);
        if (results.Count == 0)
            return;
        string where = string.Create(CultureInfo.InvariantCulture, $"{(plainKernels ? "plain " : "")}cuda, seed {seed}");
        Compare(where, expected, results, "the orders of a block's threads", mayUseParts: !plainKernels);
    }

    private static void Compare(string where, Result expected, List<Result> results, string ways, bool mayUseParts = false)
    {
        for (int i = 0; i < expected.Outputs.Count; i++)
        {
            Output first = results[0].Outputs[i];
            Compare(where, expected.Outputs[i], first, expected.AllowsNaN, mayUseParts);
            Assert.True(results.All(r => first.Bytes.AsSpan().SequenceEqual(r.Outputs[i].Bytes)),
                $"{first.Tensor}: {ways} give other bits, {where}");
        }
    }

    private static Result Execute(Device device, int seed, Func<KernelBench, Action<IKernels>> define)
    {
        using var bench = new KernelBench(device, seed);
        Action<IKernels> run = define(bench);
        bench.Commit();
        run(device.Kernels);
        bench.CheckGuards();
        return new Result([.. bench.Outputs.Select(o => Read(bench, o.Tensor, o.Tolerance))], bench.AllowsNaN);
    }

    private static Output Read(KernelBench bench, Tensor tensor, Tolerance tolerance)
    {
        byte[] bytes = bench.ReadBytes(tensor);
        double[] values = tensor.Type switch
        {
            ElementType.Float64 => MemoryMarshal.Cast<byte, double>(bytes).ToArray(),
            ElementType.Float32 => Array.ConvertAll(MemoryMarshal.Cast<byte, float>(bytes).ToArray(), v => (double)v),
            ElementType.Bits32 => Array.ConvertAll(MemoryMarshal.Cast<byte, uint>(bytes).ToArray(), v => (double)v),
            ElementType.Int32 => Array.ConvertAll(MemoryMarshal.Cast<byte, int>(bytes).ToArray(), v => (double)v),
            ElementType.Int64 => Array.ConvertAll(MemoryMarshal.Cast<byte, long>(bytes).ToArray(), v => (double)v),
            _ => Array.ConvertAll(bytes, v => (double)v),
        };
        return new Output(tensor, tolerance, bytes, values);
    }

    private static void Compare(string where, Output expected, Output actual, bool allowsNaN, bool mayUseParts)
    {
        Tolerance t = mayUseParts ? expected.Tolerance.OfParts : expected.Tolerance;
        double floor = t.IsRounding || t == Tolerances.Exact ? 0 : Denormal;
        double bound = floor + t.Absolute + t.Relative * expected.Values.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
        double worst = 0;
        for (int i = 0; i < expected.Values.Length; i++)
        {
            double want = t.IsRounding ? (float)expected.Values[i] : expected.Values[i], got = actual.Values[i];
            bool agrees = double.IsNaN(want) ? allowsNaN && double.IsNaN(got) : want == got || Math.Abs(want - got) <= bound;
            Assert.True(agrees, string.Create(CultureInfo.InvariantCulture,
                $"{actual.Tensor} at {i}: expected {want:r}, actual {got:r}, off by {Math.Abs(want - got):e2}, "
                + $"tolerance {bound:e2} ({t.Reason}); {where}"));
            worst = Math.Max(worst, want == got ? 0 : Math.Abs(want - got));
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{actual.Tensor}: off by at most {worst:e2}, tolerance {bound:e2} ({t.Reason}); {where}"));
    }

    private sealed record Output(Tensor Tensor, Tolerance Tolerance, byte[] Bytes, double[] Values);

    private sealed record Result(List<Output> Outputs, bool AllowsNaN);
}
