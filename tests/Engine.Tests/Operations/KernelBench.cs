using ReSTE.Native.Devices;
using ReSTE.Native.Operations;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>
/// Named tensors for one operation on one device, poisoned and guarded. The same names and seed give the same numbers on every device.
/// </summary>
internal sealed class KernelBench(Device device, int seed) : IDisposable
{
    private readonly Slab _slab = new(device, SlabMode.Guarded);
    private readonly List<(Tensor Tensor, Action Write)> _inputs = [];
    private readonly List<(Tensor Tensor, Tolerance Tolerance)> _outputs = [];
    private readonly List<(Tensor Tensor, int Bytes)> _scratches = [];

    // A kernel that counts its scratch wrong writes far past it: a wide margin names it where a crash would not.
    private const int ScratchMargin = 1 << 18;
    private const byte MarginByte = 0xA5;

    public Device Device => device;

    public int Seed => seed;

    /// <summary>What the operation is judged by, in order of declaration.</summary>
    public IReadOnlyList<(Tensor Tensor, Tolerance Tolerance)> Outputs => _outputs;

    /// <summary>Whether a NaN in an output is expected where the reference has one too.</summary>
    public bool AllowsNaN { get; set; }

    /// <summary>Reals: a quarter of them boundary values.</summary>
    public Tensor Input(string name, Shape shape) => Input(name, shape, SampleValues.Mixed(seed, name, shape.Count));

    /// <summary>Reals that the caller names.</summary>
    public Tensor Input(string name, Shape shape, double[] values)
    {
        Tensor tensor = _slab.Place(device.NewTensor(name, shape));
        _inputs.Add((tensor, () => device.WriteReals(tensor, values)));
        return tensor;
    }

    /// <summary>Values of another type.</summary>
    public Tensor Input<T>(string name, Shape shape, ElementType type, T[] values) where T : unmanaged
    {
        Tensor tensor = _slab.Place(device.NewTensor(name, shape, type));
        _inputs.Add((tensor, () => device.Write<T>(tensor, values)));
        return tensor;
    }

    /// <summary>The packed signs [.., words] of values [.., channels].</summary>
    public Tensor Signs(string name, Shape shape) => Signs(name, shape, SampleValues.Mixed(seed, name, shape.Count));

    /// <summary>The packed signs of values that the caller names.</summary>
    public Tensor Signs(string name, Shape shape, double[] values)
    {
        int channels = shape.Last, words = (channels + 31) / 32;
        var packed = new uint[shape.Rows * words];
        for (int i = 0; i < values.Length; i++)
            packed[i / channels * words + i % channels / 32] |= values[i] < 0 ? 1u << (i % channels % 32) : 0;
        int[] sizes = shape.ToArray();
        sizes[^1] = words;
        return Input(name, new Shape(sizes), ElementType.Bits32, packed);
    }

    /// <summary>ReSTE's parameters of a slope, which the other slopes do not look at.</summary>
    public Tensor SlopeParameters(double o = 3) =>
        Input("slope parameters", new Shape(4), [o, 1.5, 0.1f, (float)(Math.Pow(0.1, 1 / o) / 0.1)]);

    /// <summary>Parameters that suit a slope, out of those it is tried with.</summary>
    public Tensor SlopeParameters(SlopeKind slope, int which = 0)
    {
        SlopeParameters p = SlopeKinds.Parameters(slope)[which];
        return Input("slope parameters", new Shape(4), [p.P0, p.P1, p.P2, p.P3]);
    }

    /// <summary>Reals to be written whole: they start as NaN.</summary>
    public Tensor Output(string name, Shape shape, Tolerance tolerance) => Output(name, shape, device.Real, tolerance);

    /// <summary>Values of another type, to be written whole.</summary>
    public Tensor Output(string name, Shape shape, ElementType type, Tolerance tolerance)
    {
        Tensor tensor = _slab.Place(device.NewTensor(name, shape, type));
        _outputs.Add((tensor, tolerance));
        return tensor;
    }

    /// <summary>Reals the operation reads and changes.</summary>
    public Tensor InOut(string name, Shape shape, Tolerance tolerance) => Judged(Input(name, shape), tolerance);

    /// <summary>Reals that the caller names, which the operation reads and changes.</summary>
    public Tensor InOut(string name, Shape shape, double[] values, Tolerance tolerance) => Judged(Input(name, shape, values), tolerance);

    /// <summary>A gradient: poisoned if it is to be written, filled if it is to be added to.</summary>
    public Tensor Gradient(string name, Shape shape, GradMode mode, Tolerance tolerance) =>
        mode == GradMode.Add ? InOut(name, shape, tolerance) : Output(name, shape, tolerance);

    /// <summary>Adds an input to what is judged.</summary>
    public Tensor Judged(Tensor tensor, Tolerance tolerance)
    {
        _outputs.Add((tensor, tolerance));
        return tensor;
    }

    /// <summary>Working memory, as much as the device asks for; more is there, but may not be touched.</summary>
    public Tensor? Scratch(ScratchUse use, in ConvGeometry g) => Scratch(device.Kernels.ScratchBytes(use, g));

    /// <summary>Working memory of a reduction over [.., C].</summary>
    public Tensor? Scratch(ScratchUse use, Shape x) => Scratch(device.Kernels.ScratchBytes(use, x));

    private Tensor? Scratch(long bytes)
    {
        if (bytes == 0)
            return null;
        Tensor scratch = _slab.Place(device.NewTensor("scratch", new Shape((int)bytes + ScratchMargin), ElementType.UInt8));
        _scratches.Add((scratch, (int)bytes));
        return scratch;
    }

    /// <summary>Allocates, poisons, fills the inputs.</summary>
    public void Commit()
    {
        _slab.Commit();
        foreach (var (_, write) in _inputs)
            write();
        foreach (var (scratch, bytes) in _scratches)
        {
            device.Fill(scratch.Address, 0xFF, bytes); // reals in it are NaN
            device.Fill(scratch.Address + bytes, MarginByte, ScratchMargin);
        }
    }

    /// <summary>Fails where something was written outside its tensor.</summary>
    public void CheckGuards()
    {
        _slab.CheckGuards();
        foreach (var (scratch, bytes) in _scratches)
        {
            int first = ReadBytes(scratch).AsSpan(bytes).IndexOfAnyExcept(MarginByte);
            Assert.True(first < 0,
                $"scratch: written {first} bytes past the {bytes} that were asked for; {device.Description}, seed {seed}");
        }
    }

    /// <summary>A tensor's bytes.</summary>
    public byte[] ReadBytes(Tensor tensor)
    {
        var bytes = new byte[tensor.Bytes];
        device.Download(tensor.Address, bytes);
        return bytes;
    }

    public void Dispose() => _slab.Dispose();
}
