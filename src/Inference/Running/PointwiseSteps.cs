using ReSTE.Native.Packed;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Running;

/// <summary>An activation, a normalisation in double, a value added: each where there is one.</summary>
internal sealed unsafe class FinishStep<TDoubles>(
    ValueShape shape, PackedActivation activation, Normalisation? norm, long x, long added, long y) : Step
    where TDoubles : unmanaged, IDoubles<TDoubles>
{
    public override void Run(in RunMemory memory)
    {
        float* from = memory.Reals(x), plus = memory.Reals(added), to = memory.Reals(y);
        if (activation == PackedActivation.HardTanh)
        {
            for (long i = 0; i < shape.Count; i++)
                to[i] = Math.Clamp(from[i], -1, 1);
            from = to;
        }

        if (norm != null)
            Normalise(norm, from, plus, to);
        else
            Add(from, plus, to);
    }

    private float Floor => activation == PackedActivation.Relu ? 0 : float.NegativeInfinity;

    private void Add(float* from, float* plus, float* to)
    {
        for (long i = 0; i < shape.Count; i++)
            to[i] = Math.Max(from[i], Floor) + (plus == null ? 0 : plus[i]);
    }

    private void Normalise(Normalisation n, float* from, float* plus, float* to)
    {
        int channels = shape.Channels, pixels = shape.Height * shape.Width;
        float floor = Floor;
        fixed (float* mean = n.Mean, factor = n.Factor, shift = n.Shift)
        {
            for (int p = 0; p < pixels; p++, from += channels, to += channels, plus += plus == null ? 0 : channels)
            {
                int c = 0;
                for (; c + TDoubles.Width <= channels; c += TDoubles.Width)
                {
                    TDoubles value = TDoubles.LoadCentred(from + c, floor, mean + c);
                    value = TDoubles.AddExact(value, TDoubles.Load(factor + c), TDoubles.Load(shift + c));
                    if (plus == null)
                        value.Store(to + c);
                    else
                        value.StoreSum(plus + c, to + c);
                }

                for (; c < channels; c++)
                {
                    float centred = Math.Max(from[c], floor) - mean[c];
                    float value = (float)((double)centred * factor[c] + shift[c]);
                    to[c] = plus == null ? value : value + plus[c];
                }
            }
        }
    }
}

/// <summary>The signs of numbers.</summary>
internal sealed unsafe class SignsStep<TSimd>(ValueShape shape, long x, long y) : Step where TSimd : unmanaged, ISimd<TSimd>
{
    private const int PerWord = Tensors.Bits.PerWord;

    public override void Run(in RunMemory memory)
    {
        float* from = memory.Reals(x);
        uint* to = memory.Words(y);
        int pixels = shape.Height * shape.Width, channels = shape.Channels;
        for (int p = 0; p < pixels; p++, from += channels)
            for (int first = 0; first < channels; first += PerWord)
                *to++ = Word(from + first, Math.Min(PerWord, channels - first));
    }

    private static uint Word(float* from, int count)
    {
        uint word = 0;
        int i = 0;
        for (; i + TSimd.Width <= count; i += TSimd.Width)
            word |= TSimd.Load(from + i).NegativeMask() << i;
        for (; i < count; i++)
            word |= from[i] < 0 ? 1u << i : 0;
        return word;
    }
}

/// <summary>Option A shortcut: every second pixel, zeros on both sides of its channels.</summary>
internal sealed unsafe class PadStep(ValueShape from, ValueShape to, long x, long y) : Step
{
    public override void Run(in RunMemory memory)
    {
        float* target = memory.Reals(y);
        int side = (to.Channels - from.Channels) / 2;
        for (int p = 0; p < to.Height; p++)
            for (int q = 0; q < to.Width; q++, target += to.Channels)
            {
                float* source = memory.Reals(x) + (2L * p * from.Width + 2 * q) * from.Channels;
                new Span<float>(target, side).Clear();
                new Span<float>(source, from.Channels).CopyTo(new Span<float>(target + side, from.Channels));
                new Span<float>(target + side + from.Channels, side).Clear();
            }
    }
}
