using System.Runtime.CompilerServices;
using ReSTE.Native.Devices.Cuda;
using ReSTE.Native.Operations;
using ReSTE.Native.Packed;
using ReSTE.Native.Running;

namespace ReSTE.Native.Gpu;

/// <summary>A normalisation's numbers among the constants; -1 for none.</summary>
internal readonly record struct NormPlaces(long Mean, long Factor, long Shift)
{
    public static NormPlaces Of(Normalisation? norm, GpuConstants constants) => norm == null ? new(-1, -1, -1)
        : new(constants.Add(norm.Mean), constants.Add(norm.Factor), constants.Add(norm.Shift));
}

/// <summary>Where a step's numbers and signs go, and what is added to the numbers; -1 for nothing.</summary>
internal readonly record struct ResultPlaces(long Added, long Y, long Signs)
{
    public PackedFinishArgument Argument(GpuRun run, in NormPlaces norm, PackedActivation activation) => new(
        run.Constant<float>(norm.Mean), run.Constant<float>(norm.Factor), run.Constant<float>(norm.Shift), run.Value<float>(Added),
        run.Value<float>(Y), run.Value<uint>(Signs), (uint)activation);
}

/// <summary>What becomes of numbers: an activation, a normalisation, a value added, each where there is one.</summary>
internal readonly record struct Finish(PackedActivation Activation, Normalisation? Norm, int? Added)
{
    /// <summary>What a layer does with each number by itself; null where it does more.</summary>
    public static Finish? Of(PackedLayer layer) => layer switch
    {
        NormLayer l => new(l.Activation, l.Norm, l.Added),
        ActivationLayer l => new(l.Activation, null, null),
        _ => null,
    };
}

/// <summary>What becomes of numbers, and the signs of what comes out.</summary>
internal sealed class FinishGpuStep(ValueShape shape, Finish finish, GpuConstants constants, long x, ResultPlaces places) : GpuStep
{
    private readonly NormPlaces _norm = NormPlaces.Of(finish.Norm, constants);

    public override void Launch(GpuRun run)
    {
        long rows = (long)run.Images * shape.Height * shape.Width;
        run.Launch(new PackedFinish(run.Value<float>(x), places.Argument(run, _norm, finish.Activation), (uint)rows, (uint)shape.Channels),
            rows * Tensors.Bits.Words(shape.Channels) * Tensors.Bits.PerWord);
    }
}

/// <summary>A convolution of signs, with what becomes of its counts: on tensor cores where its sizes suit.</summary>
internal sealed class SignConvGpuStep : GpuStep
{
    // Blocks that a multiprocessor has at once; more would only find their filters again.
    private const uint BlocksAtOnce = 4;

    private readonly PackedConv _conv;
    private readonly ValueShape _from;
    private readonly GpuBuild _gpu;
    private readonly ResultPlaces _places;
    private readonly PackedActivation _activation;
    private readonly NormPlaces _norm = new(-1, -1, -1);
    private readonly long _weights, _bounds = -1, _flips = -1, _scale = -1, _x;

    /// <param name="layer">What it computes, all but an activation that is no ReLU.</param>
    /// <param name="from">Size of its input.</param>
    /// <param name="gpu">Where it runs.</param>
    /// <param name="x">Where the signs of its input are.</param>
    /// <param name="places">Where its result goes.</param>
    public SignConvGpuStep(SignConv layer, ValueShape from, GpuBuild gpu, long x, ResultPlaces places)
    {
        (_conv, _from, _gpu, _x, _places) = (layer.Conv, from, gpu, x, places);
        _weights = gpu.Constants.Add(TapWords.Of(layer.Signs, layer.Conv.Geometry(from)));
        if (layer.Result is CountSigns signs)
        {
            (_bounds, _flips) = (gpu.Constants.Add(signs.Bounds), gpu.Constants.Add(signs.Flips));
        }
        else if (layer.Result is CountNumbers numbers)
        {
            float[] scale = numbers.Scale.Length == 1 ? [.. Enumerable.Repeat(numbers.Scale[0], layer.Conv.Channels)] : numbers.Scale;
            _scale = gpu.Constants.Add(scale);
            _norm = NormPlaces.Of(numbers.Norm, gpu.Constants);
            _activation = numbers.Activation;
        }
    }

    public override void Launch(GpuRun run)
    {
        ConvGeometry g = _conv.Geometry(_from, run.Images);
        var result = new PackedResultArgument(run.Constant<int>(_bounds), run.Constant<uint>(_flips), run.Constant<float>(_scale),
            _places.Argument(run, _norm, _activation));
        var args = new PackedSignConv(run.Value<uint>(_x), run.Constant<uint>(_weights), result, new(g));
        if (_gpu.FormOf(g) is { } form)
            Launch(run, Unsafe.BitCast<PackedSignConv, PackedSignConvMma>(args), form);
        else
            run.Launch(args, (long)g.N * g.OH * g.OW * Tensors.Bits.Words(g.O) * Tensors.Bits.PerWord);
    }

    // Every form has the same arguments.
    private void Launch(GpuRun run, in PackedSignConvMma args, SignForm form)
    {
        Grid grid = _gpu.GridOf(args.G, BlocksAtOnce);
        switch (form)
        {
            case SignForm.And:
                run.Launch(args, grid);
                break;
            case SignForm.Xor:
                run.Launch(Unsafe.BitCast<PackedSignConvMma, PackedSignConvMmaXor>(args), grid);
                break;
            default:
                run.Launch(Unsafe.BitCast<PackedSignConvMma, PackedSignConvMmaInt8>(args), grid);
                break;
        }
    }
}
