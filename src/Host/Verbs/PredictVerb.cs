using System.CommandLine;
using ReSTE.Native.Devices.Cuda;
using ReSTE.Native.Inference;
using static ReSTE.Native.Host.FlagOrigin;

namespace ReSTE.Native.Host;

/// <summary>`reste predict MODEL IMAGES...`: what a packed network sees in image files.</summary>
internal sealed class PredictVerb : Verb
{
    private readonly Argument<string> _model = new("MODEL");
    private readonly Argument<string[]> _images = new("IMAGES") { Arity = ArgumentArity.OneOrMore };
    private readonly PredictFlags _flags;

    private PredictVerb(PredictFlags flags)
        : base("predict", "Says what a packed network sees in image files and folders: label, name and probability.", flags.All)
    {
        _flags = flags;
        Add(_model);
        Add(_images);
    }

    public PredictVerb() : this(new())
    {
    }

    public override int Run(ParseResult parsed, HostContext context)
    {
        var path = parsed.GetValue(_model)!;
        CheckpointPath.RequireReadable(path, $"there is no packed network '{path}'");
        using var model = Open(path, _flags.Device.In(parsed), _flags.Threads.In(parsed), context);
        return new Prediction(model, context, _flags.Top.In(parsed)).Run(parsed.GetValue(_images)!);
    }

    private static BinaryModel Open(string path, DeviceRequest device, int threads, HostContext context)
    {
        if (device == DeviceRequest.Cpu)
            return BinaryModel.Open(path, threads);
        var index = device.Index ?? CudaDevices.Probe().FirstUsable?.Ordinal ?? 0;
        try
        {
            return BinaryModel.OpenCuda(path, index, kernelFolder: CudaSettings.FromEnvironment().KernelFolder);
        }
        catch (GpuException problem) when (device.IsAuto)
        {
            context.Notify([$"computing on the CPU: no usable GPU ({problem.Message})"]);
            return BinaryModel.Open(path, threads);
        }
        catch (GpuException problem)
        {
            throw new HostException(ExitCode.NoGpu, $"no usable GPU ({problem.Message}); without --device the CPU does", null, problem);
        }
    }
}

/// <summary>The flags of `predict`.</summary>
internal sealed class PredictFlags
{
    public Flag<int> Top { get; } = Flags.Integer(Ours, "--top", 1, 1, "classes to name for each image, the likeliest first");
    public Flag<int> Threads { get; } = Flags.Choice(Ours, "--threads", "N", 0, "one a core", "threads that share the images",
        text => Numbers.Integer(text, 1, 1024));

    // Not auto: to make a GPU ready takes longer than a few pictures do.
    public Flag<DeviceRequest> Device { get; } = Flags.Choice(Ours, "--device", "auto|cpu|cuda[:N]", DeviceRequest.Cpu, "cpu",
        "where to compute, with the same result; auto takes the first usable GPU, else the CPU", DeviceRequest.Parse);

    public IReadOnlyList<IFlag> All => [Top, Device, Threads];
}
