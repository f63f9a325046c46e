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

/// <summary>Turns layers into steps for this processor.</summary>
internal sealed class ProgramBuilder<TSimd, TBits, TDoubles>(PackedNetwork network) : StepBuilder<Step>(network)
    where TSimd : unmanaged, ISimd<TSimd>
    where TBits : unmanaged, IBitSimd<TBits>
    where TDoubles : unmanaged, IDoubles<TDoubles>
{
    public ImageProgram Build()
    {
        AddAll();
        Steps.Add(new ScoresStep(Network.Classes.Count, Places.Reals(Network.Layers.Count)));
        return new ImageProgram([.. Steps], Places.Arena.Bytes, Network.Classes.Count);
    }

    protected override Step ImageStep() => new ImageStep(Network.Input, Places.Reals(0));

    protected override Step StepOf(PackedLayer layer, int value)
    {
        ValueShape from = Values[layer.Input], to = Values[value];
        long x = Places.Reals(layer.Input), y = Places.Reals(value);
        return layer switch
        {
            RealConv l => Real(l, l.Conv.Geometry(from), x, value),
            NormLayer l => new FinishStep<TDoubles>(to, l.Activation, l.Norm, x, Places.Added(l.Added), y),
            ActivationLayer l => new FinishStep<TDoubles>(to, l.Activation, null, x, -1, y),
            PadLayer => new PadStep(from, to, x, y),
            MaxPoolLayer l when Values.IsSigns(value) =>
                new MaxPoolSignsStep(l, from, to, Places.Signs(layer.Input), Places.Signs(value)),
            MaxPoolLayer l => new MaxPoolStep<TSimd>(l, from, to, x, y),
            AveragePoolLayer l => new AveragePoolStep<TDoubles>(from, l.Size, x, y),
            LinearLayer l => new LinearStep<TDoubles>(l, x, y),
            _ => throw new PackedException($"{layer.Name}: no layer of this kind can be run"),
        };
    }

    protected override Step UnitOf(SignConv unit, int value, bool givesSigns)
    {
        ConvGeometry g = unit.Conv.Geometry(Values[unit.Input]);
        long work = Places.Arena.Place(SignConvStep<TSimd, TBits>.WorkBytes(g), value, value);
        return new SignConvStep<TSimd, TBits>(unit, g, new UnitPlaces(Places.Signs(unit.Input), work, Places.Added(unit.Adds),
            Places.Reals(value), givesSigns ? Places.Signs(value) : -1));
    }

    protected override void AddAfter(CountNumbers after, int value)
    {
        long y = Places.Reals(value);
        Steps.Add(new FinishStep<TDoubles>(Values[value], after.Activation, after.Norm, y, Places.Added(after.Added), y));
        AddSigns(value);
    }

    protected override Step SignsOf(int value) => new SignsStep<TSimd>(Values[value], Places.Reals(value), Places.Signs(value));

    private RealConvStep<TDoubles> Real(RealConv l, in ConvGeometry g, long x, int value)
    {
        long image = Places.Arena.Place(RealConvStep<TDoubles>.ImageBytes(g), value, value);
        return new RealConvStep<TDoubles>(l, g, x, image, Places.Reals(value));
    }
}
