using ReSTE.Native.Account;

namespace ReSTE.Native.Package.Tests.Account;

/// <summary>What is reckoned for a launch: its floor, how often a loop runs in it, and the time for that.</summary>
public sealed class LaunchTests
{
    private static readonly Launch s_moves = new("k", "l", 264, 100, 4.3e6, 0, 0, 0);

    [Fact]
    public void The_floor_is_the_larger_of_memory_and_products()
    {
        Assert.Equal(1, Hopper.Floor(s_moves), 1e-9);
        Assert.Equal(2, Hopper.Floor(s_moves with { Sign = 390e6 }), 1e-9);
        Assert.Equal(3, Hopper.Floor(s_moves with { Real = 390e6 }), 1e-9);
        Assert.Equal(4, Hopper.Floor(s_moves with { Bits = 18.4e9 }), 1e-9);
    }

    [Fact]
    public void A_warp_that_is_not_full_counts_as_one() => Assert.Equal(264 * 4, s_moves.Warps);

    [Fact]
    public void Matrix_instructions_say_how_often_a_loop_runs()
    {
        Assert.Equal(2 * 4096e3 / 4096, Trips.Of(s_moves with { Sign = 4096e3 }, Loop("HMMA.16816.F32.BF16", "HMMA.16816.F32.BF16")));
        Assert.Equal(65536e3 / 32768, Trips.Of(s_moves with { Bits = 65536e3 }, Loop("BMMA.168256.AND.POPC", "POPC")));
    }

    [Theory]
    [InlineData("conv_input_grad_mma64", 3)]
    [InlineData("conv_weight_grad_mma64", 3)]
    [InlineData("conv_mma64", 6)]
    [InlineData("sign_conv_mma32", 6)]
    public void Forward_a_real_has_three_parts(string kernel, int products) => Assert.Equal(products * 1000,
        Trips.Of(s_moves with { Kernel = kernel, Real = 4096e3 }, Loop("HMMA.16816.F32.BF16", "HMMA.16816.F32.BF16")));

    [Fact]
    public void Without_them_multiply_adds_do_and_else_bytes()
    {
        Assert.Equal(6400 / 64, Trips.Of(s_moves with { Real = 6400 }, Loop("FFMA", "FFMA", "FADD")));
        Assert.Equal(2048 / 1024, Trips.Of(s_moves with { Bits = 2048 }, Loop("POPC", "IADD3")));
        Assert.Equal(4.3e6 / (24 * 32), Trips.Of(s_moves, Loop("LDG.E.128", "STG.E.64", "FFMA")));
    }

    [Fact]
    public void Where_nothing_recorded_says_it_nothing_is_invented()
    {
        Assert.Null(Trips.Of(s_moves, Loop("LDS", "FADD")));
        Assert.Null(Trips.Of(s_moves with { Bytes = 0 }, Loop("LDG.E", "FADD")));
    }

    [Fact]
    public void A_kernel_without_a_loop_runs_once_in_every_warp() =>
        Assert.Equal(264 * 4, Trips.Of(s_moves, new(AccountSample.Mix("LDG.E", "EXIT"), AccountSample.Mix(), HasLoop: false)));

    [Theory]
    [InlineData(1, 1)] // one multiprocessor does it all
    [InlineData(132, 1)]
    [InlineData(133, 2)] // one has two blocks
    [InlineData(264, 2)]
    public void The_multiprocessor_with_the_most_blocks_decides(long blocks, double most)
    {
        KernelCode code = Loop("NOP", "NOP", "NOP", "NOP"); // a clock
        Assert.Equal(most * 1000 / 1980, Hopper.Times(s_moves with { Blocks = blocks }, code, trips: 1000 * blocks).Max(), 1e-9);
    }

    [Fact]
    public void What_a_warp_runs_besides_the_loop_is_added_limit_by_limit()
    {
        var code = new KernelCode(AccountSample.Mix("POPC"), AccountSample.Mix("POPC", "NOP", "NOP", "NOP"), HasLoop: true);
        double[] times = Hopper.Times(s_moves with { Blocks = 132, Threads = 32 }, code, trips: 1320);
        Assert.Equal((10 * 0.25 + 1) / 1980, times[InstructionMix.Limits.ToList().IndexOf("issue")], 1e-9);
        Assert.Equal((10 * 2 + 2) / 1980.0, times[InstructionMix.Limits.ToList().IndexOf("convert")], 1e-9);
    }

    [Theory]
    [InlineData(32, 0, 256, 8)] // 2048 threads
    [InlineData(117, 10248, 128, 4)] // 15,360 registers a block
    [InlineData(24, 60000, 64, 3)] // shared memory
    [InlineData(16, 0, 32, 32)] // blocks
    public void Blocks_that_fit_at_once(int registers, int shared, int threads, int blocks) =>
        Assert.Equal(blocks, new Resources(registers, shared).BlocksAtOnce(threads));

    [Fact]
    public void Words_of_ptxas_are_read()
    {
        Dictionary<string, Resources> found = Resources.Read("""
            ptxas info    : Compiling entry function 'one' for 'sm_90a'
            ptxas info    : Function properties for one
                0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
            ptxas info    : Used 117 registers, 1 barriers, 10248 bytes smem, 400 bytes cmem[0]
            ptxas info    : Compiling entry function 'two' for 'sm_90a'
            ptxas info    : Function properties for two
                0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
            ptxas info    : Used 8 registers
            """);
        Assert.Equal(new Resources(117, 10248), found["one"]);
        Assert.Equal(new Resources(8, 0), found["two"]);
    }

    private static KernelCode Loop(params string[] opcodes) => new(AccountSample.Mix(opcodes), AccountSample.Mix(), HasLoop: true);
}
