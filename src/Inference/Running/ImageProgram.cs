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
    private readonly Places _places;
    private readonly List<Step> _steps = [];

    public ProgramBuilder(PackedNetwork network) => (_network, _places) = (network, new Places(network));

    public ImageProgram Build()
    {
        _places.Add(reals: true);
        _steps.Add(new ImageStep(_network.Input, _places.Reals(0)));
        AddSigns(0);
        for (int i = 0; i < _network.Layers.Count; i++)
            Add(_network.Layers[i], i + 1);
        _steps.Add(new ScoresStep(_network.Classes.Count, _places.Reals(_network.Layers.Count)));
        return new ImageProgram([.. _steps], _places.Arena.Bytes, _network.Classes.Count);
    }

    private PackedValues Values => _places.Values;

    private void Add(PackedLayer layer, int value)
    {
        switch (layer)
        {
            case SignConv conv:
                Add(conv, value);
                return;
            case FlattenLayer:
                _places.AddSame(layer.Input);
                break;
            default:
                _places.Add(reals: !Values.IsSigns(value));
                _steps.Add(StepOf(layer, value));
                break;
        }

        AddSigns(value);
    }

    private Step StepOf(PackedLayer layer, int value)
    {
        ValueShape from = Values[layer.Input], to = Values[value];
        long x = _places.Reals(layer.Input), y = _places.Reals(value);
        return layer switch
        {
            RealConv l => Real(l, l.Conv.Geometry(from), x, value),
            NormLayer l => new FinishStep<TDoubles>(to, l.Activation, l.Norm, x, _places.Added(l.Added), y),
            ActivationLayer l => new FinishStep<TDoubles>(to, l.Activation, null, x, -1, y),
            PadLayer => new PadStep(from, to, x, y),
            MaxPoolLayer l when Values.IsSigns(value) =>
                new MaxPoolSignsStep(l, from, to, _places.Signs(layer.Input), _places.Signs(value)),
            MaxPoolLayer l => new MaxPoolStep<TSimd>(l, from, to, x, y),
            AveragePoolLayer l => new AveragePoolStep<TDoubles>(from, l.Size, x, y),
            LinearLayer l => new LinearStep<TDoubles>(l, x, y),
            _ => throw new PackedException($"{layer.Name}: no layer of this kind can be run"),
        };
    }

    private RealConvStep<TDoubles> Real(RealConv l, in ConvGeometry g, long x, int value)
    {
        long image = _places.Arena.Place(RealConvStep<TDoubles>.ImageBytes(g), value, value);
        return new RealConvStep<TDoubles>(l, g, x, image, _places.Reals(value));
    }

    private void Add(SignConv l, int value)
    {
        ConvGeometry g = l.Conv.Geometry(Values[l.Input]);
        var (unit, rest) = l.Parted();
        _places.Add(reals: l.Result is CountNumbers && (rest != null || Values.NeedsReals(value)));
        long work = _places.Arena.Place(SignConvStep<TSimd, TBits>.WorkBytes(g), value, value), y = _places.Reals(value);
        _steps.Add(new SignConvStep<TSimd, TBits>(unit, g, new UnitPlaces(_places.Signs(l.Input), work,
            _places.Added(unit.Adds), y, rest == null ? _places.Signs(value) : -1)));
        if (rest == null)
            return;
        _steps.Add(new FinishStep<TDoubles>(Values[value], rest.Activation, rest.Norm, y, _places.Added(rest.Added), y));
        AddSigns(value);
    }

    private void AddSigns(int value)
    {
        if (_places.HasSignsOfNumbers(value))
            _steps.Add(new SignsStep<TSimd>(Values[value], _places.Reals(value), _places.Signs(value)));
    }
}
