using ReSTE.Native.Packed;

namespace ReSTE.Native.Running;

/// <summary>Bytes to numbers: byte * scale, rounded, + shift, rounded.</summary>
internal sealed unsafe class ImageStep(PackedInput input, long y) : Step
{
    public override void Run(in RunMemory memory)
    {
        byte* from = memory.Image;
        float* to = memory.Reals(y);
        int channels = input.Channels, pixels = input.Height * input.Width;
        fixed (float* scale = input.Scale, shift = input.Shift)
        {
            for (int p = 0; p < pixels; p++, from += channels, to += channels)
                for (int c = 0; c < channels; c++)
                    to[c] = from[c] * scale[c] + shift[c];
        }
    }
}

/// <summary>The last value, handed over.</summary>
internal sealed unsafe class ScoresStep(int classes, long x) : Step
{
    public override void Run(in RunMemory memory) =>
        new Span<float>(memory.Reals(x), classes).CopyTo(new Span<float>(memory.Scores, classes));
}
