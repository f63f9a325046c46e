using ReSTE.Native.Randomness;

namespace ReSTE.Native.Engine.Tests.Randomness;

public sealed class PhiloxTests
{
    // The known answers for philox4x32-10 that Random123, the authors' library, ships as kat_vectors.
    [Fact]
    public void Gives_the_known_answer_for_zero() =>
        Assert.Equal((0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u), Philox.Block((0, 0, 0, 0), (0, 0)));

    [Fact]
    public void Gives_the_known_answer_for_all_ones() =>
        Assert.Equal((0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu),
            Philox.Block((uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue), (uint.MaxValue, uint.MaxValue)));

    [Fact]
    public void Gives_the_known_answer_for_the_digits_of_pi() =>
        Assert.Equal((0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u),
            Philox.Block((0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344), (0xa4093822, 0x299f31d0)));

    [Fact]
    public void The_training_form_places_seed_stream_epoch_and_index()
    {
        var expected = Philox.Block((0x9ABCDEF0, 0x12345678, 7, (uint)RandomStream.Permutation), (0x89ABCDEF, 0x01234567));
        Assert.Equal(expected, Philox.Block(0x0123456789ABCDEF, RandomStream.Permutation, 7, 0x123456789ABCDEF0));
    }

    [Theory]
    [InlineData(0u, 10, 0)]
    [InlineData(uint.MaxValue, 10, 9)]
    [InlineData(0x80000000u, 9, 4)]
    [InlineData(uint.MaxValue, int.MaxValue, int.MaxValue - 1)]
    [InlineData(uint.MaxValue, 1, 0)]
    public void Below_stays_below(uint word, int bound, int expected) => Assert.Equal(expected, Philox.Below(word, bound));

    [Fact]
    public void Unit_is_never_zero_and_never_one()
    {
        Assert.InRange(Philox.Unit(0), double.Epsilon, 1e-9);
        Assert.InRange(Philox.Unit(uint.MaxValue), 1 - 1e-9, Math.BitDecrement(1.0));
    }
}
