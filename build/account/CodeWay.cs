namespace ReSTE.Native.Account;

/// <summary>The longest way through code once, from a loop's beginning to its end or from a kernel's to its exit.</summary>
internal static class CodeWay
{
    /// <summary>
    /// The instructions on it. Loops inside are passed once; a block that calls, the slow path of a division, is passed by where it can be.
    /// </summary>
    /// <param name="graph">The kernel.</param>
    /// <param name="loop">The loop, or null for the whole kernel.</param>
    public static List<Instruction> Longest(FlowGraph graph, CodeLoop? loop) =>
        Longest(graph, loop, calls: false) ?? Longest(graph, loop, calls: true)!;

    private static List<Instruction>? Longest(FlowGraph graph, CodeLoop? loop, bool calls)
    {
        int header = loop?.Header ?? graph.Order[0];
        IReadOnlySet<int> blocks = loop?.Blocks ?? graph.Order.ToHashSet();
        var length = new Dictionary<int, int>();
        var before = new Dictionary<int, int>();
        int best = -1;
        foreach (int block in graph.Order.Where(blocks.Contains))
        {
            bool open = calls || !graph.Instructions(block).Any(i => i.Name == "CALL");
            if (!open || (block != header && !before.ContainsKey(block)))
                continue;
            int own = graph.Instructions(block).Count;
            length[block] = own + (block == header ? 0 : length[before[block]]);
            foreach (int next in graph.Successors[block].Where(next => graph.Precedes(block, next) && blocks.Contains(next)))
                if (!before.TryGetValue(next, out int other) || length[other] < length[block])
                    before[next] = block;
            bool ends = loop == null ? graph.Successors[block].Count == 0 || Exits(graph, block) : graph.Successors[block].Contains(header);
            if (ends && (best < 0 || length[block] > length[best]))
                best = block;
        }
        return best < 0 ? null : Collect(graph, header, best, before);
    }

    private static bool Exits(FlowGraph graph, int block) => graph.Instructions(block).Last().Name == "EXIT";

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
