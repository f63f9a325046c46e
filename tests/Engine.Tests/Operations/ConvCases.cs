using System.Globalization;
using ReSTE.Native.Operations;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>Awkward convolutions, named N x H x W x I -> O, kernel, stride, padding.</summary>
internal static class ConvCases
{
    private static readonly string[] Names =
    [
        "1x1x1x1 1 1 1 0", "1x1x1x33 5 3 1 1", "1x2x1x16 3 3 2 1", "1x1x7x3 2 3 1 1", "2x3x5x3 16 3 1 1", "3x5x3x16 15 3 1 1",
        "1x7x9x15 17 3 2 1", "1x8x8x17 31 3 2 1", "17x2x3x31 33 3 1 1", "2x5x7x32 32 3 1 1", "1x9x7x33 63 3 2 1", "1x3x8x63 64 3 1 1",
        "2x2x2x64 65 3 1 1", "1x5x5x65 33 3 1 0", "1x3x3x127 16 3 1 1", "1x3x3x130 127 1 1 0", "2x5x9x130 17 3 2 1", "2x7x5x3 1 5 1 0",
        "1x9x9x16 16 5 2 2", "3x9x8x16 48 1 2 0", "1x3x17x20 16 3 1 1", "1x4x40x8 20 3 1 1", "2x4x3x5 7 3 1 2", "1x8x7x6 9 3 3 1",
        "1x5x6x12 10 2 2 0", "1x3x3x300 4 3 1 1", "17x1x1x1 1 3 2 1", "2x8x8x64 1 3 2 1", "1x15x64x5 9 3 2 1", "1x9x8x3 10 7 2 3",
        "1x3x130x1 1 3 1 1", "1x19x18x2 3 17 1 8", "1x3x3x512 65 3 1 1", "1x4x4x257 130 3 2 1", "1x17x15x3 64 7 2 3",
        "3x9x21x16 16 3 1 1", "2x10x7x16 32 3 2 1", "1x5x9x48 80 3 1 1", "9x4x4x64 32 3 1 1", "1x12x17x72 48 3 2 1", "1x6x5x8 16 5 1 2",
        "2x7x7x24 48 1 2 0", "1x7x9x40 128 3 2 1", "1x5x6x128 64 3 1 0",
        "3x13x21x3 16 3 1 1", "2x11x10x3 48 3 2 1", "9x4x3x3 32 3 1 0",
        // Several bands of rows, several images of a slice at once, and rows of six, of five and of four pixels.
        "1x40x64x32 5 3 1 1", "1x80x33x33 3 3 2 1", "33x4x4x9 17 3 1 1", "35x5x6x8 20 1 1 0", "2x8x6x8 40 3 1 1", "34x3x4x16 80 1 1 0",
        "1x1x1x8 8 3 1 1", "1x5x6x8 24 2 2 0", "1x8x7x8 40 3 3 1", "3x2x2x16 8 1 3 0", "1x9x8x8 16 7 2 3",
    ];

    /// <summary>All of them.</summary>
    public static TheoryData<string> All => [.. Names];

    /// <summary>Those whose channels are multiples of eight on both sides, as tensor cores want them for reals.</summary>
    public static TheoryData<string> OfEights =>
        [.. Names.Where(name => Parse(name) is { I: var i, O: var o } && i % 8 == 0 && o % 8 == 0)];

    /// <summary>Small enough for the reference's gradient against differences.</summary>
    public static TheoryData<string> Small =>
        ["1x3x4x2 3 3 1 1", "2x5x3x3 2 3 2 1", "1x4x4x2 2 1 2 0", "1x5x5x1 2 5 1 2", "1x4x5x2 3 3 1 0"];

    public static ConvGeometry Parse(string name)
    {
        int[] n = [.. name.Split('x', ' ').Select(part => int.Parse(part, CultureInfo.InvariantCulture))];
        return new ConvGeometry(n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7]);
    }

    /// <summary>Products in one output value, at most.</summary>
    public static long Products(in ConvGeometry g) => (long)g.K * g.K * g.I;

    /// <summary>Products in one input gradient, at most.</summary>
    public static long InputProducts(in ConvGeometry g) => (long)g.K * g.K * g.O;

    /// <summary>Products in one weight gradient, at most.</summary>
    public static long WeightProducts(in ConvGeometry g) => (long)g.N * g.OH * g.OW;
}
