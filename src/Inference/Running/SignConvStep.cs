using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Operations;
using ReSTE.Native.Packed;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Running;

/// <summary>A convolution of signs, with what becomes of its counts: the engine's unit, its numbers taken from the file.</summary>
internal sealed unsafe class SignConvStep<TSimd, TBits> : Step
    where TSimd : unmanaged, ISimd<TSimd>
    where TBits : unmanaged, IBitSimd<TBits>
{
    private readonly FixedMemory _memory;
    private readonly FoldedUnit<TBits> _unit;
    private readonly CountWeights<TBits> _weights;
    private readonly UnitPlaces _places;
    private readonly bool _rectify, _givesSigns;

    /// <param name="layer">What it computes, all but an activation that is no ReLU.</param>
    /// <param name="g">Its sizes, of one image.</param>
    /// <param name="places">Where it reads and writes.</param>
    public SignConvStep(SignConv layer, in ConvGeometry g, in UnitPlaces places)
    {
        _memory = new FixedMemory(new FoldedUnit<TBits>(g, null).Bytes);
        _unit = new FoldedUnit<TBits>(g, _memory.Start);
        _places = places;
        fixed (uint* signs = TapWords.Of(layer.Signs, g))
        {
            _weights = _unit.Counted(signs);
            for (int block = 0; block < _weights.Blocks; block++)
                _weights.Run(block, worker: 0);
        }

        _weights = _unit.Counted(null);
        if (layer.Result is CountSigns bounds)
        {
            _givesSigns = true;
            PutBounds(bounds);
        }
        else if (layer.Result is CountNumbers numbers)
        {
            _rectify = numbers.Activation == PackedActivation.Relu;
            PutConstants(numbers);
        }
    }

    /// <summary>Bytes of working memory.</summary>
    public static long WorkBytes(in ConvGeometry g) => sizeof(uint) * new CountPlan(g).WorkerWords;

    public override void Run(in RunMemory memory)
    {
        if (_givesSigns)
            Count(memory, new UnitSigns<TBits> { Unit = _unit, Signs = memory.Words(_places.Signs) });
        else
            Count(memory, new UnitReals<TSimd, TBits>
            {
                Unit = _unit,
                Expression = _unit.Expression(_rectify),
                Shortcut = memory.Reals(_places.Added),
                Y = memory.Reals(_places.Y),
                Signs = memory.Words(_places.Signs),
            });
    }

    private void Count<TSink>(in RunMemory memory, TSink sink) where TSink : unmanaged, ICountSink<TSink, TBits>
    {
        var counts = new CountImage<TBits, TSink>
        {
            Weights = _weights,
            X = memory.Words(_places.X),
            Memory = memory.Words(_places.Work),
            Sink = sink,
        };
        counts.Rows(0, 0, _weights.Plan.Geometry.OH, worker: 0);
    }

    // The channels that fill up the last word are never negative.
    private void PutBounds(CountSigns signs)
    {
        for (int o = 0; o < _unit.Words * Tensors.Bits.PerWord; o++)
            _unit.Bounds[o] = o < signs.Bounds.Length ? signs.Bounds[o] : int.MinValue;
        signs.Flips.CopyTo(new Span<uint>(_unit.Flips, _unit.Words));
    }

    private void PutConstants(CountNumbers numbers)
    {
        for (int o = 0; o < _unit.Channels; o++)
        {
            _unit.Scales[o] = numbers.Scale[numbers.Scale.Length == 1 ? 0 : o];
            (_unit.Means[o], _unit.Factors[o], _unit.Shifts[o]) = numbers.Norm is { } norm
                ? (norm.Mean[o], norm.Factor[o], norm.Shift[o])
                : (0, 1, 0);
        }
    }
}

/// <summary>Where a unit reads and writes; -1 for what it does not.</summary>
internal readonly record struct UnitPlaces(long X, long Work, long Added, long Y, long Signs);

/// <summary>Signs of weights as a count walks them: the channels of each tap in words of their own.</summary>
internal static class TapWords
{
    private const int PerWord = Tensors.Bits.PerWord;

    /// <summary>From rows of all taps of an output to [O,K,K,words].</summary>
    public static uint[] Of(uint[] dense, in ConvGeometry g)
    {
        int taps = g.K * g.K, words = Tensors.Bits.Words(g.I), row = PackedValues.WordsOf(taps * g.I);
        var padded = new uint[(long)g.O * taps * words];
        for (int o = 0; o < g.O; o++)
            for (int tap = 0; tap < taps; tap++)
                for (int i = 0; i < g.I; i++)
                {
                    int bit = tap * g.I + i;
                    uint sign = dense[(long)o * row + bit / PerWord] >> (bit % PerWord) & 1;
                    padded[((long)o * taps + tap) * words + i / PerWord] |= sign << (i % PerWord);
                }

        return padded;
    }
}
