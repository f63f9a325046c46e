using ReSTE.Native.Account;

namespace ReSTE.Native.Package.Tests.Account;

/// <summary>From disassembly to loops, and to the instructions of the one that counts.</summary>
public sealed class LoopTests
{
    [Fact]
    public void Every_kernel_of_an_image_is_read_with_its_instructions()
    {
        List<Disassembly> all = Disassembly.Read(File.ReadLines(AccountSample.Path));
        Assert.Equal([("product", 31), ("sums", 18), ("slopes", 10)], all.Select(kernel => (kernel.Kernel, kernel.Instructions.Count)));
        Instruction exit = all[0].Instructions[2];
        Assert.Equal((0x20, "EXIT", true), (exit.Address, exit.Opcode, exit.Predicated));
    }

    [Fact]
    public void A_loop_inside_another_is_found_and_a_slow_path_after_the_end_is_no_loop()
    {
        Disassembly code = AccountSample.Kernel("product");
        List<CodeLoop> loops = CodeLoop.Find(new FlowGraph(code));
        Assert.Equal(2, loops.Count);
        Assert.Empty(loops[0].Inner);
        Assert.Equal([loops[0]], loops[1].Inner);
        Assert.True(loops[0].Blocks.IsSubsetOf(loops[1].Blocks));
    }

    [Fact]
    public void Code_that_only_calls_and_padding_lead_to_is_left_out()
    {
        var graph = new FlowGraph(AccountSample.Kernel("product"));
        string[] reached = [.. graph.Order.SelectMany(block => graph.Instructions(block)).Select(i => i.Name)];
        Assert.DoesNotContain("FFMA", reached);
        Assert.DoesNotContain("NOP", reached);
        Assert.Contains("CALL", reached);
    }

    [Fact]
    public void The_inner_loop_counts_with_its_longer_arm_and_without_its_slow_path()
    {
        KernelCode code = KernelCode.Of(AccountSample.Kernel("product"), multiplies: true);
        Assert.True(code.HasLoop);
        Assert.Equal(2, code.Mix[InstructionKind.Matrix]);
        Assert.Equal(1, code.Mix[InstructionKind.Multiply]);
        Assert.Equal(3, code.Mix[InstructionKind.Integer]); // LOP3, the arm's PRMT, FCHK
        Assert.Equal(0, code.Mix[InstructionKind.Float]);   // the slow path's FMUL
        Assert.Equal(4, code.Mix[InstructionKind.Other]);   // branches
        Assert.Equal(11, code.Mix.Count);
        Assert.Equal((0, 16), (code.Mix.GlobalBytes, code.Mix.SharedBytes));
    }

    [Fact]
    public void What_a_warp_runs_besides_is_the_shortest_way_to_the_loop_and_from_it()
    {
        var graph = new FlowGraph(AccountSample.Kernel("product"));
        Assert.Equal(["LDC", "ISETP", "EXIT", "LDG", "STS", "BAR", "FADD", "BRA", "STG", "EXIT"],
            ShortestWay.Around(graph, CodeLoop.Find(graph)[0]).Select(i => i.Name));
        Assert.Equal(["S2R", "UMOV", "MEMBAR", "EXIT"], Besides("sums"));
        Assert.Equal(0, KernelCode.Of(AccountSample.Kernel("slopes"), multiplies: false).Besides.Count);
    }

    [Fact]
    public void A_loop_that_only_the_last_block_runs_does_not_count_though_it_moves_more()
    {
        KernelCode code = KernelCode.Of(AccountSample.Kernel("sums"), multiplies: false);
        Assert.Equal(8 + 2, code.Mix.GlobalBytes);
        Assert.Equal(1, code.Mix[InstructionKind.Shuffle]); // the loop inside, once
        Assert.Equal(2, code.Mix[InstructionKind.Convert]);
    }

    [Fact]
    public void Without_a_loop_the_whole_kernel_counts_by_its_longest_arm()
    {
        KernelCode code = KernelCode.Of(AccountSample.Kernel("slopes"), multiplies: false);
        Assert.False(code.HasLoop);
        Assert.Equal(["LDG", "EXIT", "BRX", "MUFU", "FMUL", "FMUL", "STG", "EXIT"], Names(AccountSample.Kernel("slopes")));
        Assert.Equal(8, code.Mix.Count);
    }

    [Fact]
    public void A_loop_of_one_block_and_one_with_two_ways_back_are_one_loop_each()
    {
        string[] lines =
        [
            ".text.k:", "/*0000*/ MOV R1, R2 ;", ".L_x_1:", "/*0010*/ FADD R1, R1, R2 ;", "/*0020*/ @P0 BRA `(.L_x_1) ;",
            "/*0030*/ FMUL R1, R1, R2 ;", "/*0040*/ @P1 BRA `(.L_x_1) ;", ".L_x_2:", "/*0050*/ @P2 BRA `(.L_x_2) ;", "/*0060*/ EXIT ;",
        ];
        List<CodeLoop> loops = CodeLoop.Find(new FlowGraph(Disassembly.Read(lines).Single()));
        Assert.Equal([1, 2], loops.Select(loop => loop.Blocks.Count).Order());
        Assert.All(loops, loop => Assert.Empty(loop.Inner));
    }

    private static IEnumerable<string> Besides(string kernel)
    {
        var graph = new FlowGraph(AccountSample.Kernel(kernel));
        CodeLoop loop = CodeLoop.Find(graph).Single(loop => loop.Inner.Count > 0);
        return ShortestWay.Around(graph, loop).Select(i => i.Name);
    }

    private static IEnumerable<string> Names(Disassembly code) => LongestWay.Through(new FlowGraph(code), null).Select(i => i.Name);
}
