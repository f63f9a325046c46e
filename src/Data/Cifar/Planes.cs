using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ReSTE.Native.Data.Cifar;

/// <summary>
/// Turns planes of red, green and blue into pixels. A set is turned twice while a run starts, for its sum and for the device; sixteen
/// pixels at once, optimised on the first call, make that a tenth of the work.
/// </summary>
internal static class Planes
{
    private const byte No = 255; // a place that another plane fills

    /// <summary>Writes [height, width, 3] from [3, height, width].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Interleave(ReadOnlySpan<byte> planes, Span<byte> pixels)
    {
        const int Length = CifarBatch.Plane;
        for (int i = 0; i < Length; i += Vector128<byte>.Count)
        {
            var red = Vector128.Create(planes[i..]);
            var green = Vector128.Create(planes[(Length + i)..]);
            var blue = Vector128.Create(planes[(2 * Length + i)..]);
            int to = CifarBatch.Channels * i;
            (Vector128.Shuffle(red, Vector128.Create(0, No, No, 1, No, No, 2, No, No, 3, No, No, 4, No, No, 5))
                | Vector128.Shuffle(green, Vector128.Create(No, 0, No, No, 1, No, No, 2, No, No, 3, No, No, 4, No, No))
                | Vector128.Shuffle(blue, Vector128.Create(No, No, 0, No, No, 1, No, No, 2, No, No, 3, No, No, 4, No)))
                .CopyTo(pixels[to..]);
            (Vector128.Shuffle(red, Vector128.Create(No, No, 6, No, No, 7, No, No, 8, No, No, 9, No, No, 10, No))
                | Vector128.Shuffle(green, Vector128.Create(5, No, No, 6, No, No, 7, No, No, 8, No, No, 9, No, No, 10))
                | Vector128.Shuffle(blue, Vector128.Create(No, 5, No, No, 6, No, No, 7, No, No, 8, No, No, 9, No, No)))
                .CopyTo(pixels[(to + 16)..]);
            (Vector128.Shuffle(red, Vector128.Create(No, 11, No, No, 12, No, No, 13, No, No, 14, No, No, 15, No, No))
                | Vector128.Shuffle(green, Vector128.Create(No, No, 11, No, No, 12, No, No, 13, No, No, 14, No, No, 15, No))
                | Vector128.Shuffle(blue, Vector128.Create(10, No, No, 11, No, No, 12, No, No, 13, No, No, 14, No, No, 15)))
                .CopyTo(pixels[(to + 32)..]);
        }
    }
}
