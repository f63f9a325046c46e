using ReSTE.Native.Devices.Cuda;

namespace ReSTE.Native.Engine.Tests.Cuda;

/// <summary>How units share the blocks of a launch. Needs no device.</summary>
public sealed class UnitShareTests
{
    private const uint Enough = 264;

    // ResNet-20 at batch 256: six layers of 32 channels, one of 32 to 64, five of 64.
    [Fact]
    public void The_layers_of_a_network_fill_a_gpu_once()
    {
        UnitShare[] shares = UnitShare.Of(
        [
            .. Enumerable.Repeat(Unit(512, 1, 1), 6), Unit(128, 1, 2), .. Enumerable.Repeat(Unit(128, 2, 2), 5),
        ]);
        Assert.Equal(Enough, Blocks(shares));
        Assert.Equal([.. Enumerable.Repeat(22u, 6), .. Enumerable.Repeat(6u, 6)], shares.Select(s => s.Slices.Count));
        // All blocks have 24 tiles or 22: with as many for each it were 22.3.
        Assert.All(shares, share => Assert.InRange(share.Slices.Rows, 22u, 24u));
    }

    [Fact]
    public void Few_tiles_have_a_block_each()
    {
        UnitShare[] shares = UnitShare.Of([Unit(3, 1, 2), Unit(1, 4, 4), Unit(7, 1, 1)]);
        Assert.Equal([3u, 1, 7], shares.Select(s => s.Slices.Count));
    }

    [Fact]
    public void A_unit_has_one_slice_at_least()
    {
        UnitShare[] shares = UnitShare.Of([Unit(32, 16, 16), Unit(32, 16, 16), Unit(5, 1, 1)]);
        Assert.All(shares, share => Assert.Equal(1u, share.Slices.Count));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Slices_cover_every_tile_and_none_is_empty(int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < 200; round++)
        {
            UnitShare[] units = [.. Enumerable.Range(0, random.Next(1, 16)).Select(_ =>
                Unit((uint)random.Next(1, random.Next(2, 700)), (uint)random.Next(1, 4), (uint)random.Next(1, 5)))];
            UnitShare[] shares = UnitShare.Of(units);
            Assert.All(shares, s =>
            {
                Assert.True(s.Slices.Count * s.Slices.Rows >= s.Tiles, $"seed {seed}, round {round}: {s} leaves tiles out");
                Assert.True((s.Slices.Count - 1) * s.Slices.Rows < s.Tiles, $"seed {seed}, round {round}: {s} has an empty slice");
            });
            Assert.True(Blocks(shares) <= Enough || shares.All(s => s.Slices.Count == 1), $"seed {seed}, round {round}");
        }
    }

    private static UnitShare Unit(uint tiles, uint across, uint down) => new(default, tiles, across, down, default);

    private static long Blocks(UnitShare[] shares) => shares.Sum(share => (long)share.Slices.Count * share.Blocks);
}
