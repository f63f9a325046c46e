using System.Runtime.CompilerServices;
using ReSTE.Native.Randomness;

namespace ReSTE.Native.Data.Shapes;

/// <summary>A part of the built-in set; the value is its random stream, so the parts share no word.</summary>
internal enum ShapesPart : uint
{
    Train = 1,
    Test = 2,
}

/// <summary>The random words of one image, in order: block b of image i is Philox's block at counter (i, purpose, b, part).</summary>
internal struct ShapesRandom(ShapesPart part, int index, ShapesRandom.Purpose purpose)
{
    // "shapes" in ASCII: apart from every seed a person is likely to give, and no part of a run's own randomness.
    private const uint KeyX = 0x73686170, KeyY = 0x65730000;
    private (uint X, uint Y, uint Z, uint W) _block;
    private uint _taken;

    /// <summary>What the words are for; each purpose has its own run of words.</summary>
    public enum Purpose : uint
    {
        Scene = 1,
        Noise = 2,
        Order = 3,
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Word()
    {
        uint lane = _taken & 3;
        if (lane == 0)
            _block = Philox.Block(((uint)index, (uint)purpose, _taken >> 2, (uint)part), (KeyX, KeyY));
        _taken++;
        return lane switch { 0 => _block.X, 1 => _block.Y, 2 => _block.Z, _ => _block.W };
    }

    public double Between(double low, double high) => low + (high - low) * Philox.Unit(Word());

    public int Below(int bound) => Philox.Below(Word(), bound);
}
