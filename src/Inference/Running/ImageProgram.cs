using ReSTE.Native.Operations;
using ReSTE.Native.Packed;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Running;

/// <summary>A packed network as steps over one arena.</summary>
/// <param name="Steps">In order.</param>
/// <param name="ArenaBytes">Bytes of the arena that a run takes.</param>
/// <param name="Classes">Scores that it gives.</param>
internal sealed record ImageProgram(Step[] Steps, long ArenaBytes, int Classes)
{
    /// <summary>Builds it for vectors of 512, 256, 128 or 32 bits.</summary>
    public static ImageProgram Of(PackedNetwork network, int vectorBits) => vectorBits switch
    {
        512 => new ProgramBuilder<Simd512, BitSimd512, Doubles512>(network).Build(),
        256 => new ProgramBuilder<Simd256, BitSimd256, Doubles256>(network).Build(),
        128 => new ProgramBuilder<Simd128, BitSimd128, Doubles256>(network).Build(),
        32 => new ProgramBuilder<SimdScalar, BitSimdScalar, Doubles256>(network).Build(),
        _ => throw new ArgumentOutOfRangeException(nameof(vectorBits)),
    };
}

/// <summary>Turns layers into steps, and places their values.</summary>
internal sealed class ProgramBuilder<TSimd, TBits, TDoubles>
    where TSimd : unmanaged, ISimd<TSimd>
    where TBits : unmanaged, IBitSimd<TBits>
    where TDoubles : unmanaged, IDoubles<TDoubles>
{
    private readonly PackedNetwork _network;
    private readonly PackedValues _values;
    private readonly Arena _arena = new();
    private readonly List<Step> _steps = [];
    private readonly long[] _reals, _signs;

    public ProgramBuilder(PackedNetwork network)
    {
        _network = network;
        _values = PackedValues.Of(network);
        _reals = new long[_values.Count];
        _signs = new long[_values.Count];
    }

    public ImageProgram Build()
    {
        Place(0, reals: true);
        _steps.Add(new ImageStep(_network.Input, _reals[0]));
        AddSigns(0);
        for (int i = 0; i < _network.Layers.Count; i++)
            Add(_network.Layers[i], i + 1);
        _steps.Add(new ScoresStep(_network.Classes.Count, _reals[^1]));
        return new ImageProgram([.. _steps], _arena.Bytes, _network.Classes.Count);
    }

    private void Add(PackedLayer layer, int value)
    {
        ValueShape from = _values[layer.Input], to = _values[value];
        long x = _reals[layer.Input];
        if (layer is SignConv conv)
        {
            Add(conv, value);
            return;
        }

        Place(value, reals: !_values.IsSigns(value));
        long y = _reals[value];
        _steps.Add(layer switch
        {
            RealConv l => Real(l, Geometry(l.Conv, from), x, value),
            NormLayer l => new FinishStep<TDoubles>(to, l.Activation, l.Norm, x, Added(l.Added), y),
            ActivationLayer l => new FinishStep<TDoubles>(to, l.Activation, null, x, -1, y),
            PadLayer => new PadStep(from, to, x, y),
            MaxPoolLayer l when _values.IsSigns(value) => new MaxPoolSignsStep(l, from, to, _signs[layer.Input], _signs[value]),
            MaxPoolLayer l => new MaxPoolStep<TSimd>(l, from, to, x, y),
            AveragePoolLayer l => new AveragePoolStep<TDoubles>(from, l.Size, x, y),
            FlattenLayer when _values.IsSigns(value) =>
                new CopyStep(Words(from), _signs[layer.Input], _signs[value]),
            FlattenLayer => new CopyStep(to.Count, x, y),
            LinearLayer l => new LinearStep<TDoubles>(l, x, y),
            _ => throw new PackedException($"{layer.Name}: no layer of this kind can be run"),
        });
        if (!_values.IsSigns(value))
            AddSigns(value);
    }

    private RealConvStep<TDoubles> Real(RealConv l, in ConvGeometry g, long x, int value)
    {
        long image = _arena.Place(RealConvStep<TDoubles>.ImageBytes(g), value, value);
        return new RealConvStep<TDoubles>(l, g, x, image, _reals[value]);
    }

    private void Add(SignConv l, int value)
    {
        ConvGeometry g = Geometry(l.Conv, _values[l.Input]);
        var numbers = l.Result as CountNumbers;
        // The unit's own expression has no other activation: it leaves scaled counts, and the rest is a step over them.
        bool isUnit = numbers?.Activation != PackedActivation.HardTanh;
        Place(value, reals: numbers != null && (!isUnit || _values.NeedsReals(value)));
        if (_values.NeedsSigns(value) && !_values.IsSigns(value))
            _signs[value] = PlaceSigns(value);
        long work = _arena.Place(SignConvStep<TSimd, TBits>.WorkBytes(g), value, value);
        SignConv unit = isUnit ? l : l with { Result = numbers! with { Activation = PackedActivation.None, Norm = null, Added = null } };
        _steps.Add(new SignConvStep<TSimd, TBits>(unit, g, new UnitPlaces(_signs[l.Input], work,
            isUnit ? Added(numbers?.Added) : -1, _reals[value], isUnit ? _signs[value] : -1)));
        if (isUnit)
            return;
        _steps.Add(new FinishStep<TDoubles>(_values[value], numbers!.Activation, numbers.Norm, _reals[value],
            Added(numbers.Added), _reals[value]));
        if (_values.NeedsSigns(value))
            _steps.Add(new SignsStep<TSimd>(_values[value], _reals[value], _signs[value]));
    }

    private void Place(int value, bool reals)
    {
        _signs[value] = -1;
        _reals[value] = reals ? _arena.Place(sizeof(float) * (long)_values[value].Count, value, _values.LastReader(value)) : -1;
        if (_values.IsSigns(value))
            _signs[value] = PlaceSigns(value);
    }

    private void AddSigns(int value)
    {
        if (!_values.NeedsSigns(value))
            return;
        _signs[value] = PlaceSigns(value);
        _steps.Add(new SignsStep<TSimd>(_values[value], _reals[value], _signs[value]));
    }

    private long PlaceSigns(int value) => _arena.Place(sizeof(uint) * Words(_values[value]), value, _values.LastReader(value));

    private long Added(int? value) => value is { } added ? _reals[added] : -1;

    private static long Words(ValueShape shape) => (long)shape.Height * shape.Width * Tensors.Bits.Words(shape.Channels);

    private static ConvGeometry Geometry(PackedConv c, ValueShape x) =>
        new(1, x.Height, x.Width, x.Channels, c.Channels, c.Kernel, c.Stride, c.Padding);
}
