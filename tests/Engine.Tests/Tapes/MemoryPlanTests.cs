using ReSTE.Native.Devices;
using ReSTE.Native.Devices.Reference;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Tapes;

public sealed class MemoryPlanTests
{
    private sealed record Life(Tensor Tensor, int First, int Last)
    {
        public long Start => Tensor.Address;

        public long End => Start + Tensor.Bytes;

        public bool Meets(Life other) => First <= other.Last && other.First <= Last;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Tensors_alive_at_the_same_time_never_overlap(int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < 50; round++)
        {
            using var device = new ReferenceDevice();
            using var slab = new Slab(device);
            Life[] lives = Plan(device, slab, random);
            string where = $"seed {seed}, round {round}";
            for (int i = 0; i < lives.Length; i++)
            {
                Assert.True(lives[i].Start % Slab.Alignment == 0, $"{where}: {lives[i]} is not aligned");
                for (int j = 0; j < i; j++)
                    Assert.False(lives[i].Meets(lives[j]) && lives[i].Start < lives[j].End && lives[j].Start < lives[i].End,
                        $"{where}: {lives[i]} and {lives[j]} overlap");
            }

            long whole = lives.Sum(l => Slab.Align(l.Tensor.Bytes));
            long peak = Enumerable.Range(0, 40)
                .Max(t => lives.Where(l => l.First <= t && t <= l.Last).Sum(l => Slab.Align(l.Tensor.Bytes)));
            Assert.InRange(slab.Bytes, peak, whole);
        }
    }

    [Fact]
    public void Memory_is_used_again()
    {
        using var device = new ReferenceDevice();
        using var slab = new Slab(device);
        var plan = new MemoryPlan();
        Tensor[] chain = [.. Enumerable.Range(0, 10).Select(i => device.NewTensor($"t{i}", new Shape(100)))];
        for (int i = 0; i < chain.Length; i++)
        {
            plan.Touch(chain[i], i);
            plan.Touch(chain[i], i + 1);
        }

        plan.Place(slab);
        Assert.Equal(2 * Slab.Align(800), slab.Bytes);
    }

    [Fact]
    public void Touches_may_come_in_any_order()
    {
        using var device = new ReferenceDevice();
        using var slab = new Slab(device);
        var plan = new MemoryPlan();
        Tensor a = device.NewTensor("a", new Shape(8)), b = device.NewTensor("b", new Shape(8));
        plan.Touch(a, 9);
        plan.Touch(b, 5);
        plan.Touch(a, 1);
        plan.Place(slab);
        slab.Commit();
        Assert.NotEqual(a.Address, b.Address);
    }

    private static Life[] Plan(ReferenceDevice device, Slab slab, Random random)
    {
        var plan = new MemoryPlan();
        var lives = new Life[random.Next(1, 40)];
        for (int i = 0; i < lives.Length; i++)
        {
            Tensor tensor = device.NewTensor($"t{i}", new Shape(random.Next(1, random.Next(2, 500))), ElementType.Float32);
            int first = random.Next(30), last = first + random.Next(random.Next(1, 10));
            plan.Touch(tensor, last);
            plan.Touch(tensor, random.Next(first, last + 1));
            plan.Touch(tensor, first);
            lives[i] = new Life(tensor, first, last);
        }

        plan.Place(slab);
        slab.Commit();
        return lives;
    }
}
