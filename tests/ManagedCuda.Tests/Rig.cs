using ManagedCuda;
using ManagedCuda.BasicTypes;
using ReSTE.Native.Adapters.ManagedCuda;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Devices.Cuda;
using ReSTE.Native.Engine.Tests.Cuda;
using ReSTE.Native.Engine.Tests.Embedding;
using ReSTE.Native.Training;

namespace ReSTE.Native.ManagedCuda.Tests;

/// <summary>
/// A program that drives a GPU by ManagedCuda, and a small network on its context and stream. Where there is neither GPU nor emulator the
/// test that makes one is skipped.
/// </summary>
internal sealed class Rig : IDisposable
{
    public const int Batch = 4;

    // An untrained network says the same of every image.
    private static readonly Lazy<string> s_trained = new(Train);

    private readonly List<IDisposable> _made = [];

    /// <param name="withStream">Whether the engine gets the program's stream, or makes its own.</param>
    /// <param name="allocator">Where the engine's memory comes from; null for the driver.</param>
    public Rig(bool withStream = true, CudaAllocator? allocator = null)
    {
        GpuUnderTest.Require();
        Context = Made(new CudaContext(0));
        Stream = Made(new CudaStream(CUStreamFlags.NonBlocking));
        Gpu = Made(ManagedCudaDevice.Open(Context, withStream ? Stream : null, allocator, GpuUnderTest.KernelFolder,
            plainKernels: GpuUnderTest.IsEmulated));
        Trainer = Made(new Trainer(Stripes.Recipe, Gpu.Device, Stripes.Data, Stripes.Network));
        Trainer.Resume(s_trained.Value);
        Predictor = Made(Trainer.NewPredictor(Batch));
    }

    public CudaContext Context { get; }

    public CudaStream Stream { get; }

    public ManagedCudaDevice Gpu { get; }

    public Trainer Trainer { get; }

    public Predictor Predictor { get; }

    /// <summary>Elements of a batch of images, and of its scores.</summary>
    public static (int Images, int Scores) Lengths => (Batch * Stripes.Shape.Bytes, Batch * 3);

    /// <summary>Some images of the test set, a batch of them.</summary>
    public static byte[] Pictures(int batch) =>
        Stripes.Test.Pixels[(batch * Lengths.Images)..((batch + 1) * Lengths.Images)];

    /// <summary>Variables of the program, a batch long.</summary>
    public (CudaDeviceVariable<byte> Images, CudaDeviceVariable<float> Scores) Variables() =>
        (Made(new CudaDeviceVariable<byte>(Lengths.Images)), Made(new CudaDeviceVariable<float>(Lengths.Scores)));

    /// <summary>What the predictor says of a batch in host memory.</summary>
    public float[] Expected(byte[] images) => [.. Predictor.Logits(images).SelectMany(scores => scores)];

    /// <summary>What a variable holds once the stream's work is done.</summary>
    public float[] Read(CudaDeviceVariable<float> scores)
    {
        Stream.Synchronize();
        var values = new float[Lengths.Scores];
        scores.CopyToHost(values);
        return values;
    }

    public void Dispose()
    {
        Context.SetCurrent();
        for (int i = _made.Count - 1; i >= 0; i--)
            _made[i].Dispose();
    }

    private static string Train()
    {
        string checkpoint = Path.Combine(AppContext.BaseDirectory, $"stripes-{Environment.ProcessId}.safetensors");
        using var cpu = new CpuDevice(1);
        using var trainer = new Trainer(Stripes.Recipe, cpu, Stripes.Data, Stripes.Network);
        trainer.Next();
        trainer.Save(checkpoint);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => File.Delete(checkpoint);
        return checkpoint;
    }

    private T Made<T>(T made)
        where T : IDisposable
    {
        _made.Add(made);
        return made;
    }
}
