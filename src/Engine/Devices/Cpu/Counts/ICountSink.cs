using ReSTE.Native.Simd;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>What becomes of the sums of products of signs, a pixel of as many output channels as there are lanes at a time.</summary>
/// <typeparam name="TSelf">The implementation.</typeparam>
/// <typeparam name="TBits">The vector, whose lanes hold 32-bit integers here.</typeparam>
internal unsafe interface ICountSink<TSelf, TBits>
    where TSelf : unmanaged, ICountSink<TSelf, TBits>
    where TBits : unmanaged, IBitSimd<TBits>
{
    /// <summary>Pixels after which <see cref="End"/> is called.</summary>
    int Pixels { get; }

    /// <summary>The same for a row of an image, and a block of output channels.</summary>
    /// <param name="image">Of the batch.</param>
    /// <param name="row">Of the result.</param>
    /// <param name="block">Of as many channels as there are lanes.</param>
    /// <param name="memory">A vector a pixel, to use until <see cref="End"/>.</param>
    TSelf At(long image, int row, int block, uint* memory);

    /// <summary>Takes the sums of a column.</summary>
    /// <param name="column">The pixel of the row.</param>
    /// <param name="dots">The sums of products.</param>
    /// <param name="first">Carried from pixel to pixel, from zero.</param>
    /// <param name="second">As well.</param>
    void Put(int column, TBits dots, ref TBits first, ref TBits second);

    /// <summary>Takes what was carried.</summary>
    void End(TBits first, TBits second);
}
