namespace ReSTE.Native.Account;

/// <summary>
/// The instructions of a kernel that count: once around its busiest loop, and what a warp runs at least besides; or where it has no loop
/// once through all of it.
/// </summary>
internal sealed record KernelCode(InstructionMix Mix, InstructionMix Besides, bool HasLoop)
{
    /// <summary>Reads a kernel.</summary>
    /// <param name="code">Its disassembly.</param>
    /// <param name="multiplies">
    /// Whether its launches are recorded with multiply-adds: then the loop with the most of them is taken, otherwise the one that moves the
    /// most of device memory. A loop with matrix instructions goes before either. What a loop inside does is not the loop's own.
    /// </param>
    public static KernelCode Of(Disassembly code, bool multiplies)
    {
        var graph = new FlowGraph(code);
        List<int> fences = [.. graph.Order.Where(block => graph.Instructions(block).Any(i => i.Name == "MEMBAR"))];
        CodeLoop? best = CodeLoop.Find(graph).Where(loop => !OfLastBlock(graph, loop, fences))
            .Select(loop => (Loop: loop, Own: Own(graph, loop)))
            .OrderByDescending(loop => loop.Own.Matrix.Count)
            .ThenByDescending(loop => multiplies ? loop.Own.Multiplications + loop.Own[InstructionKind.Popcount] : 0)
            .ThenByDescending(loop => loop.Own.GlobalBytes).ThenByDescending(loop => loop.Own.Count)
            .Select(loop => loop.Loop).FirstOrDefault();
        return new(new(LongestWay.Through(graph, best)), new(best == null ? [] : ShortestWay.Around(graph, best)), best != null);
    }

    private static InstructionMix Own(FlowGraph graph, CodeLoop loop) => new(
        [.. loop.Blocks.Where(block => !loop.Inner.Any(inner => inner.Blocks.Contains(block)))
            .SelectMany(block => graph.Instructions(block))]);

    // A block makes its sums visible to the others by a fence before it draws the ticket that tells it whether it is the last: a loop that
    // only comes after a fence is run by one block.
    private static bool OfLastBlock(FlowGraph graph, CodeLoop loop, List<int> fences) =>
        fences.Any(fence => !loop.Blocks.Contains(fence) && graph.Dominates(fence, loop.Header));
}
