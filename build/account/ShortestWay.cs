namespace ReSTE.Native.Account;

/// <summary>What a warp runs at least besides a loop: the shortest way from the kernel's beginning to it, and on to an exit.</summary>
internal static class ShortestWay
{
    /// <summary>The instructions on it, passing by other loops and calls where it can. Empty where no way leads on from the loop.</summary>
    public static List<Instruction> Around(FlowGraph graph, CodeLoop loop)
    {
        int first = graph.Order[0];
        List<int> to = loop.Blocks.Contains(first) ? []
            : Find(graph, [first], loop, block => graph.Successors[block].Contains(loop.Header));
        int[] after = [.. loop.Blocks.SelectMany(block => graph.Successors[block]).Where(block => !loop.Blocks.Contains(block)).Distinct()];
        return [.. to.Concat(Find(graph, after, loop, graph.Leaves)).SelectMany(block => graph.Instructions(block))];
    }

    // Dijkstra, a block's length being its instructions.
    private static List<int> Find(FlowGraph graph, int[] starts, CodeLoop loop, Predicate<int> ends)
    {
        var before = new Dictionary<int, int>();
        var open = new PriorityQueue<(int Block, int From), int>();
        foreach (int start in starts)
            open.Enqueue((start, -1), Length(graph, start));
        while (open.TryDequeue(out var step, out int length))
        {
            if (!before.TryAdd(step.Block, step.From))
                continue;
            if (ends(step.Block))
                return Collect(before, step.Block);
            foreach (int next in graph.Successors[step.Block].Where(next => !loop.Blocks.Contains(next) && !before.ContainsKey(next)))
                open.Enqueue((next, step.Block), length + Length(graph, next));
        }
        return [];
    }

    // A call is longer than anything else: what it leads to is not counted.
    private static int Length(FlowGraph graph, int block) =>
        graph.Instructions(block).Count + (graph.Calls(block) ? 1 << 20 : 0);

    private static List<int> Collect(Dictionary<int, int> before, int last)
    {
        var way = new List<int>();
        for (int block = last; block >= 0; block = before[block])
            way.Insert(0, block);
        return way;
    }
}
