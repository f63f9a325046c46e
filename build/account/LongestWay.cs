namespace ReSTE.Native.Account;

/// <summary>The longest way through code once, from a loop's beginning to its end or from a kernel's to its exit.</summary>
internal static class LongestWay
{
    /// <summary>
    /// The instructions on it. Loops inside are passed once; a block that calls, the slow path of a division, is passed by where it can be.
    /// </summary>
    /// <param name="graph">The kernel.</param>
    /// <param name="loop">The loop, or null for the whole kernel.</param>
    public static List<Instruction> Through(FlowGraph graph, CodeLoop? loop) =>
        Through(graph, loop, calls: false) ?? Through(graph, loop, calls: true)!;

    private static List<Instruction>? Through(FlowGraph graph, CodeLoop? loop, bool calls)
    {
        int header = loop?.Header ?? graph.Order[0], best = -1;
        IReadOnlySet<int> blocks = loop?.Blocks ?? graph.Order.ToHashSet();
        var length = new Dictionary<int, int>();
        var before = new Dictionary<int, int>();
        foreach (int block in graph.Order.Where(block => blocks.Contains(block) && (calls || !graph.Calls(block))))
        {
            if (block != header && !before.ContainsKey(block))
                continue;
            length[block] = graph.Instructions(block).Count + (block == header ? 0 : length[before[block]]);
            foreach (int next in graph.Successors[block].Where(next => graph.Precedes(block, next) && blocks.Contains(next)))
                if (!before.TryGetValue(next, out int other) || length[other] < length[block])
                    before[next] = block;
            bool ends = loop == null ? graph.Leaves(block) : graph.Successors[block].Contains(header);
            if (ends && (best < 0 || length[block] > length[best]))
                best = block;
        }
        return best < 0 ? null : Collect(graph, header, best, before);
    }

    private static List<Instruction> Collect(FlowGraph graph, int header, int last, Dictionary<int, int> before)
    {
        var way = new Stack<int>();
        for (int block = last; ; block = before[block])
        {
            way.Push(block);
            if (block == header)
                return [.. way.SelectMany(on => graph.Instructions(on))];
        }
    }
}
